"""Exact sums of numbers that may be unknown."""

from collections.abc import Iterable
from decimal import Context, Decimal

_EXACT = Context(prec=90)
"""The store holds 38 digits; Python's default of 28 would round their sum."""


def exact_sum(values: Iterable[Decimal | None]) -> Decimal | None:
    """The sum of the known values; None when none is known."""
    known = [value for value in values if value is not None]
    total = Decimal(0)
    for value in known:
        total = _EXACT.add(total, value)
    return total if known else None
