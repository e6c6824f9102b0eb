"""Years, quarters, halves and months by name: Q3 2026, H1, October '25."""

import re

from agent.planner import calendar as cal
from agent.planner.calendar import Unit
from agent.planner.text import words
from agent.planner.time_clock import Clock, Found
from agent.planner.time_words import (
    COUNTED,
    MONTHS,
    ORDINALS,
)

QUARTER = re.compile(r"(?:q([1-4])|([1-4])q)$")


HALF = re.compile(r"(?:h([12])|([12])h)$")


_BEFORE_MAY = words(
    "in since of from to for during and vs versus last until till by between through before after this than early "
    "mid late with against month"
)


def read_quarter_or_half(clock: Clock, i: int) -> Found:
    """Q3 · 3Q 2026 · third quarter of 2026 · H1 last year · 2026 Q3."""
    year_first = plain_year(clock, i)
    at = i + 1 if year_first is not None else clock.skip(i, "the")
    numbered = _numbered_part(clock, at)
    if numbered is None:
        return None
    end, unit, number = numbered
    year, end = (year_first, end) if year_first is not None else year_after(clock, end)
    if year is None and re.fullmatch(r"2\d", clock.low(end)) and clock.unit(end + 1) is None:
        year, end = 2000 + int(clock.low(end)), end + 1
    if year is not None:
        return end, clock.sense(cal.part_of_year(unit, number, year), unit)
    period = cal.part_of_year(unit, number, clock.as_of.year)
    if period.start > clock.as_of:
        period = cal.a_year_before(period)
    return end, clock.sense(period, unit, yearless=True)


def _numbered_part(clock: Clock, i: int) -> tuple[int, Unit, int] | None:
    low = clock.low(i)
    if match := QUARTER.match(low):
        return i + 1, "quarter", int(match.group(1) or match.group(2))
    if match := HALF.match(low):
        return i + 1, "half", int(match.group(1) or match.group(2))
    ordinal, unit = ORDINALS.get(low, 0), clock.unit(i + 1)
    if ordinal > 0 and unit == "quarter" and ordinal <= 4:
        return i + 2, "quarter", ordinal
    if 0 < ordinal <= 4 and _shares_the_quarter(clock, i):
        return i + 1, "quarter", ordinal
    if ordinal > 0 and unit == "half" and ordinal <= 2 and _of_a_year(clock, i + 2):
        return i + 2, "half", ordinal
    if clock.unit(i) == "quarter" and (number := clock.number(i + 1)) is not None and 1 <= number <= 4:
        return i + 2, "quarter", number
    return None


def _shares_the_quarter(clock: Clock, i: int) -> bool:
    """Whether "quarter" is said of its neighbour: the second and third quarter, from the second to the third."""
    after = clock.skip(clock.skip(i + 1, *_JOINS), "the")
    if after > i + 1 and ORDINALS.get(clock.low(after), 0) > 0 and clock.unit(after + 1) == "quarter":
        return True
    joint = i - 2 if clock.low(i - 1) == "the" else i - 1
    joint = joint - 1 if clock.low(joint) in ("with", "to") and clock.low(joint - 1) == "compared" else joint
    ends = i + 1 >= len(clock.tokens) or bool(clock.tokens[i + 1].glue.strip(" "))
    before = clock.low(joint) in (*_JOINS, "compared") and clock.unit(joint - 1) == "quarter"
    return ends and before and ORDINALS.get(clock.low(joint - 2), 0) > 0


_JOINS = ("and", "to", "or", "than", "versus", "vs", "against")


def _of_a_year(clock: Clock, i: int) -> bool:
    return year_after(clock, i)[0] is not None


def read_month_name(clock: Clock, i: int) -> Found:
    """October · Oct 2025 · October '25 · last October · October of last year · the month of October."""
    at = clock.skip(i, "the")
    if clock.lemma(at) == "month" and clock.low(at + 1) == "of":
        return read_month_name(clock, at + 2) if month_number(clock, at + 2) else None
    which = clock.low(i) if clock.low(i) in ("last", "this", "previous") else ""
    at = i + 1 if which else i
    number = month_number(clock, at)
    if number is None:
        return None
    year, end = year_after(clock, at + 1)
    if year is not None:
        return end, clock.sense(cal.month(number, year), "month")
    period = cal.month(number, clock.as_of.year)
    if which == "this":
        return at + 1, clock.sense(period, "month")
    if clock.low(at + 1) == "to" and clock.low(at + 2) == "date" and period.start <= clock.as_of < period.end:
        return at + 3, clock.sense(cal.to_date("month", clock.as_of), "month", to_date=True)
    if period.start > clock.as_of or (which and period.end > clock.as_of):
        period = cal.a_year_before(period)
    return at + 1, clock.sense(period, "month", yearless=not which)


def month_number(clock: Clock, i: int) -> int | None:
    low = clock.low(i)
    number = MONTHS.get(low)
    if low != "may" or number is None:
        return number
    following = clock.low(i + 1)
    if clock.low(i - 1) in _BEFORE_MAY or (following.isdecimal()) or following.startswith("'"):
        return number
    named = clock.tokens[i].text == "May" and i > 0
    return number if named else None


def read_year(clock: Clock, i: int) -> Found:
    at = clock.skip(i, "year")
    year = plain_year(clock, at)
    if year is None or clock.low(at - 1) in COUNTED or clock.low(at - 1) in ("$", "than", "over", "above"):
        return None
    return at + 1, clock.sense(cal.year(year), "year")


def year_after(clock: Clock, i: int) -> tuple[int | None, int]:
    """A year that follows: 2025 · '25 · of 2025 · last year · of this year; and the position after it."""
    at = clock.skip(i, "of", "in")
    if (year := plain_year(clock, at)) is not None:
        return year, at + 1
    at = clock.skip(at, "the")
    if clock.lemma(at + 1) == "year" and clock.low(at) in ("last", "previous", "this", "current"):
        return clock.as_of.year - (clock.low(at) in ("last", "previous")), at + 2
    if clock.lemma(at) == "year" and clock.low(at - 1) == "the":
        return clock.as_of.year, at + 1
    return None, i


def plain_year(clock: Clock, i: int) -> int | None:
    low = clock.low(i)
    if re.fullmatch(r"20[0-4]\d", low):
        return int(low)
    return 2000 + int(low[1:]) if re.fullmatch(r"'\d\d", low) else None
