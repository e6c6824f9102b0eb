"""Single time expressions: "last month", "Q3 2026", "6 October", "the first week of October".

Each reader looks at one position and gives the position after what it read, with the sense, or None.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from agent.planner import calendar as cal
from agent.planner.calendar import Unit
from agent.planner.text import Token, words
from agent.planner.time_senses import TimeSense, period_sense
from agent.planner.time_words import (
    ABBREVIATED_OVER,
    ABBREVIATED_TO_DATE,
    COUNTED,
    LAST_WORDS,
    MONTHS,
    NEXT_WORDS,
    NUMBERS,
    ORDINALS,
    THIS_WORDS,
    UNIT_WORDS,
    WEEKDAYS,
    WHOLE_WORDS,
)
from tools.domain.period import Period

Found = tuple[int, TimeSense] | None

_QUARTER = re.compile(r"(?:q([1-4])|([1-4])q)$")
_HALF = re.compile(r"(?:h([12])|([12])h)$")
_ORDINAL_DAY = re.compile(r"(\d{1,2})(?:st|nd|rd|th)$")
_BEFORE_MAY = words(
    "in since of from to for during and vs versus last until till by between through before after this than early "
    "mid late with against month"
)


@dataclass(frozen=True)
class Clock:
    """The tokens of a question and the day it was asked."""

    tokens: Sequence[Token]
    as_of: date

    def low(self, index: int) -> str:
        """The word at a position in lower case; "" outside, and for quoted text."""
        if not 0 <= index < len(self.tokens) or self.tokens[index].quoted:
            return ""
        return self.tokens[index].low

    def lemma(self, index: int) -> str:
        return self.tokens[index].lemma if self.low(index) else ""

    def skip(self, index: int, *words: str) -> int:
        """The position after one of `words`, if it stands there."""
        return index + 1 if self.low(index) in words else index

    def number(self, index: int) -> int | None:
        low = self.low(index)
        if low.isdecimal() and len(low) <= 3:
            return int(low)
        return NUMBERS.get(low)

    def unit(self, index: int) -> Unit | None:
        return UNIT_WORDS.get(self.lemma(index))

    def sense(self, period: Period, unit: Unit | None, *, yearless: bool = False, to_date: bool = False) -> TimeSense:
        return period_sense(period, unit, self.as_of, yearless=yearless, to_date=to_date)


def atom(clock: Clock, i: int) -> Found:
    """The longest single time expression that starts at `i`."""
    found = [result for reader in _READERS if (result := reader(clock, i)) is not None]
    return max(found, key=lambda result: result[0], default=None)


def _day_word(clock: Clock, i: int) -> Found:
    i = clock.skip(i, "the")
    words, today = clock.low(i), clock.as_of
    if words in ("today", "todays"):
        return i + 1, clock.sense(Period.day_of(today), "day")
    if words == "yesterday":
        return i + 1, clock.sense(Period.day_of(today - timedelta(days=1)), "day")
    if words == "day" and clock.low(i + 1) == "before" and clock.low(i + 2) == "yesterday":
        return i + 3, clock.sense(Period.day_of(today - timedelta(days=2)), "day")
    return None


def _last_units(clock: Clock, i: int) -> Found:
    """last month · the past 3 months · trailing 30 days · the last full quarter."""
    i = clock.skip(i, "the")
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
    if clock.low(i) == "weekend" and count is None:
        monday = cal.unit_start("week", clock.as_of)
        return i + 1, clock.sense(Period(start=monday - timedelta(days=2), end=monday), None)
    unit = clock.unit(i)
    if unit is None or count == 0 or (count or 1) > 400:
        return None
    if (count or 1) == 1:
        return i + 1, clock.sense(cal.last(unit, 1, clock.as_of), unit)
    return i + 1, TimeSense("period", cal.last(unit, count or 1, clock.as_of), count=count or 1, each=unit)


def _this_unit(clock: Clock, i: int) -> Found:
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


def _unit_to_date(clock: Clock, i: int) -> Found:
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


def _units_ago(clock: Clock, i: int) -> Found:
    """3 days ago · a month ago · two weeks earlier."""
    count = 1 if clock.low(i) in ("a", "an", "one") else clock.number(i)
    unit = clock.unit(i + 1)
    if count is None or unit is None:
        return None
    if clock.low(i + 2) in ("earlier", "before", "prior") or (unit == "year" and clock.low(i + 2) == "ago"):
        return i + 3, TimeSense("shift", unit=unit, count=count)
    if clock.low(i + 2) != "ago" or count == 0:
        return None
    return i + 3, clock.sense(cal.whole(unit, clock.as_of, -count), unit)


def _shifted(clock: Clock, i: int) -> Found:
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
    if unit is not None and clock.low(at + 1) in ("before", "prior", "earlier") and clock.low(at + 2) not in MONTHS:
        return at + 2, TimeSense("shift", unit=unit)
    if clock.low(at) in ("previous", "prior", "preceding") and clock.low(at + 1) == "period":
        return at + 2, TimeSense("shift", unit=None)
    if clock.low(at) in LAST_WORDS and clock.low(at + 1) == "one":
        return at + 2, TimeSense("shift", unit=None)
    if clock.low(at) == "period" and clock.low(at + 1) == "before":
        return at + 2, TimeSense("shift", unit=None)
    return None


_SAME_SPANS = frozenset(["time", "period", "month", "week", "quarter", "day", "date", "span", "timeframe", "point"])


def _over_units(clock: Clock, i: int) -> Found:
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


def _quarter_or_half(clock: Clock, i: int) -> Found:
    """Q3 · 3Q 2026 · third quarter of 2026 · H1 last year · 2026 Q3."""
    year_first = _plain_year(clock, i)
    at = i + 1 if year_first is not None else clock.skip(i, "the")
    numbered = _numbered_part(clock, at)
    if numbered is None:
        return None
    end, unit, number = numbered
    year, end = (year_first, end) if year_first is not None else _year_after(clock, end)
    if year is not None:
        return end, clock.sense(cal.part_of_year(unit, number, year), unit)
    period = cal.part_of_year(unit, number, clock.as_of.year)
    if period.start > clock.as_of:
        period = cal.a_year_before(period)
    return end, clock.sense(period, unit, yearless=True)


def _numbered_part(clock: Clock, i: int) -> tuple[int, Unit, int] | None:
    low = clock.low(i)
    if match := _QUARTER.match(low):
        return i + 1, "quarter", int(match.group(1) or match.group(2))
    if match := _HALF.match(low):
        return i + 1, "half", int(match.group(1) or match.group(2))
    ordinal, unit = ORDINALS.get(low, 0), clock.unit(i + 1)
    if ordinal > 0 and unit == "quarter" and ordinal <= 4:
        return i + 2, "quarter", ordinal
    if ordinal > 0 and unit == "half" and ordinal <= 2 and _of_a_year(clock, i + 2):
        return i + 2, "half", ordinal
    if clock.unit(i) == "quarter" and (number := clock.number(i + 1)) is not None and 1 <= number <= 4:
        return i + 2, "quarter", number
    return None


def _of_a_year(clock: Clock, i: int) -> bool:
    return _year_after(clock, i)[0] is not None


def _month_name(clock: Clock, i: int) -> Found:
    """October · Oct 2025 · October '25 · last October · October of last year."""
    which = clock.low(i) if clock.low(i) in ("last", "this", "previous") else ""
    at = i + 1 if which else i
    number = _month_number(clock, at)
    if number is None:
        return None
    year, end = _year_after(clock, at + 1)
    if year is not None:
        return end, clock.sense(cal.month(number, year), "month")
    period = cal.month(number, clock.as_of.year)
    if which == "this":
        return at + 1, clock.sense(period, "month")
    if period.start > clock.as_of or (which and period.end > clock.as_of):
        period = cal.a_year_before(period)
    return at + 1, clock.sense(period, "month", yearless=not which)


def _month_number(clock: Clock, i: int) -> int | None:
    low = clock.low(i)
    number = MONTHS.get(low)
    if low != "may" or number is None:
        return number
    following = clock.low(i + 1)
    if clock.low(i - 1) in _BEFORE_MAY or (following.isdecimal()) or following.startswith("'"):
        return number
    named = clock.tokens[i].text == "May" and i > 0
    return number if named else None


def _year_after(clock: Clock, i: int) -> tuple[int | None, int]:
    """A year that follows: 2025 · '25 · of 2025 · last year · of this year; and the position after it."""
    at = clock.skip(i, "of", "in")
    if (year := _plain_year(clock, at)) is not None:
        return year, at + 1
    at = clock.skip(at, "the")
    if clock.lemma(at + 1) == "year" and clock.low(at) in ("last", "previous", "this", "current"):
        return clock.as_of.year - (clock.low(at) in ("last", "previous")), at + 2
    if clock.lemma(at) == "year" and clock.low(at - 1) == "the":
        return clock.as_of.year, at + 1
    return None, i


def _plain_year(clock: Clock, i: int) -> int | None:
    low = clock.low(i)
    if re.fullmatch(r"20[0-4]\d", low):
        return int(low)
    return 2000 + int(low[1:]) if re.fullmatch(r"'\d\d", low) else None


def _year(clock: Clock, i: int) -> Found:
    at = clock.skip(i, "year")
    year = _plain_year(clock, at)
    if year is None or clock.low(at - 1) in COUNTED or clock.low(at - 1) in ("$", "than", "over", "above"):
        return None
    return at + 1, clock.sense(cal.year(year), "year")


def _iso(clock: Clock, i: int) -> Found:
    match = re.fullmatch(r"(\d{4})-(\d{1,2})(?:-(\d{1,2}))?", clock.low(i))
    if not match:
        return None
    year, month, day = int(match[1]), int(match[2]), int(match[3] or 1)
    start = cal.safe_date(year, month, day)
    if start is None:
        return i + 1, TimeSense("impossible")
    unit: Unit = "day" if match[3] else "month"
    return i + 1, clock.sense(cal.whole(unit, start), unit)


def _slashed(clock: Clock, i: int) -> Found:
    """10/6/2026 has two readings unless one is impossible; 13/10/2026 and 2026/10/06 have one."""
    parts = [int(part) for part in re.split(r"[/.]", clock.low(i)) if part.isdecimal()]
    if not re.fullmatch(r"\d{1,4}/\d{1,2}(/\d{2,4})?|\d{1,2}\.\d{1,2}\.\d{4}", clock.low(i)) or len(parts) < 2:
        return None
    if parts[0] > 31:
        start = cal.safe_date(parts[0], parts[1], parts[2]) if len(parts) == 3 else None
        return i + 1, clock.sense(Period.day_of(start), "day") if start else TimeSense("impossible")
    year = (parts[2] + 2000 if parts[2] < 100 else parts[2]) if len(parts) == 3 else clock.as_of.year
    days = {cal.safe_date(year, parts[0], parts[1]), cal.safe_date(year, parts[1], parts[0])} - {None}
    known = sorted(day for day in days if day is not None)
    if len(known) == 2:
        return i + 1, TimeSense("ambiguous", options=tuple(f"{day.day} {day:%B %Y}" for day in known))
    if not known:
        return i + 1, TimeSense("impossible")
    return i + 1, clock.sense(Period.day_of(known[0]), "day", yearless=len(parts) == 2)


def _day_of_month(clock: Clock, i: int) -> Found:
    """6 October · 6th of Oct 2026 · October 6th, 2026."""
    at = clock.skip(i, "the")
    if (day := day_number(clock, at)) is not None and clock.low(at - 1) not in COUNTED:
        of = clock.skip(at + 1, "of")
        if (month := _month_number(clock, of)) is not None:
            return _dated(clock, *_year_after(clock, of + 1), month, day)
    if (month := _month_number(clock, at)) is not None:
        number = clock.skip(at + 1, "the")
        if (day := day_number(clock, number)) is not None and not _counts_units(clock, number):
            return _dated(clock, *_year_after(clock, number + 1), month, day)
    return None


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


def _day_alone(clock: Clock, i: int) -> Found:
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


def _weekday(clock: Clock, i: int) -> Found:
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


def _week_of(clock: Clock, i: int) -> Found:
    """the week of 5 October · week starting 5 October · week ending 11 October · week 41 · W41 2026."""
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
    year, end = _year_after(clock, i)
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
    return (inner[0], clock.sense(part, unit if (count or 1) == 1 else None)) if part else None


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


def _fiscal(clock: Clock, i: int) -> Found:
    """FY26 · fiscal year · fiscal Q3."""
    low = clock.low(i)
    if re.fullmatch(r"fy(\d\d|\d{4})?", low):
        return i + 1 + bool(clock.low(i + 1).isdecimal()), TimeSense("fiscal")
    if low not in ("fiscal", "financial"):
        return None
    following = clock.unit(i + 1) is not None or _QUARTER.match(clock.low(i + 1)) or _HALF.match(clock.low(i + 1))
    return (i + 2, TimeSense("fiscal")) if following else None


def _future(clock: Clock, i: int) -> Found:
    """tomorrow · next month · the coming 3 weeks · by the end of the year · the rest of the month."""
    if clock.low(i) == "tomorrow":
        return i + 1, TimeSense("future")
    at = clock.skip(i, "the")
    if clock.low(at) in NEXT_WORDS:
        after = at + 1 if clock.number(at + 1) is None else at + 2
        if clock.unit(after) is not None or _month_number(clock, after) or _QUARTER.match(clock.low(after)):
            return after + 1, TimeSense("future")
    if clock.low(at) in ("end", "rest", "remainder"):
        after = clock.skip(clock.skip(at + 1, "of"), "the", "this")
        if clock.unit(after) is not None and after > at + 1:
            return after + 1, TimeSense("future")
    return None


def _last_period(clock: Clock, i: int) -> Found:
    """last period: of what length?"""
    at = clock.skip(i, "the")
    if clock.low(at) in ("last", "this") and clock.low(at + 1) == "period":
        options = (
            ("last month", "last week", "last quarter") if clock.low(at) == "last" else ("this month", "this week")
        )
        return at + 2, TimeSense("ambiguous", options=options)
    return None


_Reader = Callable[[Clock, int], Found]
_READERS: tuple[_Reader, ...] = (
    _day_word, _last_units, _this_unit, _unit_to_date, _units_ago, _shifted, _over_units, _quarter_or_half, _month_name,
    _year, _iso, _slashed, _day_of_month, _day_alone, _weekday, _week_of, _part_of, _fiscal, _future, _last_period,
)  # fmt: skip
