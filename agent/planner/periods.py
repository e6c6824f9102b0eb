"""Which period a question is about, and which it is compared with."""

from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Literal

from agent.planner import calendar as cal
from agent.planner.calendar import Unit
from agent.planner.reading import Reading
from agent.planner.time_senses import REFUSED, TimeSense
from tools.domain.period import Period
from tools.domain.query import Granularity

Comparison = Period | Literal["previous"] | None
_SERIES_LENGTH: dict[str, tuple[Unit, int]] = {
    "week": ("week", 11), "month": ("month", 11), "quarter": ("quarter", 7), "year": ("year", 4),
}  # fmt: skip
"""How many units before this one a series goes back when the question names no period."""


@dataclass(frozen=True)
class Periods:
    """`period` None: not said. `granularity` is set where the words of time ask for one."""

    period: Period | None = None
    compare_to: Comparison = None
    granularity: Granularity | None = None


def periods(reading: Reading, as_of: date) -> Periods:
    """Resolve the roles of all time expressions. Those that can't be answered are left out: see `refused_time`."""
    senses = _taken_apart(reading)
    plain = [sense for sense in senses if sense.kind == "period" and sense.period is not None]
    shifts = [sense for sense in senses if sense.kind == "shift"]
    overs = [sense for sense in senses if sense.kind == "over"]
    if len(plain) >= 2:
        return _several(plain, reading)
    main = plain[0] if plain else None
    if overs:
        return _over(main, overs[0].unit or "month", reading, as_of)
    if shifts:
        return _shifted(main, shifts[0], reading, as_of)
    if main is None:
        return _unsaid(reading, as_of)
    if _is_baseline(main, reading):
        return _against(main, reading, as_of)
    return _single(main, reading)


def refused_time(reading: Reading) -> TimeSense | None:
    """A time expression that stands in the way of an answer: fiscal, future, impossible or ambiguous."""
    senses = [span.time for span in reading.times if span.time is not None]
    return next((s for s in senses if s.kind in (*REFUSED, "future")), None)


def scattered(reading: Reading) -> bool:
    """Whether more than two periods are named that don't follow each other: January, March and May."""
    found = sorted({s.period for s in _taken_apart(reading) if s.kind == "period" and s.period}, key=lambda p: p.start)
    return len(found) > 2 and not all(a.end == b.start for a, b in pairwise(found))


def _taken_apart(reading: Reading) -> list[TimeSense]:
    """The senses of all time spans; "from Q2 to Q3" becomes two where a change between them is asked for."""
    senses: list[TimeSense] = []
    for span in reading.times:
        sense = span.time
        if sense is None:
            continue
        if sense.ends is not None and _splits(sense, reading):
            senses += sense.ends
        else:
            senses.append(sense)
    senses = _without_their_year(senses)
    for index in range(len(senses) - 2, -1, -1):
        moved = senses[index].moved_to_year_of(senses[index + 1])
        if moved.period != senses[index + 1].period:
            senses[index] = moved
    return senses


def _without_their_year(senses: list[TimeSense]) -> list[TimeSense]:
    """Q3 … this year next to Q2: the year says which quarters are meant, it is no third period."""
    years = [sense for sense in senses if sense.unit == "year" and sense.period is not None]
    parts = [sense for sense in senses if sense.yearless]
    if len(years) != 1 or len(parts) < 2 or len(parts) + 1 != len(senses):
        return senses
    moved = [part.moved_to_year_of(years[0]) for part in parts]
    whole = years[0].period
    inside = whole and all(m.period and whole.start <= m.period.start < whole.end for m in moved)
    return moved if inside else senses


def _splits(sense: TimeSense, reading: Reading) -> bool:
    if reading.granularity is not None or reading.has("trend") or len(reading.times) > 1:
        return False
    unit = sense.ends[0].unit if sense.ends else None
    if unit is None:
        return False
    if reading.has("compare", "baseline") and not reading.compared_names:
        return unit != "day" or not sense.between or not reading.groups
    return reading.has("change", "why") and (unit != "day" or sense.between)


def _several(plain: list[TimeSense], reading: Reading) -> Periods:
    """Two periods are compared, the later with the earlier; more that touch are a series."""
    ordered = sorted({s.period for s in plain if s.period}, key=lambda p: (p.start, p.end))
    if len(ordered) == 1:
        return Periods(ordered[0], "previous" if reading.has("compare", "baseline") else None)
    inside = [p for p in ordered if all(q.start <= p.start and p.end <= q.end for q in ordered)]
    if inside and not reading.has("compare", "baseline"):
        return _single(next(s for s in plain if s.period == inside[0]), reading)
    touching = all(a.end == b.start for a, b in pairwise(ordered))
    unit = plain[0].unit
    compares = reading.has("compare", "baseline", "change", "why")
    if touching and unit in ("day", "week", "month", "quarter", "year") and (len(ordered) > 2 or not compares):
        whole = Period(start=ordered[0].start, end=ordered[-1].end)
        return Periods(whole, granularity=unit)
    if plain[0].period and (base := _said_baseline(plain, reading)) is not None and len(ordered) == 2:
        main = next(s for s in plain if s.period != base.period)
        return _pair(main, base)
    later = next(s for s in plain if s.period == ordered[-1])
    earlier = next(s for s in plain if s.period == ordered[0])
    return _pair(later, earlier)


def _said_baseline(plain: list[TimeSense], reading: Reading) -> TimeSense | None:
    """The period after "compared to" or "than"; versus leaves the order open."""
    for index, span in enumerate(reading.spans):
        if span.kind == "baseline" and reading.text(span).lower() not in ("vs", "versus", "v", "against"):
            following = [s.time for s in reading.spans[index + 1 :] if s.kind == "time"]
            if len(following) == 1 and following[0] in plain:
                return following[0]
    return None


def _pair(main: TimeSense, base: TimeSense) -> Periods:
    """A period to date is compared with the same days of the unit before."""
    if main.period is None:
        return Periods()
    if main.to_date and main.unit is not None and main.unit == base.unit and base.period is not None:
        before = cal.whole(main.unit, main.period.start, -1)
        if base.period == before:
            return Periods(main.period, "previous")
    return Periods(main.period, base.period)


def _over(main: TimeSense | None, unit: Unit, reading: Reading, as_of: date) -> Periods:
    """month over month: the last full unit and the one before; over a longer period, or as a trend, a series."""
    grain: Granularity | None = None if unit == "half" else unit
    if main is None and (reading.has("trend") or reading.granularity is not None):
        return Periods(_series(reading.granularity or grain, as_of), granularity=grain)
    if main is None:
        base: Unit = "month" if unit == "year" else unit
        period = cal.last(base, 1, as_of)
        return Periods(period, cal.a_year_before(period) if unit == "year" else "previous")
    if main.period is None:
        return Periods()
    if main.ends is not None and main.ends[0].unit == unit and reading.has("change") and _are_next(main.ends):
        return _pair(main.ends[1], main.ends[0])
    if unit == "year":
        return Periods(main.period, cal.a_year_before(main.period))
    if main.unit == unit:
        return Periods(main.period, "previous")
    return Periods(main.period, granularity=grain)


def _are_next(ends: tuple[TimeSense, TimeSense]) -> bool:
    """Whether a range has just two units, as in "month over month, September to October"."""
    first, second = (end.period for end in ends)
    return first is not None and second is not None and first.end == second.start


def _shifted(main: TimeSense | None, shift: TimeSense, reading: Reading, as_of: date) -> Periods:
    """the same time last year: what the main period is compared with, or itself the period."""
    compares = main is not None or reading.has("compare", "baseline", "change", "why")
    unit: Unit = shift.unit or (main.unit if main else None) or "month"
    if main is None:
        base: Unit = "month" if unit in ("year", "half") else unit
        main = TimeSense("period", cal.to_date(base, as_of), base, to_date=True)
    if main.period is None:
        return Periods()
    if not compares and shift.unit == "year":
        return Periods(cal.a_year_before(main.period))
    moved: Comparison = "previous"
    if shift.count < 0:
        return Periods(main.period, _following(main.period, shift.unit))
    if shift.unit == "year":
        moved = cal.a_year_before(main.period)
        for _ in range(shift.count - 1):
            moved = cal.a_year_before(moved)
    elif shift.unit is not None and shift.unit == main.each and shift.count == main.count:
        moved = main.period.preceding()
    elif shift.unit is not None and shift.unit != main.unit and not main.period.whole_months:
        month = 28 if main.unit == "week" else 30
        days = {"day": 1, "week": 7, "month": month, "quarter": 91}.get(unit, 1)
        start = cal.shift("day", main.period.start, -days * shift.count)
        moved = Period(start=start, end=cal.shift("day", start, main.period.days))
    if compares:
        return Periods(main.period, moved)
    return Periods(main.period.preceding() if moved == "previous" else moved)


def shifted_back(period: Period, shift: TimeSense) -> Period:
    """The period moved back by a year, a month, …; for a follow-up such as "and the month before?"."""
    if shift.count < 0:
        return _following(period, shift.unit)
    for _ in range(shift.count):
        if shift.unit == "year":
            period = cal.a_year_before(period)
        elif shift.unit in ("month", "quarter", "half") and period.start.day == 1:
            period = _by_months(period, shift.unit)
        else:
            period = period.preceding()
    return period


def _following(period: Period, unit: Unit | None) -> Period:
    """The calendar unit after the one that the period ends in: "and the month after?"."""
    if unit is None or (unit == "week" and period.days == 7):
        return Period(start=period.end, end=period.end + (period.end - period.start))
    return cal.whole(unit, period.last_day, 1)


def _by_months(period: Period, unit: Unit) -> Period:
    start = cal.shift(unit, period.start, -1)
    if period.end.day == 1:
        return Period(start=start, end=cal.shift(unit, period.end, -1))
    return Period(start=start, end=cal.shift("day", start, period.days))


def _is_baseline(main: TimeSense, reading: Reading) -> bool:
    """Whether the only period follows "compared to", so that now is what is asked about."""
    for index, span in enumerate(reading.spans):
        if span.kind != "baseline":
            continue
        following = next((s for s in reading.spans[index + 1 :] if s.kind not in ("filler", "prep")), None)
        if following is not None and following.kind == "time" and following.time == main:
            return True
    return False


def _against(base: TimeSense, reading: Reading, as_of: date) -> Periods:
    """Compared to last month: this month to date, with the same days of the month before."""
    if base.period is None or base.unit is None:
        return Periods(None, base.period)
    unit: Unit = base.unit
    if base.period == cal.last(unit, 1, as_of):
        if unit == "month":
            return Periods(None, "previous")
        return Periods(cal.to_date(unit, as_of), "previous")
    return Periods(None, base.period)


def _single(main: TimeSense, reading: Reading) -> Periods:
    """One period; a change in it is against the period before, or a series where it is long."""
    if main.period is None:
        return Periods()
    if main.each is not None and _said_each(main, reading):
        return Periods(main.period, granularity=None if main.each == "half" else main.each)
    if main.each is not None and not reading.compared_names and reading.has("compare", "change", "baseline"):
        return _units(main, main.each, reading)
    if reading.has("why"):
        return Periods(main.period, "previous")
    if reading.has("change", "ratio") and reading.granularity is None and not reading.has("trend"):
        ranked = bool(reading.groups) or reading.has("rank", "most", "which", "drivers", "ratio")
        if main.unit is not None or ranked:
            return Periods(main.period, "previous")
        return Periods(main.period, granularity=series_grain(main.period))
    if reading.has("trend") and reading.granularity is None:
        return Periods(main.period, granularity=series_grain(main.period))
    return Periods(main.period)


def _said_each(main: TimeSense, reading: Reading) -> bool:
    """in each of the last 3 months"""
    at = next(span.start for span in reading.times if span.time == main)
    return bool({token.low for token in reading.tokens[max(at - 3, 0) : at]} & {"each", "every", "per"})


def _units(main: TimeSense, unit: Unit, reading: Reading) -> Periods:
    """The last N units: two are compared, more are a series; what changed most in them is against those before."""
    if main.period is None:
        return Periods()
    if reading.has("change") and (reading.groups or reading.has("rank", "most", "which")):
        return Periods(main.period, "previous")
    if main.count == 2 and reading.has("compare"):
        start = cal.shift(unit, main.period.start, 1)
        return Periods(Period(start=start, end=main.period.end), "previous")
    return Periods(main.period, granularity=None if unit == "half" else unit)


def _unsaid(reading: Reading, as_of: date) -> Periods:
    if reading.compared_names and reading.granularity is None and not reading.has("trend"):
        return Periods()
    if reading.has("why", "change") and reading.granularity is None and not reading.has("trend"):
        return Periods(None, "previous")
    if reading.granularity is not None:
        return Periods(_series(reading.granularity, as_of))
    if reading.has("trend"):
        return Periods(_series("month", as_of), granularity="month")
    return Periods()


def _series(grain: Granularity | None, as_of: date) -> Period | None:
    """The span of a series without a named period: 12 weeks or months, 8 quarters, 5 years, each to date."""
    if grain not in _SERIES_LENGTH:
        return None
    unit, count = _SERIES_LENGTH[grain]
    start = cal.shift(unit, cal.unit_start(unit, as_of), -count)
    return replace_start(cal.to_date("day", as_of), start)


def replace_start(period: Period, start: date) -> Period:
    return Period(start=start, end=period.end)


def series_grain(period: Period) -> Granularity:
    """Days up to five weeks, weeks up to a quarter, months beyond."""
    return "day" if period.days <= 35 else "week" if period.days <= 62 else "month"
