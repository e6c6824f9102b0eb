"""The days a query covers: the default period, what "previous" means, and where the data stops."""

from dataclasses import dataclass
from datetime import date, timedelta

from tools.domain.period import Period, shift_months
from tools.domain.query import CostQuery

ONE_DAY = timedelta(days=1)
FIRST_DAYS = 2
"""On days 1 and 2 of a month there is nothing to speak of yet: the last full month is meant."""


@dataclass(frozen=True)
class Span:
    """`current` is the period asked for, or what is loaded of it when compared; `previous` has as many days loaded."""

    asked: Period
    current: Period
    previous: Period | None = None
    caveats: tuple[str, ...] = ()


def default_period(as_of: date) -> Period:
    """The month to date; on the first two days of a month the last full month."""
    first = as_of.replace(day=1)
    if as_of.day <= FIRST_DAYS:
        return Period(start=shift_months(first, -1), end=first)
    return Period(start=first, end=as_of + ONE_DAY)


def previous_period(period: Period, as_of: date) -> Period:
    """The same days of the month before for a month to date, else the period of equal kind that comes before."""
    to_date = period.start.day == 1 and period.last_day == as_of and not period.whole_months
    if not to_date or (period.start.year, period.start.month) != (as_of.year, as_of.month):
        return period.preceding()
    start = shift_months(period.start, -1)
    return Period(start=start, end=min(start + timedelta(days=period.days), period.start))


def span_of(query: CostQuery, as_of: date, loaded_from: date, loaded_through: date) -> Span:
    """Resolve the period, and for a comparison clip both sides to the same number of loaded days."""
    asked = query.period or default_period(as_of)
    caveats = [] if query.period else [f"no period was named: {_spelled(asked, as_of)}"]
    if asked.contains(loaded_through) and asked.last_day > loaded_through:
        caveats.append(f"data ends on {loaded_through}")
    if asked.contains(loaded_from) and asked.start < loaded_from:
        caveats.append(f"data begins on {loaded_from}")
    if query.compare_to is None:
        return Span(asked, asked, None, tuple(caveats))
    before = previous_period(asked, as_of) if query.compare_to == "previous" else query.compare_to
    current, previous = _clipped(asked, before, loaded_through)
    if (current, previous) != (asked, before):
        caveats.append(
            f"both sides are compared over the same number of loaded days: {current.start} to {current.last_day} "
            f"with {previous.start} to {previous.last_day}"
        )
    elif current.days != previous.days:
        caveats.append(f"the periods compared differ in length: {current.days} and {previous.days} days")
    if previous.start < loaded_from:
        caveats.append(f"the earlier period is not wholly loaded: data begins on {loaded_from}")
    return Span(asked, current, previous, tuple(caveats))


def _clipped(asked: Period, before: Period, loaded_through: date) -> tuple[Period, Period]:
    if not asked.contains(loaded_through) or asked.last_day == loaded_through:
        return asked, before
    current = Period(start=asked.start, end=loaded_through + ONE_DAY)
    end = min(before.end, before.start + timedelta(days=current.days))
    return current, Period(start=before.start, end=end)


def _spelled(period: Period, as_of: date) -> str:
    kind = "month to date" if period.last_day == as_of else "the last full month"
    return f"{kind}, {period.start} to {period.last_day}"
