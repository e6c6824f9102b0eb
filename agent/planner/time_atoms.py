"""Single time expressions, and parts of them: the first week of October, the week of 5 October."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from agent.planner import calendar as cal
from agent.planner.calendar import Unit
from agent.planner.time_clock import Clock, Found
from agent.planner.time_days import (
    read_dated_weekday,
    read_day_alone,
    read_day_of_month,
    read_iso,
    read_slashed,
    read_weekday,
)
from agent.planner.time_named import read_month_name, read_quarter_or_half, read_year, year_after
from agent.planner.time_parts import read_parts_of_days, read_season, read_vague, read_weekend
from agent.planner.time_relative import (
    read_counted_units,
    read_day_word,
    read_fiscal,
    read_future,
    read_last_period,
    read_last_units,
    read_over_units,
    read_shifted,
    read_this_unit,
    read_unit_to_date,
    read_units_ago,
)
from agent.planner.time_senses import TimeSense
from agent.planner.time_words import (
    ORDINALS,
)
from tools.domain.period import Period


def atom(clock: Clock, i: int) -> Found:
    """The longest single time expression that starts at `i`."""
    found = [result for reader in _READERS if (result := reader(clock, i)) is not None]
    return max(found, key=lambda result: result[0], default=None)


def _week_of(clock: Clock, i: int) -> Found:
    """the week of 5 October · week starting 5 October · week ending 11 October · week 41 · W41 2026."""
    if clock.low(i - 1) in ("each", "every", "per", "by") and not clock.tokens[i].glue.strip():
        return None
    at = clock.skip(i, "the")
    if match := re.fullmatch(r"w(\d{1,2})", clock.low(at)):
        return _numbered_week(clock, int(match.group(1)), at + 1)
    if clock.unit(at) != "week":
        return None
    if (number := clock.number(at + 1)) is not None and clock.low(at + 1).isdecimal():
        return _numbered_week(clock, number, at + 2)
    how = clock.low(at + 1)
    if how not in ("of", "starting", "beginning", "commencing", "from", "ending"):
        return None
    day = atom(clock, clock.skip(at + 2, "on", "the"))
    if day is None or day[1].period is None or day[1].unit != "day":
        return None
    start = day[1].period.start
    if how == "ending":
        return day[0], clock.sense(Period(start=start - timedelta(days=6), end=start + timedelta(days=1)), "week")
    if how == "of":
        start = cal.unit_start("week", start)
    return day[0], clock.sense(Period(start=start, end=start + timedelta(days=7)), "week")


def _numbered_week(clock: Clock, number: int, i: int) -> Found:
    year, end = year_after(clock, i)
    period = cal.iso_week(number, year or clock.as_of.year)
    if period is not None and year is None and period.start > clock.as_of:
        period = cal.iso_week(number, clock.as_of.year - 1)
    return (end, clock.sense(period, "week")) if period else (end, TimeSense("impossible"))


def _part_of(clock: Clock, i: int) -> Found:
    """the first week of October · last 10 days of Q3 · the second half of September · the first month of 2026."""
    at = clock.skip(i, "the")
    ordinal = ORDINALS.get(clock.low(at))
    if ordinal is None:
        return None
    count = clock.number(at + 1)
    unit_at = at + 1 if count is None else at + 2
    unit = clock.unit(unit_at)
    if unit is None or clock.low(unit_at + 1) not in ("of", "in"):
        return None
    inner = atom(clock, clock.skip(unit_at + 2, "the"))
    if inner is None or inner[1].period is None:
        return None
    if count is not None and abs(ordinal) != 1:
        return None
    part = _part(inner[1].period, unit, ordinal, count or 1)
    if part is None:
        return None
    sense = clock.sense(part, unit if (count or 1) == 1 else None)
    return inner[0], replace(sense, each=unit, count=count) if count else sense


def _part(whole: Period, unit: Unit, ordinal: int, count: int) -> Period | None:
    if unit == "half":
        return _half(whole, ordinal)
    if unit in ("day", "week"):
        days = count * (7 if unit == "week" else 1)
        start = whole.end - timedelta(days=days) if ordinal < 0 else whole.start + timedelta(days=days * (ordinal - 1))
        end = start + timedelta(days=days)
    else:
        first = cal.unit_start(unit, whole.start)
        start = cal.shift(unit, whole.end, -count) if ordinal < 0 else cal.shift(unit, first, ordinal - 1)
        end = cal.shift(unit, start, count)
    start, end = max(start, whole.start), min(end, whole.end)
    return Period(start=start, end=end) if start < end else None


def _half(whole: Period, ordinal: int) -> Period:
    """Halves of months split after the 15th; those of years and quarters in days, years after June."""
    middle = whole.start + timedelta(days=15 if whole.whole_months == 1 else whole.days // 2)
    if whole.whole_months == 12:
        middle = cal.shift("month", whole.start, 6)
    first = ordinal == 1
    return Period(start=whole.start, end=middle) if first else Period(start=middle, end=whole.end)


def _units_from(clock: Clock, i: int) -> Found:
    """the four weeks starting Monday, 5 October, and ending Sunday, 1 November: the end has to agree."""
    at = clock.skip(i, "for")
    at = clock.skip(at, "the")
    count, unit = clock.number(at), clock.unit(at + 1)
    if count is None or unit is None or not 1 < count <= _MOST_UNITS or clock.low(at + 2) not in _STARTS:
        return None
    day = atom(clock, clock.skip(at + 3, "on", "the"))
    if day is None or day[1].period is None or day[1].unit != "day":
        return None
    period = Period(start=day[1].period.start, end=cal.shift(unit, day[1].period.start, count))
    end = clock.skip(day[0], "and")
    if clock.low(end) not in ("ending", "to", "until", "through"):
        return day[0], TimeSense("period", period, count=count, each=unit)
    last = atom(clock, clock.skip(end + 1, "on", "the"))
    if last is None or last[1].period is None or last[1].period.end != period.end:
        return None
    return last[0], TimeSense("period", period, count=count, each=unit)


_STARTS = ("starting", "beginning", "commencing", "from")
_MOST_UNITS = 400
_Reader = Callable[[Clock, int], Found]


_READERS: tuple[_Reader, ...] = (
    read_day_word,
    read_last_units,
    read_counted_units,
    read_this_unit,
    read_unit_to_date,
    read_units_ago,
    read_shifted,
    read_over_units,
    read_quarter_or_half,
    read_month_name,
    read_year,
    read_iso,
    read_slashed,
    read_day_of_month,
    read_day_alone,
    read_weekday,
    read_dated_weekday,
    _week_of,
    _units_from,
    _part_of,
    read_fiscal,
    read_future,
    read_last_period,
    read_weekend,
    read_parts_of_days,
    read_season,
    read_vague,
)
