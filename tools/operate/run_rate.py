"""Where a span of days will end: the recent run rate with its weekday profile, and an interval from past errors.

The rate is the mean of the last `RECENT_DAYS` days after the weekday's factor is taken out, with outliers pulled in to
three scaled median absolute deviations (Huber's winsorising). The interval is split conformal: the same projection is
made for as many days from weekly origins in the past, and the quantile of its relative errors is applied.
Source: Lei et al., Distribution-Free Predictive Inference for Regression, 2018, section 2.2.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from statistics import median

from tools.domain.period import Period
from tools.domain.sums import exact_sum

RECENT_DAYS, PROFILE_DAYS = 28, 56
FEWEST_DAYS = 14
"""With less history there is no projection: each weekday has to be seen twice."""
MOST_BACK_TESTS, FEWEST_BACK_TESTS = 12, 4
LEVEL = Decimal("0.8")
_MAD_TO_SIGMA = Decimal("1.4826")
_ZERO = Decimal(0)

Daily = Mapping[date, Decimal]


@dataclass(frozen=True)
class Projection:
    """What a span will have cost at its end, and each coming day's expected cost.

    `low` and `high` hold the end in 80 of 100 cases; None when there is too little history to say.
    """

    mean: Decimal
    low: Decimal | None
    high: Decimal | None
    days: tuple[tuple[date, Decimal], ...]
    back_tests: int
    error: Decimal | None
    """Mean absolute relative error of the rest, over the back-tests."""


def project(daily: Daily, span: Period, through: date) -> Projection | None:
    """Project the end of `span` from complete days through `through`; a day without an entry cost nothing.

    `daily` should reach back some spans before this one. None when it starts less than FEWEST_DAYS before.
    """
    first = min(daily, default=None)
    if first is None or (through - first).days + 1 < FEWEST_DAYS:
        return None
    coming = _expected(daily, _days(max(span.start, through + timedelta(days=1)), span.end), through)
    spent = _spent(daily, Period(start=span.start, end=span.end), through)
    rest = exact_sum(value for _, value in coming) or _ZERO
    errors = _past_errors(daily, span, through, first) if coming else []
    width = _quantile(errors)
    low = None if width is None else spent + max(_ZERO, rest * (1 - width))
    high = None if width is None else spent + rest * (1 + width)
    error = (exact_sum(errors) or _ZERO) / len(errors) if errors else None
    if not coming:
        return Projection(spent, spent, spent, (), 0, None)
    return Projection(spent + rest, low, high, tuple(coming), len(errors), error)


def _expected(daily: Daily, days: Sequence[date], through: date) -> list[tuple[date, Decimal]]:
    factors = _weekday_factors(daily, through)
    recent = [day for day in _back_from(through, RECENT_DAYS) if day >= min(daily)]
    level = _winsorised_mean([daily.get(day, _ZERO) / factors[day.weekday()] for day in recent])
    return [(day, level * factors[day.weekday()]) for day in days]


def _weekday_factors(daily: Daily, through: date) -> list[Decimal]:
    """A weekday's median cost relative to the mean of all weekdays' medians; 1 where nothing was spent."""
    days = [day for day in _back_from(through, PROFILE_DAYS) if day >= min(daily)]
    medians = [median([daily.get(d, _ZERO) for d in days if d.weekday() == weekday] or [_ZERO]) for weekday in range(7)]
    mean = (exact_sum(medians) or _ZERO) / 7
    if mean <= 0:
        return [Decimal(1)] * 7
    return [value / mean if value > 0 else Decimal(1) for value in medians]


def _winsorised_mean(values: Sequence[Decimal]) -> Decimal:
    middle = median(values)
    spread = 3 * _MAD_TO_SIGMA * median([abs(value - middle) for value in values])
    if spread == 0:
        return (exact_sum(values) or _ZERO) / len(values)
    pulled = [min(max(value, middle - spread), middle + spread) for value in values]
    return (exact_sum(pulled) or _ZERO) / len(values)


def _past_errors(daily: Daily, span: Period, through: date, first: date) -> list[Decimal]:
    """|actual − projected| / projected over as many days as are left, from weekly origins in the past."""
    left = (span.end - max(span.start, through + timedelta(days=1))).days
    errors = []
    for number in range(1, MOST_BACK_TESTS + 1):
        end = through + timedelta(days=1 - 7 * (number - 1))
        origin = end - timedelta(days=left + 1)
        if (origin - first).days + 1 < FEWEST_DAYS:
            break
        days = _days(origin + timedelta(days=1), end)
        rest = exact_sum(value for _, value in _expected(daily, days, origin)) or _ZERO
        if rest > 0:
            errors.append(abs((exact_sum(daily.get(day, _ZERO) for day in days) or _ZERO) - rest) / rest)
    return errors


def _quantile(errors: Sequence[Decimal]) -> Decimal | None:
    """The conformal quantile: the ⌈(n + 1) · LEVEL⌉-th smallest error."""
    if len(errors) < FEWEST_BACK_TESTS:
        return None
    place = -int(-((len(errors) + 1) * LEVEL) // 1)
    return sorted(errors)[min(place, len(errors)) - 1]


def _spent(daily: Daily, span: Period, through: date) -> Decimal:
    last = min(span.end, through + timedelta(days=1))
    return exact_sum(daily.get(day, _ZERO) for day in _days(span.start, last)) or _ZERO


def _days(start: date, end: date) -> list[date]:
    return [start + timedelta(days=n) for n in range(max(0, (end - start).days))]


def _back_from(day: date, count: int) -> list[date]:
    return [day - timedelta(days=n) for n in range(count)]
