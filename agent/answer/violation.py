"""What a check found wrong, worded so that a model can mend its draft."""

from dataclasses import dataclass
from typing import Literal

Rule = Literal[
    "character", "word", "spacing", "placeholder", "result", "name", "label", "period", "order", "alone", "empty",
    "text", "figure", "caveat", "status", "seal",
]  # fmt: skip


@dataclass(frozen=True)
class Violation:
    """`excerpt` is the statement or value in which the rule is broken."""

    rule: Rule
    reason: str
    excerpt: str = ""

    def __str__(self) -> str:
        return f"{self.reason} (in: {self.excerpt[:200]})" if self.excerpt else self.reason
