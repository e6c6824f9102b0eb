"""What a price applies to: a kind of token, or another meter such as web searches."""

from collections.abc import Iterator
from typing import NamedTuple

from tools.domain.focus import TOKEN_TYPES

INPUT_TYPES = frozenset({"input", "cached_input", "cache_write"})
OUTPUT_TYPES = frozenset({"output", "reasoning"})
PARENTS = {"cached_input": "input", "cache_write": "input", "reasoning": "output"}
LABELS = {
    "input": "Input Tokens",
    "cached_input": "Cache Read Input Tokens",
    "cache_write": "Cache Write Input Tokens",
    "output": "Output Tokens",
    "reasoning": "Reasoning Output Tokens",
}


class Meter(NamedTuple):
    """`kind` is a token type of the store, or another meter's name (`web_searches`).

    `modality`: text, audio, image, video or "" when the count mixes them or does not say. `variant`: a cache write's
    time to live (`5m`, `1h`), `tool` for input that a tool put in, `citation` for output that cites; else "".
    """

    kind: str
    modality: str = ""
    variant: str = ""

    @property
    def is_tokens(self) -> bool:
        return self.kind in TOKEN_TYPES

    @property
    def label(self) -> str:
        """SkuMeter: what an invoice would call it."""
        label = LABELS.get(self.kind) or self.kind.replace("_", " ").capitalize()
        label = f"{self.modality.capitalize()} {label}" if self.modality else label
        return f"{label} ({self.variant})" if self.variant else label

    def prices_to_try(self) -> Iterator["Meter"]:
        """The meters whose price applies, nearest first: its own, without variant or modality, then its whole.

        Cached and written input without a price of their own cost what input costs: never nothing.
        """
        kind: str | None = self.kind
        while kind:
            yield from dict.fromkeys(
                Meter(kind, modality, variant) for modality in (self.modality, "") for variant in (self.variant, "")
            )
            kind = PARENTS.get(kind)
