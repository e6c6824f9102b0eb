"""Span: a quantity that is known within bounds."""

from decimal import Decimal
from typing import NamedTuple

from tools.semantic.numbers import EXACT, plain


class Span(NamedTuple):
    """From `low` to `high`, both inclusive; alike where there is no doubt."""

    low: Decimal
    high: Decimal

    @classmethod
    def of(cls, value: Decimal | int) -> "Span":
        return cls(Decimal(value), Decimal(value))

    def times(self, other: "Span | Decimal | int") -> "Span":
        """The product. Neither side is negative."""
        by = other if isinstance(other, Span) else Span.of(other)
        return Span(plain(EXACT.multiply(self.low, by.low)), plain(EXACT.multiply(self.high, by.high)))

    def plus(self, other: "Span") -> "Span":
        return Span(plain(EXACT.add(self.low, other.low)), plain(EXACT.add(self.high, other.high)))

    def over_all(self, other: "Span") -> "Span":
        """The span that holds both: of alternatives."""
        return Span(min(self.low, other.low), max(self.high, other.high))

    @property
    def is_exact(self) -> bool:
        return self.low == self.high
