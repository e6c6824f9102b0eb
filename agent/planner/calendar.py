"""Calendar units around a day: what "this week", "Q3" or "the last 3 months" are in days. Weeks start on Monday."""

import calendar
from datetime import date, timedelta
from typing import Literal, get_args

from tools.domain.period import Period, shift_months

Unit = Literal["day", "week", "month", "quarter", "half", "year"]
UNITS: tuple[Unit, ...] = get_args(Unit)
_MONTHS: dict[Unit, int] = {"month": 1, "quarter": 3, "half": 6, "year": 12}


def unit_start(unit: Unit, day: date) -> date:
    """The first day of the unit that holds `day`."""
    if unit == "day":
        return day
    if unit == "week":
        return day - timedelta(days=day.weekday())
    months = _MONTHS[unit]
    return date(day.year, (day.month - 1) // months * months + 1, 1)


def shift(unit: Unit, start: date, count: int) -> date:
    """`count` units after (before, when negative) a unit's first day."""
    if unit == "day":
        return start + timedelta(days=count)
    if unit == "week":
        return start + timedelta(weeks=count)
    return shift_months(start, count * _MONTHS[unit])


def whole(unit: Unit, day: date, offset: int = 0) -> Period:
    """The whole unit that holds `day`, or the one `offset` units later."""
    start = shift(unit, unit_start(unit, day), offset)
    return Period(start=start, end=shift(unit, start, 1))


def last(unit: Unit, count: int, as_of: date) -> Period:
    """The last `count` complete units before the one that holds `as_of` (days: up to yesterday)."""
    end = unit_start(unit, as_of)
    return Period(start=shift(unit, end, -count), end=end)


def to_date(unit: Unit, as_of: date) -> Period:
    """From the start of the unit to the end of `as_of`."""
    return Period(start=unit_start(unit, as_of), end=as_of + timedelta(days=1))


def month(number: int, year: int) -> Period:
    return Period.month_of(date(year, number, 1))


def part_of_year(unit: Unit, number: int, year: int) -> Period:
    """Quarter or half `number` of a year."""
    start = shift(unit, date(year, 1, 1), number - 1)
    return Period(start=start, end=shift(unit, start, 1))


def year(number: int) -> Period:
    return Period(start=date(number, 1, 1), end=date(number + 1, 1, 1))


def iso_week(number: int, year_: int) -> Period | None:
    """ISO week `number`; None when the year has no such week."""
    try:
        start = date.fromisocalendar(year_, number, 1)
    except ValueError:
        return None
    return Period(start=start, end=start + timedelta(days=7))


def a_year_before(period: Period) -> Period:
    """The same days a year earlier; 29 February counts as 28 February, and a month's end stays a month's end."""
    if period.whole_months:
        return Period(start=shift_months(period.start, -12), end=shift_months(period.end, -12))
    start = _minus_year(period.start)
    return Period(start=start, end=max(_minus_year(period.last_day), start) + timedelta(days=1))


def safe_date(year_: int, month_: int, day: int) -> date | None:
    """The date, or None when there is no such day."""
    if not 1 <= month_ <= 12 or not 1900 <= year_ <= 2199:
        return None
    if not 1 <= day <= calendar.monthrange(year_, month_)[1]:
        return None
    return date(year_, month_, day)


def _minus_year(day: date) -> date:
    return safe_date(day.year - 1, day.month, day.day) or date(day.year - 1, 2, 28)
