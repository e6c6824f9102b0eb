"""Days that are listed one by one: on 21 and 22 November, over the weekend of 21 and 22 November."""

from collections.abc import Callable
from datetime import date, timedelta

from agent.planner import calendar as cal
from agent.planner.time_atoms import atom
from agent.planner.time_clock import Clock, Found
from agent.planner.time_days import day_number
from agent.planner.time_senses import TimeSense
from agent.planner.time_words import COUNTED, MONTHS
from tools.domain.period import Period

_AND = ("and", "&")
_LONGEST_WEEKEND = 4
_SATURDAY = 5


def read_listed_days(clock: Clock, i: int) -> Found:
    """on 21 and 22 November · 20, 21 and 22 November · November 21 and 22: days that follow each other."""
    start = clock.skip(i, "the")
    if clock.low(start) in MONTHS:
        return _after_month(clock, start)
    days: list[int] = []
    at = start
    while (day := day_number(clock, at)) is not None and clock.low(at - 1) not in COUNTED:
        joint = _joint(clock, at + 1)
        if joint is None:
            break
        days.append(day)
        at = clock.skip(joint, "the")
    last = atom(clock, at) if days else None
    if last is None or last[1].unit != "day" or last[1].period is None:
        return None
    return _in_a_row(last[1].period.start, days, last[0])


def _after_month(clock: Clock, i: int) -> Found:
    first = atom(clock, i)
    joint = _joint(clock, first[0]) if first else None
    if first is None or joint is None or first[1].unit != "day" or first[1].period is None:
        return None
    start, at = first[1].period.start, clock.skip(joint, "the")
    if day_number(clock, at) != start.day + 1 or clock.low(at + 1) in MONTHS or clock.unit(at + 1) is not None:
        return None
    last = cal.safe_date(start.year, start.month, start.day + 1)
    return _in_a_row(last, [start.day], at + 1) if last else None


def _joint(clock: Clock, i: int) -> int | None:
    """The position of the next day of a list, after a comma or "and"."""
    if clock.low(i) in _AND:
        return i + 1
    comma = i < len(clock.tokens) and "," in clock.tokens[i].glue
    return clock.skip(i, *_AND) if comma else None


def _in_a_row(last: date, days: list[int], end: int) -> Found:
    """The listed days with the last one, as one period; None where days between them are missing."""
    if [*days, last.day] != list(range(days[0], last.day + 1)):
        return None
    first = last - timedelta(days=len(days))
    return end, TimeSense("period", Period(start=first, end=last + timedelta(days=1)))


def read_weekend_of(clock: Clock, i: int, read: Callable[[int], Found]) -> Found:
    """the weekend of 21 November · of 21 and 22 November: the days that are named, or the weekend that has the day."""
    at = clock.skip(i, "the")
    if clock.low(at) != "weekend" or clock.low(at + 1) not in ("of", "on"):
        return None
    named = read(clock.skip(at + 2, "the"))
    if named is None or named[1].kind != "period" or named[1].period is None:
        return None
    period = named[1].period
    if period.days == 1 and period.start.weekday() >= _SATURDAY:
        saturday = period.start - timedelta(days=period.start.weekday() - _SATURDAY)
        period = Period(start=saturday, end=saturday + timedelta(days=2))
    elif not 1 < period.days <= _LONGEST_WEEKEND:
        return None
    return named[0], TimeSense("period", period)
