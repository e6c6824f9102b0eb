"""Times that depend on today: last month, the past 3 weeks, month to date, this time last year."""

import re
from datetime import date, timedelta

from agent.planner import calendar as cal
from agent.planner.calendar import Unit
from agent.planner.time_clock import Clock, Found
from agent.planner.time_named import HALF, QUARTER, month_number
from agent.planner.time_senses import TimeSense
from agent.planner.time_words import (
    ABBREVIATED_OVER,
    ABBREVIATED_TO_DATE,
    LAST_WORDS,
    MONTHS,
    NEXT_WORDS,
    THIS_WORDS,
    WHOLE_WORDS,
)
from tools.domain.period import Period


def read_day_word(clock: Clock, i: int) -> Found:
    i = clock.skip(i, "the")
    words, today = clock.low(i), clock.as_of
    if words == "now" and clock.low(i - 1) in ("till", "until", "to", "through", "and"):
        return i + 1, clock.sense(Period.day_of(today), "day")
    if words in ("today", "todays"):
        return i + 1, clock.sense(Period.day_of(today), "day")
    if words == "yesterday":
        return i + 1, clock.sense(Period.day_of(today - timedelta(days=1)), "day")
    if words == "day" and clock.low(i + 1) == "before" and clock.low(i + 2) == "yesterday":
        return i + 3, clock.sense(Period.day_of(today - timedelta(days=2)), "day")
    return None


def read_counted_units(clock: Clock, i: int) -> Found:
    """for 3 months · since 3 months: the last 3; ttm is the last 12 months."""
    if clock.low(i) in ("ttm", "ltm"):
        return i + 1, TimeSense("period", cal.last("month", 12, clock.as_of), count=12, each="month")
    if clock.low(i) not in ("for", "since", "over", "within", "during"):
        return None
    at = clock.skip(i + 1, "the")
    count, unit = clock.number(at), clock.unit(at + 1)
    if count is None or unit is None or not 1 < count <= 400 or clock.low(at + 2) in _NOT_COUNTED:
        return None
    return at + 2, TimeSense("period", cal.last(unit, count, clock.as_of), count=count, each=unit)


_NOT_COUNTED = (
    "of",
    "before",
    "after",
    "ago",
    "to",
    "until",
    "till",
    "ending",
    "from",
    "starting",
    "since",
    "in",
    "prior",
)


def read_last_units(clock: Clock, i: int) -> Found:
    """last month · the past 3 months · trailing 30 days · the last full quarter."""
    i = clock.skip(i, "the")
    to_date = ABBREVIATED_TO_DATE.get(clock.low(i + 1)) if clock.low(i) in LAST_WORDS else None
    if to_date is not None:
        return i + 2, TimeSense("shift", unit=to_date)
    if clock.low(i) not in LAST_WORDS:
        return None
    i = clock.skip(i + 1, "most")
    count = clock.number(i)
    if count is not None:
        i = clock.skip(i + 1, "of")
    if clock.low(i) in WHOLE_WORDS:
        i += 1
    if clock.lemma(i) in ("hour", "hr") and count == 24:
        return i + 1, clock.sense(cal.last("day", 1, clock.as_of), "day")
    if clock.lemma(i) == "fortnight":
        weeks = 2 * (count or 1)
        return i + 1, TimeSense("period", cal.last("week", weeks, clock.as_of), count=weeks, each="week")
    unit = clock.unit(i)
    if unit is None or count == 0 or (count or 1) > 400:
        return None
    if count is None and _after_to_date(clock, i + 1) > i + 1:
        return _after_to_date(clock, i + 1), TimeSense("shift", unit=unit)
    if (count or 1) == 1:
        return i + 1, clock.sense(cal.last(unit, 1, clock.as_of), unit)
    return i + 1, TimeSense("period", cal.last(unit, count or 1, clock.as_of), count=count or 1, each=unit)


def read_this_unit(clock: Clock, i: int) -> Found:
    """this month · the current quarter so far · so far this year."""
    i = clock.skip(i, "the")
    if clock.low(i) == "so" and clock.low(i + 1) == "far":
        i += 2
    if clock.low(i) not in THIS_WORDS:
        return None
    unit = clock.unit(clock.skip(i + 1, *WHOLE_WORDS))
    if unit is None:
        return None
    end = clock.skip(i + 1, *WHOLE_WORDS) + 1
    return _after_to_date(clock, end), clock.sense(cal.to_date(unit, clock.as_of), unit, to_date=True)


def read_unit_to_date(clock: Clock, i: int) -> Found:
    """mtd · month to date · since the beginning of the month · the year so far."""
    if (unit := ABBREVIATED_TO_DATE.get(clock.low(i))) is not None:
        return i + 1, clock.sense(cal.to_date(unit, clock.as_of), unit, to_date=True)
    start = clock.skip(i, "since", "from")
    start = clock.skip(start, "the")
    if clock.low(start) in ("beginning", "start") and clock.low(start + 1) == "of":
        at = clock.skip(start + 2, "the", "this", "current")
        if (unit := clock.unit(at)) is not None:
            return at + 1, clock.sense(cal.to_date(unit, clock.as_of), unit, to_date=True)
    at = clock.skip(i, "the")
    if (unit := clock.unit(at)) is not None and (end := _after_to_date(clock, at + 1)) > at + 1:
        return end, clock.sense(cal.to_date(unit, clock.as_of), unit, to_date=True)
    return None


def _after_to_date(clock: Clock, i: int) -> int:
    if clock.low(i) == "to" and clock.low(i + 1) == "date":
        return i + 2
    if clock.low(i) == "so" and clock.low(i + 1) == "far":
        return i + 2
    return i


def read_units_ago(clock: Clock, i: int) -> Found:
    """3 days ago · a month ago · two weeks earlier."""
    count = 1 if clock.low(i) in ("a", "an", "one") else clock.number(i)
    unit = clock.unit(i + 1)
    if count is None or unit is None:
        return None
    if clock.low(i + 2) in ("earlier", "before", "prior") or (unit == "year" and clock.low(i + 2) == "ago"):
        return i + 3, TimeSense("shift", unit=unit, count=count)
    if clock.low(i + 2) != "ago" or count == 0:
        return None
    if clock.low(i + 3) == "today" and unit in ("day", "week"):
        day = cal.shift(unit, clock.as_of, -count)
        return i + 4, clock.sense(Period.day_of(day), "day")
    return i + 3, clock.sense(cal.whole(unit, clock.as_of, -count), unit)


def read_shifted(clock: Clock, i: int) -> Found:
    """this time last year · the same period last year · the month before · the previous period."""
    at = clock.skip(i, "the")
    same = clock.low(at) in ("same", "this", "equivalent", "corresponding") and clock.lemma(at + 1) in _SAME_SPANS
    if same:
        end = clock.skip(at + 2, "of", "in", "the")
        end = clock.skip(end, "a")
        end = clock.skip(end, "the")
        if clock.low(end) in LAST_WORDS and (unit := clock.unit(end + 1)) is not None:
            return end + 2, TimeSense("shift", unit=unit)
        if (unit := clock.unit(end)) is not None and clock.low(end + 1) in ("ago", "before", "earlier"):
            return end + 2, TimeSense("shift", unit=unit)
    unit = clock.unit(at)
    if (before_last := _before_last(clock, at)) is not None:
        return before_last
    if unit is not None and clock.low(at + 1) in ("before", "prior", "earlier") and clock.low(at + 2) not in MONTHS:
        return at + 2, TimeSense("shift", unit=unit)
    if unit in ("month", "week", "quarter") and clock.low(at + 1) in ("after", "later") and at > i:
        follows = clock.low(at + 2)
        if clock.unit(at + 2) is None and follows not in (*MONTHS, "the", "last", "this") and not follows.isdecimal():
            return clock.skip(at + 2, "that"), TimeSense("shift", unit=unit, count=-1)
    if at > i and (following := _unit_next(clock, at)) is not None and i <= _OPENING:
        return at + 2, TimeSense("shift", unit=following, count=-1)
    count = clock.number(at)
    counted = clock.unit(at + 1) if count is not None and count > 1 else None
    if counted is not None and clock.low(at + 2) in ("before", "prior", "earlier") and at > i:
        return at + 3, TimeSense("shift", unit=counted, count=count or 1)
    if clock.low(at) == "one" and clock.low(at + 1) in ("before", "prior", "earlier"):
        return at + 2, TimeSense("shift", unit=None)
    if clock.low(at) in ("previous", "prior", "preceding") and clock.low(at + 1) == "period":
        return at + 2, TimeSense("shift", unit=None)
    if clock.low(at) in LAST_WORDS and clock.low(at + 1) == "one":
        return at + 2, TimeSense("shift", unit=None)
    if clock.low(at) == "period" and clock.low(at + 1) == "before":
        return at + 2, TimeSense("shift", unit=None)
    return None


_OPENING = 4
"""Words that a short follow-up opens with at most, as in "ok, and what about the next month"."""


def _unit_next(clock: Clock, i: int) -> Unit | None:
    """The unit of "and the next month", "the following week"."""
    unit = clock.unit(i + 1)
    leans = clock.low(i - 2) in ("and", "ok", "okay", "then", "for", "in", "about")
    said = clock.low(i) == "following" or (clock.low(i) == "next" and leans)
    return unit if said and unit in ("month", "week", "quarter") else None


def _before_last(clock: Clock, i: int) -> Found:
    """the month before last · the week before last week: the calendar unit two back."""
    unit = clock.unit(i)
    if unit is None or clock.low(i + 1) != "before" or clock.low(i + 2) != "last":
        return None
    following = clock.unit(i + 3)
    if following not in (None, unit):
        return None
    return i + 3 + (following is not None), clock.sense(cal.whole(unit, clock.as_of, -2), unit)


_SAME_SPANS = frozenset(["time", "period", "month", "week", "quarter", "day", "date", "span", "timeframe", "point"])


def read_over_units(clock: Clock, i: int) -> Found:
    """month over month · week-on-week · yoy."""
    if (unit := ABBREVIATED_OVER.get(clock.low(i))) is not None:
        return i + 1, TimeSense("over", unit=unit)
    unit = clock.unit(i)
    if unit is None or clock.low(i + 1) not in ("over", "on", "to", "by", "after"):
        return None
    if clock.unit(i + 2) != unit or clock.low(i) != clock.low(i + 2):
        return None
    if clock.low(i + 1) in ("by", "after"):
        return None
    return i + 3, TimeSense("over", unit=unit)


def read_last_period(clock: Clock, i: int) -> Found:
    """last period: of what length?"""
    at = clock.skip(i, "the")
    if clock.low(at) in ("last", "this") and clock.low(at + 1) == "period":
        options = (
            ("last month", "last week", "last quarter") if clock.low(at) == "last" else ("this month", "this week")
        )
        return at + 2, TimeSense("ambiguous", options=options)
    return None


def read_future(clock: Clock, i: int) -> Found:
    """tomorrow · next month · the coming 3 weeks · next December · the rest of the month · by the end of the year."""
    if clock.low(i) == "tomorrow":
        return i + 1, _ahead(cal.whole("day", clock.as_of, 1), "day")
    at = clock.skip(i, "the")
    if clock.low(at) in NEXT_WORDS:
        return _read_next(clock, at + 1)
    if clock.low(at) in ("end", "rest", "remainder"):
        after = clock.skip(clock.skip(at + 1, "of"), "the", "this")
        unit = clock.unit(after)
        if unit is not None and after > at + 1:
            whole = cal.whole(unit, clock.as_of)
            left = whole if clock.low(at) == "end" else Period(start=clock.as_of, end=whole.end)
            return after + 1, _ahead(left, unit)
    return None


def _read_next(clock: Clock, i: int) -> Found:
    """What follows "next": a unit, some units, a month or quarter by name."""
    count = clock.number(i)
    at = i if count is None else i + 1
    if (unit := clock.unit(at)) is not None and count != 0:
        first = cal.whole(unit, clock.as_of, 1)
        days = Period(start=first.start, end=cal.shift(unit, first.start, count or 1))
        return at + 1, _ahead(days, unit, each=unit if count else None, count=count or 1)
    if (number := month_number(clock, at)) is not None:
        return at + 1, _ahead(_coming(cal.month(number, clock.as_of.year), clock.as_of), "month")
    if (quarter := QUARTER.match(clock.low(at))) is not None:
        number = int(quarter[1] or quarter[2])
        return at + 1, _ahead(_coming(cal.part_of_year("quarter", number, clock.as_of.year), clock.as_of), "quarter")
    return None


def _coming(period: Period, as_of: date) -> Period:
    """The same months a year later where they have begun."""
    if period.start > as_of:
        return period
    return Period(start=cal.shift("year", period.start, 1), end=cal.shift("year", period.end, 1))


def _ahead(period: Period, unit: Unit, *, each: Unit | None = None, count: int = 1) -> TimeSense:
    return TimeSense("future", period, unit, count=count, each=each, ahead=True)


def read_fiscal(clock: Clock, i: int) -> Found:
    """FY26 · fiscal year · fiscal Q3."""
    low = clock.low(i)
    if re.fullmatch(r"fy(\d\d|\d{4})?", low):
        return i + 1 + bool(clock.low(i + 1).isdecimal()), TimeSense("fiscal")
    if low not in ("fiscal", "financial"):
        return None
    following = clock.unit(i + 1) is not None or QUARTER.match(clock.low(i + 1)) or HALF.match(clock.low(i + 1))
    return (i + 2, TimeSense("fiscal")) if following else None
