"""Which days a forecast covers, and the buckets they are told in."""

from datetime import date, timedelta
from typing import NamedTuple

from tools.domain.errors import BadRequest
from tools.domain.period import Period, shift_months
from tools.inform.forecast.request import ForecastRequest, Step

LONGEST_MONTHS = 18
FEW_DAYS = 14
"""A period of so many days is told by day when no granularity is asked for."""
BUCKETS_BEFORE: dict[Step, int] = {"day": 14, "week": 8, "month": 6, "quarter": 3}
"""Buckets of the past that stand before a forecast without groups."""


class Bucket(NamedTuple):
    """The days of a bucket that are inside what is shown, and its calendar start, which names it."""

    name: date
    days: Period


def asked_period(request: ForecastRequest, last: date, as_of: date) -> Period:
    """The days to foresee. `last`: the last day whose amounts count as actual.

    Raises:
        BadRequest: the period is over, or ends further ahead than can be foreseen.
    """
    period = request.period or Period.month_of(as_of)
    if request.period is None and period.last_day <= last:
        period = Period.month_of(period.end)
    if period.last_day <= last:
        raise BadRequest(f"{period.start} to {period.last_day} is over: ask what was spent in it instead of a forecast")
    farthest = shift_months(last.replace(day=1), LONGEST_MONTHS + 1)
    if period.end > farthest:
        raise BadRequest(
            f"a forecast reaches {LONGEST_MONTHS} months beyond the data, so to {farthest - timedelta(days=1)}; "
            f"{period.last_day} is further"
        )
    return period


def step_of(request: ForecastRequest, period: Period) -> Step:
    """The granularity asked for, or the one that suits the period."""
    return request.granularity or natural_step(period)


def natural_step(period: Period) -> Step:
    """The granularity that suits a period: months, days of a short one, else weeks."""
    if period.whole_months:
        return "month"
    return "day" if period.days <= FEW_DAYS else "week"


def buckets_of(period: Period, step: Step) -> tuple[Bucket, ...]:
    """The buckets of a period in order; the first and last hold only its days."""
    found, day = [], period.start
    while day < period.end:
        whole = bucket_of(day, step)
        inside = Period(start=day, end=min(whole.end, period.end))
        found.append(Bucket(whole.start, inside))
        day = inside.end
    return tuple(found)


def buckets_before(period: Period, step: Step, first: date) -> tuple[Bucket, ...]:
    """Whole buckets that come before the one that a period begins in, back to the first day with data."""
    found: list[Bucket] = []
    whole = bucket_of(bucket_of(period.start, step).start - timedelta(days=1), step)
    while len(found) < BUCKETS_BEFORE[step] and whole.start >= first:
        found.insert(0, Bucket(whole.start, whole))
        whole = bucket_of(whole.start - timedelta(days=1), step)
    return tuple(found)


def bucket_of(day: date, step: Step) -> Period:
    """The calendar bucket that holds a day; weeks begin on Monday."""
    if step == "day":
        return Period.day_of(day)
    if step == "week":
        monday = day - timedelta(days=day.weekday())
        return Period(start=monday, end=monday + timedelta(days=7))
    if step == "month":
        return Period.month_of(day)
    start = day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)
    return Period(start=start, end=shift_months(start, 3))
