"""Time expressions in a question: single ones, ranges, and those that are open at one side."""

from datetime import date, timedelta

from agent.planner import calendar as cal
from agent.planner.text import Token, words
from agent.planner.time_atoms import atom
from agent.planner.time_clock import Clock, Found
from agent.planner.time_days import day_number
from agent.planner.time_lists import read_listed_days, read_weekend_of
from agent.planner.time_senses import REFUSED, TimeSense
from agent.planner.time_words import COUNTED, MONTHS, WEEKDAYS
from tools.domain.period import Period

_TO = ("to", "until", "till", "through", "thru", "-")
_VERBS = words(
    "burn burns burned burnt burning go goes went gone going run runs ran running get gets got getting churn churned "
    "chew chewed blow blew blown plough plow work worked flow flowed pass passed passing push pushed put pull pulled "
    "come came cycle cycled tear tore rip ripped eat ate power powered cut sail sailed routed route sent process"
)
"""Verbs that "through" belongs to: "burned through last week" is about last week."""
_ONWARDS = ("on", "onward", "onwards", "forward", "forwards")


class TimeReader:
    """Reads time expressions; `loaded_from` is where "all time" and "before October" begin."""

    def __init__(self, tokens: tuple[Token, ...], as_of: date, loaded_from: date | None) -> None:
        self._clock = Clock(tokens, as_of)
        self._as_of, self._loaded_from = as_of, loaded_from

    def at(self, i: int) -> Found:
        """The longest time expression that starts at token `i`: the token after it, and its sense."""
        readings = (
            self._range(i),
            self._days_of_month(i),
            read_listed_days(self._clock, i),
            read_weekend_of(self._clock, i, self.at),
            self._open(i),
            self._everything(i),
            atom(self._clock, i),
        )
        found = max((reading for reading in readings if reading), key=lambda reading: reading[0], default=None)
        return self._with_its_unit(found)

    def _with_its_unit(self, found: Found) -> Found:
        """The July-September quarter · week starting 5 October, 7 days: what the period amounts to is a part of it."""
        if found is None or found[1].period is None:
            return found
        if self._clock.number(found[0]) == found[1].period.days and self._clock.low(found[0] + 1) == "days":
            return found[0] + 2, found[1]
        if found[1].ends is None:
            return found
        unit, period = self._clock.unit(found[0]), found[1].period
        singular = self._clock.low(found[0]) == self._clock.lemma(found[0])
        same = unit is not None and singular and cal.whole(unit, period.start) == period
        return (found[0] + 1, found[1]) if same else found

    def _range(self, i: int) -> Found:
        """from A to B · between A and B · A to B · A - B."""
        low = self._clock.low(i)
        between, since = low == "between", low == "from"
        first = atom(self._clock, self._edge(i + 1, "start", "beginning") if between or since else i)
        if first is None:
            return None
        joint = self._joint(first[0], ("and", "to", "-") if between else _TO)
        if joint is None:
            return None
        joint = self._clock.skip(joint, "and")
        second = atom(self._clock, self._clock.skip(self._edge(joint, "end"), "the", "including"))
        if second is None:
            return None
        sense = self._joined(first[1], second[1], between or since)
        return (second[0], sense) if sense else None

    def _edge(self, i: int, *edges: str) -> int:
        """The position after "the start of", where a range begins there anyway."""
        at = self._clock.skip(i, "the")
        return at + 2 if self._clock.low(at) in edges and self._clock.low(at + 1) == "of" else i

    def _joint(self, i: int, words: tuple[str, ...]) -> int | None:
        """The position after the word or dash that joins two dates."""
        if self._clock.low(i) in words:
            return i + 1
        if self._clock.low(i) == "up" and self._clock.low(i + 1) == "to":
            return i + 2
        tokens = self._clock.tokens
        dashed = "-" in words and i < len(tokens) and tokens[i].glue.strip() == "-"
        return i if dashed else None

    def _joined(self, first: TimeSense, second: TimeSense, between: bool) -> TimeSense | None:
        if "ambiguous" in (first.kind, second.kind) and any(first.days) | any(second.days):
            return self._numeric(first, second, between)
        for sense in (first, second):
            if sense.kind in REFUSED:
                return sense
        first, second = first.moved_to_year_of(second), second.moved_to_year_of(first)
        a, b = first.period, second.period
        if a is None or b is None:
            return None
        if a.start >= b.end:
            if not first.yearless:
                return None
            a = cal.a_year_before(a)
        if second.kind == "future" and not second.yearless:
            return TimeSense("future") if first.kind == "future" else self._spanning(a, b, first, second, between)
        return self._spanning(a, b, first, second, between)

    def _numeric(self, first: TimeSense, second: TimeSense, between: bool) -> TimeSense | None:
        """10/3/2026 to 10/5/2026: both days first, or both months first."""
        found: list[Period] = []
        for order in (0, 1):
            a, b = _day(first, order), _day(second, order)
            if a is not None and b is not None and a.start < b.end:
                found.append(Period(start=a.start, end=b.end))
        if len(found) == 1:
            return TimeSense("period", found[0], between=between)
        spoken = [(p.start, p.last_day) for p in dict.fromkeys(found)]
        options = tuple(f"from {a.day} {a:%B %Y} to {b.day} {b:%B %Y}" for a, b in spoken)
        return TimeSense("ambiguous", options=options) if options else TimeSense("impossible")

    @staticmethod
    def _spanning(a: Period, b: Period, first: TimeSense, second: TimeSense, between: bool) -> TimeSense:
        ends = (first, second) if first.unit == second.unit else None
        return TimeSense("period", Period(start=a.start, end=b.end), ends=ends, between=between)

    def _days_of_month(self, i: int) -> Found:
        """from 3 to 9 October · 3-9 October 2026 · October 3 to 9."""
        clock, start = self._clock, self._clock.skip(i, "from", "between")
        joints = ("and", *_TO) if clock.low(i) == "between" else _TO
        start = clock.skip(clock.skip(start, "the"), *_before_a_day(clock, start))
        if (low_day := day_number(clock, start)) is not None and clock.low(start - 1) not in COUNTED:
            joint = self._joint(start + 1, joints)
            if joint is None:
                return None
            last = atom(clock, clock.skip(joint, "the"))
            found = self._from_day(last, low_day) if last else None
            return _if_weekday(found, clock.low(start - 1))
        if clock.low(start) in MONTHS and (first := atom(clock, start)) is not None and first[1].unit == "day":
            joint = self._joint(first[0], joints)
            if joint is None:
                return None
            at = clock.skip(joint, "the")
            day = day_number(clock, at)
            if day is not None and first[1].period is not None and clock.low(at + 1) not in MONTHS:
                return self._to_day(first[1].period.start, day, at + 1)
        return None

    def _from_day(self, last: tuple[int, TimeSense], day: int) -> Found:
        end, sense = last
        if sense.unit != "day" or sense.period is None:
            return None
        start = cal.safe_date(sense.period.start.year, sense.period.start.month, day)
        if start is None or start >= sense.period.end:
            return end, TimeSense("impossible")
        return end, TimeSense("period", Period(start=start, end=sense.period.end))

    def _to_day(self, start: date, day: int, end: int) -> Found:
        last = cal.safe_date(start.year, start.month, day)
        if last is None or last < start:
            return end, TimeSense("impossible")
        return end, TimeSense("period", Period(start=start, end=last + timedelta(days=1)))

    def _open(self, i: int) -> Found:
        """since March · after 5 October · before October · until yesterday · from Monday onwards."""
        clock, low = self._clock, self._clock.low(i)
        at = i + 1
        if low == "before" and clock.low(at) == "and" and clock.low(at + 1) == "after":
            return self._around(clock.skip(at + 2, "the"))
        if low in ("starting", "beginning"):
            low, at = "since", clock.skip(at, "from", "on", "in", "with")
        elif low == "up" and clock.low(at) in ("to", "until", "through"):
            low, at = "until", at + 1
        elif low in ("prior", "previous") and clock.low(at) == "to":
            low, at = "before", at + 1
        elif low == "as" and clock.low(at) in ("of", "from"):
            low, at = "since", at + 1
        if low not in ("since", "after", "from", "before", "until", "till", "through", "thru"):
            return None
        if low in ("through", "thru") and clock.low(i - 1) in _VERBS:
            return None
        at = self._edge(at, *(("start", "beginning") if low in ("since", "from") else ("end",)))
        found = atom(clock, clock.skip(at, "the"))
        if found is None:
            return None
        end, sense = found
        if sense.kind in REFUSED:
            return end, sense
        if sense.period is None:
            return None
        if (asked := self._two_readings(i, low, sense)) is not None:
            return end, asked
        onwards = clock.low(end) in _ONWARDS
        if low == "from" and not onwards and (sense.unit != "day" or self._points_at_a_day(end)):
            return None
        if low in ("since", "after", "from"):
            start = sense.period.end if low == "after" else sense.period.start
            return end + onwards, self._until_now(start)
        return end, self._from_the_start(sense.period.start if low == "before" else sense.period.end, low == "before")

    def _points_at_a_day(self, i: int) -> bool:
        """Whether "that day" follows: an alert from 11 November is not about the time since then."""
        return any(self._clock.low(at) == "that" and self._clock.low(at + 1) == "day" for at in range(i, i + 30))

    def _around(self, i: int) -> Found:
        """before and after 6 October: two questions."""
        found = atom(self._clock, i)
        if found is None or found[1].period is None:
            return None
        day = found[1].period.start
        options = tuple(f"{side} {day.day} {day:%B %Y}" for side in ("before", "after"))
        return found[0], TimeSense("ambiguous", options=options)

    def _two_readings(self, i: int, low: str, sense: TimeSense) -> TimeSense | None:
        """ "as of 15 November" is up to that day, or since it; "through October" all of it, or all until then."""
        if sense.period is None:
            return None
        first, last = sense.period.start, sense.period.last_day
        if self._clock.low(i) == "as" and first.year == self._as_of.year and first < self._as_of:
            month = cal.unit_start("month", first)
            to = f"from {month.day} {month:%B %Y} to {last.day} {last:%B %Y}"
            since = f"since {first.day} {first:%B %Y}"
            return TimeSense("ambiguous", Period.day_of(first), options=(to, since))
        if low in ("through", "thru") and sense.unit != "day" and first <= self._as_of:
            start = self._loaded_from if self._loaded_from and self._loaded_from < first else first
            spans = [(first, last), (start, last)] if start < first else []
            options = tuple(f"from {a.day} {a:%B %Y} to {b.day} {b:%B %Y}" for a, b in spans)
            return TimeSense("ambiguous", options=options) if options else None
        return None

    def _until_now(self, start: date) -> TimeSense:
        tomorrow = self._as_of + timedelta(days=1)
        return TimeSense("period", Period(start=start, end=tomorrow)) if start < tomorrow else TimeSense("future")

    def _from_the_start(self, end: date, before: bool) -> TimeSense:
        """Everything before `end`; a day of this month counts from the first of the month."""
        last = end - timedelta(days=1)
        this_month = cal.unit_start("month", self._as_of)
        if last >= this_month and not before:
            return TimeSense("period", Period(start=this_month, end=end))
        start = self._loaded_from if self._loaded_from and self._loaded_from < end else cal.unit_start("month", last)
        return TimeSense("period", Period(start=start, end=end))

    def _everything(self, i: int) -> Found:
        """all time · since the beginning · ever · to date."""
        clock = self._clock
        for phrase in _EVERYTHING:
            if tuple(clock.low(i + n) for n in range(len(phrase))) == phrase:
                start = self._loaded_from or cal.unit_start("month", self._as_of)
                return i + len(phrase), self._until_now(min(start, self._as_of))
        return None


def _before_a_day(clock: Clock, i: int) -> tuple[str, ...]:
    """The weekday of "Monday 12 to Friday 16 October", where a day of the month follows it."""
    weekday = clock.low(i)
    return (weekday,) if weekday in WEEKDAYS and day_number(clock, i + 1) is not None else ()


def _if_weekday(found: Found, weekday: str) -> Found:
    """What was found, unless it was said to begin on another day of the week."""
    if found is None or weekday not in WEEKDAYS or found[1].period is None:
        return found
    return found if found[1].period.start.weekday() == WEEKDAYS[weekday] else (found[0], TimeSense("impossible"))


def _day(sense: TimeSense, order: int) -> Period | None:
    """The day that a date in numbers is with the day first (0), or with the month first (1)."""
    if not any(sense.days):
        return sense.period
    day = sense.days[order]
    return Period.day_of(day) if day is not None else None


_EVERYTHING = (
    ("all", "time"), ("of", "all", "time"), ("since", "the", "beginning"), ("since", "the", "start"),
    ("since", "we", "started"), ("since", "inception"), ("from", "the", "beginning"), ("in", "all", "the", "data"),
    ("ever",), ("to", "date"), ("the", "whole", "period"), ("the", "entire", "period"), ("all", "the", "data"),
    ("lifetime",),
)  # fmt: skip
