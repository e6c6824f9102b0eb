"""Exact arithmetic on what the store returns: sums lose no digit, quotients keep 28."""

from collections.abc import Iterable
from decimal import Context, Decimal

EXACT = Context(prec=90)
QUOTIENT = Context(prec=28)


def exact(value: object) -> Decimal | None:
    """A number of the store without trailing zeros, or None. DECIMAL and integers only: no float holds money."""
    if value is None:
        return None
    if not isinstance(value, Decimal | int):
        raise TypeError(f"{value!r} is not an exact number")
    return plain(Decimal(value))


def plain(value: Decimal) -> Decimal:
    """The same value without trailing zeros and without an exponent."""
    normal = value.normalize(EXACT)
    exponent = normal.as_tuple().exponent
    return normal.quantize(Decimal(1), context=EXACT) if isinstance(exponent, int) and exponent > 0 else normal


def total(values: Iterable[Decimal | None]) -> Decimal | None:
    """The sum of what is known; None when nothing is."""
    known = [value for value in values if value is not None]
    if not known:
        return None
    result = Decimal(0)
    for value in known:
        result = EXACT.add(result, value)
    return plain(result)


def times(value: Decimal | None, factor: Decimal) -> Decimal | None:
    return None if value is None else plain(EXACT.multiply(value, factor))


def over(numerator: Decimal | None, denominator: Decimal | None, scale: int = 1) -> Decimal | None:
    """The quotient to 28 digits; None over nothing or zero."""
    if numerator is None or not denominator:
        return None
    return plain(QUOTIENT.divide(EXACT.multiply(numerator, Decimal(scale)), denominator))


def difference(later: Decimal | None, earlier: Decimal | None) -> Decimal | None:
    """later − earlier; None when either is unknown."""
    return None if later is None or earlier is None else plain(EXACT.subtract(later, earlier))
