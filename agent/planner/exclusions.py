"""What stands under "without", "except" or "not in"."""

from collections.abc import Sequence

from agent.planner.senses import Span

_LISTS = frozenset(["link", "filler", "prep", "dimension", "names", "fixed", "exclude", "metric"])


def excluded_spans(spans: Sequence[Span]) -> set[int]:
    """The positions of the spans that are left out: a list after the word, up to what is not part of it.

    "non" leaves out only the word that it is joined to: "non-production OpenAI cost" is OpenAI's.
    """
    under: set[int] = set()
    active = only_next = False
    for index, span in enumerate(spans):
        if span.kind == "exclude":
            active = True
            only_next = span.value == "word"
        elif active and span.kind in _LISTS:
            under.add(index)
            active = not only_next
        elif active:
            active = False
        if span.kind == "prep" and active and _had_object(spans, index):
            active = False
    return under


def _had_object(spans: Sequence[Span], index: int) -> bool:
    """Whether the exclusion before this preposition has its object: "without credits for team search"."""
    for span in reversed(spans[:index]):
        if span.kind in ("names", "fixed", "metric"):
            return True
        if span.kind == "exclude":
            return False
    return False
