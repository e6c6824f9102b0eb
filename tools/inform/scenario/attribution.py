"""What each lever does, when several act at once: exact Shapley values, so that no saving is counted twice."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from functools import cache
from itertools import combinations
from math import factorial

SCALE = 12
"""Decimals of what is told."""


def shapley(names: Sequence[str], value: Callable[[frozenset[str]], Fraction]) -> Mapping[str, Fraction]:
    """Each name's part of value(all) − value(none): its mean effect over all orders in which the levers can come.

    Exact; the parts sum to the difference. Source: Shapley, A value for n-person games (1953).
    """
    known = cache(value)
    count = len(names)
    parts = {}
    for name in names:
        others = [other for other in names if other != name]
        part = Fraction(0)
        for size in range(count):
            weight = Fraction(factorial(size) * factorial(count - size - 1), factorial(count))
            for chosen in combinations(others, size):
                without = frozenset(chosen)
                part += weight * (known(without | {name}) - known(without))
        parts[name] = part
    return parts


def told(whole: Fraction, parts: Sequence[Fraction]) -> tuple[Decimal, tuple[Decimal, ...]]:
    """A whole and its parts with SCALE decimals; the parts sum to the whole (largest remainders are rounded up)."""
    units = [part * 10**SCALE for part in parts]
    floors = [unit.numerator // unit.denominator for unit in units]
    total = _rounded(whole)
    missing = total - sum(floors)
    by_rest = sorted(range(len(parts)), key=lambda index: (floors[index] - units[index], index))
    for index in by_rest[:missing]:
        floors[index] += 1
    return _decimal(total), tuple(_decimal(one) for one in floors)


def decimal_of(value: Fraction) -> Decimal:
    """A fraction with SCALE decimals, half away from zero upwards."""
    return _decimal(_rounded(value))


def _rounded(value: Fraction) -> int:
    doubled = value * (2 * 10**SCALE) + 1
    return int(doubled.numerator // (2 * doubled.denominator))


def _decimal(units: int) -> Decimal:
    return Decimal((int(units < 0), tuple(int(digit) for digit in str(abs(units))), -SCALE))
