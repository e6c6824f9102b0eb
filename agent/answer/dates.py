"""Periods and time buckets as people write them; days are UTC."""

from datetime import date, datetime

from tools.domain.period import Period
from tools.domain.query import Granularity

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def day_text(day: date) -> str:
    """`6 October 2026`."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def period_text(period: Period, as_of: date | None = None) -> str:
    """`October 2026`, `Q3 2026`, `1–22 November 2026 (month to date)`, `6 October 2026`.

    "to date" is said of a period that runs from the first of a month, quarter or year through `as_of`.
    """
    if period.whole_months:
        return _whole_months(period)
    return _days(period) + _to_date(period, as_of)


def bucket_text(cell: str, granularity: Granularity | None) -> str:
    """The start of a time bucket: `6 October 2026`, `week of 5 October 2026`, `Q4 2026`, `Monday`.

    Text that is no ISO date or time is given back as it is.
    """
    try:
        moment = datetime.fromisoformat(cell)
    except ValueError:
        return cell
    day = moment.date()
    match granularity:
        case "hour":
            return f"{day_text(day)} {moment:%H:%M} UTC"
        case "week":
            return f"week of {day_text(day)}"
        case "month":
            return f"{MONTHS[day.month - 1]} {day.year}"
        case "quarter":
            return f"Q{(day.month + 2) // 3} {day.year}"
        case "year":
            return str(day.year)
        case _:
            return day_text(day)


def _whole_months(period: Period) -> str:
    first, last, count = period.start, period.last_day, period.whole_months
    if count == 1:
        return f"{MONTHS[first.month - 1]} {first.year}"
    if count == 3 and first.month % 3 == 1:
        return f"Q{(first.month + 2) // 3} {first.year}"
    if count == 6 and first.month in (1, 7):
        return f"H{1 if first.month == 1 else 2} {first.year}"
    if count == 12 and first.month == 1:
        return str(first.year)
    start = MONTHS[first.month - 1] if first.year == last.year else f"{MONTHS[first.month - 1]} {first.year}"
    return f"{start} to {MONTHS[last.month - 1]} {last.year}"


def _days(period: Period) -> str:
    first, last = period.start, period.last_day
    if first == last:
        return day_text(first)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{day_text(last)}"
    if first.year == last.year:
        return f"{first.day} {MONTHS[first.month - 1]} to {day_text(last)}"
    return f"{day_text(first)} to {day_text(last)}"


def _to_date(period: Period, as_of: date | None) -> str:
    first = period.start
    if as_of is None or period.last_day != as_of or first.day != 1:
        return ""
    if (first.year, first.month) == (as_of.year, as_of.month):
        return " (month to date)"
    if first == date(as_of.year, 1, 1):
        return " (year to date)"
    if first == date(as_of.year, 3 * ((as_of.month - 1) // 3) + 1, 1):
        return " (quarter to date)"
    return ""
