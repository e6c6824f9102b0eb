"""Usage by line: how many tokens of each type went to a model of a provider at a service tier. Exact fractions."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Literal, NamedTuple

TokenType = Literal["input", "cached_input", "cache_write", "output", "reasoning"]
PROMPT: tuple[TokenType, ...] = ("input", "cached_input", "cache_write")
COMPLETION: tuple[TokenType, ...] = ("output", "reasoning")
TOKEN_TYPES: tuple[TokenType, ...] = (*PROMPT, *COMPLETION)


class Line(NamedTuple):
    """What has one price for each token type."""

    provider: str
    model: str
    tier: str


class Amounts(NamedTuple):
    """What went through a line. `requests` is 0 where nobody counted them."""

    requests: Fraction
    tokens: Mapping[TokenType, Fraction]

    def times(self, factor: Fraction) -> "Amounts":
        return Amounts(self.requests * factor, {kind: count * factor for kind, count in self.tokens.items()})

    def plus(self, other: "Amounts") -> "Amounts":
        kinds = {**self.tokens, **other.tokens}
        summed = {kind: self.tokens.get(kind, _NONE) + other.tokens.get(kind, _NONE) for kind in kinds}
        return Amounts(self.requests + other.requests, summed)

    def of(self, kinds: tuple[TokenType, ...]) -> Fraction:
        """Tokens of these types."""
        return sum((self.tokens.get(kind, _NONE) for kind in kinds), _NONE)


_NONE = Fraction(0)
Usage = Mapping[Line, Amounts]
"""All lines of a slice."""


def added(usage: Usage, line: Line, amounts: Amounts) -> Usage:
    """The usage with more on one line."""
    there = usage.get(line)
    return {**usage, line: there.plus(amounts) if there else amounts}
