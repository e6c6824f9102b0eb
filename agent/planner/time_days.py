"""Single days: 2026-10-06, 13/10/2026, 6 October, the 6th, last Friday."""

import re
from dataclasses import replace
from datetime import timedelta

from agent.planner import calendar as cal
from agent.planner.calendar import Unit
from agent.planner.time_clock import Clock, Found
from agent.planner.time_named import month_number, year_after
from agent.planner.time_senses import TimeSense
from agent.planner.time_words import (
    COUNTED,
    MONTHS,
    ORDINALS,
    WEEKDAYS,
)
from tools.domain.period import Period

_ORDINAL_DAY = re.compile(r"(\d{1,2})(?:st|nd|rd|th)$")


def read_iso(clock: Clock, i: int) -> Found:
    match = re.fullmatch(r"(\d{4})-(\d{1,2})(?:-(\d{1,2}))?", clock.low(i))
    if not match:
        return None
    year, month, day = int(match[1]), int(match[2]), int(match[3] or 1)
    start = cal.safe_date(year, month, day)
    if start is None:
        return i + 1, TimeSense("impossible")
    unit: Unit = "day" if match[3] else "month"
    return i + 1, clock.sense(cal.whole(unit, start), unit)


def read_slashed(clock: Clock, i: int) -> Found:
    """10/6/2026 has two readings unless one is impossible; 13/10/2026 and 2026/10/06 have one."""
    if match := re.fullmatch(r"(\d{1,2})/(\d{4})", clock.low(i)):
        start = cal.safe_date(int(match[2]), int(match[1]), 1)
        return i + 1, clock.sense(cal.whole("month", start), "month") if start else TimeSense("impossible")
    parts = [int(part) for part in re.split(r"[/.]", clock.low(i)) if part.isdecimal()]
    if not re.fullmatch(r"\d{1,4}/\d{1,2}(/\d{2,4})?|\d{1,2}\.\d{1,2}\.\d{4}", clock.low(i)) or len(parts) < 2:
        return None
    if parts[0] > 31:
        start = cal.safe_date(parts[0], parts[1], parts[2]) if len(parts) == 3 else None
        return i + 1, clock.sense(Period.day_of(start), "day") if start else TimeSense("impossible")
    year = (parts[2] + 2000 if parts[2] < 100 else parts[2]) if len(parts) == 3 else clock.as_of.year
    days = (cal.safe_date(year, parts[1], parts[0]), cal.safe_date(year, parts[0], parts[1]))
    if "." in clock.low(i):
        days = (days[0], None)
    known = sorted({day for day in days if day is not None})
    if len(known) == 2:
        return i + 1, TimeSense("ambiguous", options=tuple(f"{day.day} {day:%B %Y}" for day in known), days=days)
    if not known:
        return i + 1, TimeSense("impossible")
    sense = clock.sense(Period.day_of(known[0]), "day", yearless=len(parts) == 2)
    return i + 1, replace(sense, days=days)


def read_day_of_month(clock: Clock, i: int) -> Found:
    """6 October · 6th of Oct 2026 · October 6th, 2026."""
    at = clock.skip(i, "the")
    if (day := day_number(clock, at)) is not None and clock.low(at - 1) not in COUNTED:
        of = clock.skip(at + 1, "of")
        if (month := month_number(clock, of)) is not None:
            return _dated(clock, *year_after(clock, of + 1), month, day)
    if (month := month_number(clock, at)) is not None:
        number = clock.skip(at + 1, "the")
        if (day := day_number(clock, number)) is not None and not _counts_units(clock, number):
            dated = _dated(clock, *year_after(clock, number + 1), month, day)
            return (dated[0], _month_or_day(clock, number, dated[1])) if number == at + 1 else dated
    return None


def _month_or_day(clock: Clock, i: int, sense: TimeSense) -> TimeSense:
    """Nov-25 is the 25th, or November 2025."""
    year = 2000 + int(clock.low(i)) if clock.low(i).isdecimal() else 0
    dashed = clock.tokens[i].glue == "-" and 2020 <= year <= clock.as_of.year
    if not dashed or sense.period is None or not sense.yearless:
        return sense
    day = sense.period.start
    return TimeSense("ambiguous", options=(f"{day:%B} {year}", f"{day.day} {day:%B %Y}"))


def _counts_units(clock: Clock, i: int) -> bool:
    """Whether the number starts "5 most expensive" rather than ends "October 5"."""
    return clock.low(i + 1) in ("most", "biggest", "top", "largest", "highest", "cheapest", "least")


def day_number(clock: Clock, i: int) -> int | None:
    """A day of a month, as 6 or 6th; None for anything else."""
    low = clock.low(i)
    if ORDINALS.get(low, 0) > 0 and clock.low(i + 1) == "of" and clock.low(i + 2) in MONTHS:
        return ORDINALS[low]
    match = _ORDINAL_DAY.match(low)
    number = int(match.group(1)) if match else int(low) if low.isdecimal() and len(low) <= 2 else None
    return number if number is not None and 1 <= number <= 31 else None


def _dated(clock: Clock, year: int | None, end: int, month: int, day: int) -> tuple[int, TimeSense]:
    start = cal.safe_date(year or clock.as_of.year, month, day)
    if year is None and start is not None and start > clock.as_of:
        start = cal.safe_date(clock.as_of.year - 1, month, day)
    if start is None:
        return end, TimeSense("impossible")
    return end, clock.sense(Period.day_of(start), "day", yearless=year is None)


def read_dated_weekday(clock: Clock, i: int) -> Found:
    """Monday October 5 · Sunday, 11 October 2026 · Monday 2026-10-05: the date, if it is such a day."""
    weekday = WEEKDAYS.get(clock.low(i))
    if weekday is None:
        return None
    for reader in (read_day_of_month, read_iso):
        found = reader(clock, clock.skip(i + 1, "the"))
        if found is not None and found[1].period is not None and found[1].unit == "day":
            return found if found[1].period.start.weekday() == weekday else (found[0], TimeSense("impossible"))
    return None


def read_day_alone(clock: Clock, i: int) -> Found:
    """on the 6th: the latest 6th that is not in the future."""
    at = clock.skip(i, "the")
    if at == i or not _ORDINAL_DAY.match(clock.low(at)) or clock.unit(at + 1) is not None:
        return None
    if clock.low(i - 1) not in ("on", "since", "from", "until", "till", "to", "between", "and", "by"):
        return None
    day = day_number(clock, at) or 1
    month = clock.as_of if day <= clock.as_of.day else cal.shift("month", clock.as_of.replace(day=1), -1)
    start = cal.safe_date(month.year, month.month, day)
    return (at + 1, clock.sense(Period.day_of(start), "day")) if start else (at + 1, TimeSense("impossible"))


def read_weekday(clock: Clock, i: int) -> Found:
    """Friday · last Friday · this Monday: the latest before today."""
    at = i + 1 if clock.low(i) in ("last", "this", "previous", "past") else i
    low = clock.low(at)
    day = WEEKDAYS.get(low)
    if day is None:
        return None
    cued = at > i or clock.low(i - 1) in ("on", "since", "until", "from", "to", "till", "and", "between", "before")
    if len(low) <= 4 and not cued:
        return None
    back = (clock.as_of.weekday() - day) % 7 or 7
    return at + 1, clock.sense(Period.day_of(clock.as_of - timedelta(days=back)), "day")
