"""How far a month may be from the scenario, when its weeks differ as much as the weeks before did."""

from collections.abc import Sequence
from fractions import Fraction
from math import isqrt

FEWEST_WEEKS = 4
NORMAL_80 = Fraction("1.2816")
"""80 % of a normal distribution lie within so many standard deviations."""
WEEKS_OF_MONTH = Fraction(30, 7)
_DIGITS = 12


def relative_margin(weeks: Sequence[Fraction], base_weeks: Fraction) -> Fraction | None:
    """Half the width of an 80 % interval, as a part of a month's cost; None for fewer than FEWEST_WEEKS weeks.

    From the sample standard deviation of the weekly costs around their straight line, so that steady growth is no
    noise: s / mean × sqrt(1 / weeks of the month + 1 / weeks of the base) × 1.2816. Weeks count as independent.
    """
    count = len(weeks)
    mean = sum(weeks, Fraction(0)) / count if count else Fraction(0)
    if count < FEWEST_WEEKS or mean <= 0:
        return None
    middle = Fraction(count - 1, 2)
    spread = sum(((n - middle) ** 2 for n in range(count)), Fraction(0))
    slope = sum(((n - middle) * week for n, week in enumerate(weeks)), Fraction(0)) / spread
    rest = [week - mean - slope * (n - middle) for n, week in enumerate(weeks)]
    variance = sum((one * one for one in rest), Fraction(0)) / (count - 2)
    return NORMAL_80 * _root(variance / mean**2 * (1 / WEEKS_OF_MONTH + 1 / max(base_weeks, Fraction(1, 7))))


def _root(value: Fraction) -> Fraction:
    """The square root to _DIGITS decimals, the same on every machine."""
    scaled = value * 10 ** (2 * _DIGITS)
    return Fraction(isqrt(scaled.numerator // scaled.denominator), 10**_DIGITS)
