"""Times that are said loosely, or that pick parts out of days: mid-October, summer, Mondays, at night."""

from datetime import timedelta

from agent.planner import calendar as cal
from agent.planner.calendar import Unit
from agent.planner.text import words
from agent.planner.time_clock import Clock, Found
from agent.planner.time_senses import TimeSense
from agent.planner.time_words import LAST_WORDS, WEEKDAYS
from tools.domain.period import Period

_SEASONS = words("spring summer autumn winter springtime summertime wintertime")
_HOURS = words("business working office work opening peak off-peak night nighttime")
_DAYTIMES = words("morning afternoon evening night nighttime daytime mornings afternoons evenings nights")
_OVER = words("over during this last past previous the for on")
_VAGUE = {"early": "start", "mid": "middle", "late": "end", "beginning": "start", "start": "start", "middle": "middle"}
_VAGUE |= {"end": "end", "close": "end"}


def read_weekend(clock: Clock, i: int) -> Found:
    """over the weekend · this weekend: the latest one that has begun. "on weekends" picks days out of a period."""
    at = clock.skip(clock.skip(i, "the"), *LAST_WORDS, "this")
    low = clock.low(at)
    if low == "weekends":
        return at + 1, TimeSense("partial")
    if low != "weekend" or clock.low(at + 1) in ("days", "day"):
        return (at + 2, TimeSense("partial")) if low == "weekend" else None
    cued = at > i or clock.low(i - 1) in _OVER
    before_last = clock.low(at + 1) == "before" and clock.low(at + 2) == "last"
    if not (cued or before_last) or (clock.low(at + 1) in ("of", "before") and not before_last):
        return at + 1, TimeSense("partial")
    monday = cal.unit_start("week", clock.as_of)
    saturday = monday + timedelta(days=5)
    if saturday > clock.as_of or clock.low(at - 1) in ("last", "past", "previous"):
        saturday -= timedelta(days=7)
    if before_last:
        saturday -= timedelta(days=7)
    return at + 1 + 2 * before_last, clock.sense(Period(start=saturday, end=saturday + timedelta(days=2)), None)


def read_parts_of_days(clock: Clock, i: int) -> Found:
    """on Mondays · on weekdays · in business hours · at night · in the last 6 hours: days or hours out of a period."""
    low = clock.low(i)
    if low.endswith("s") and WEEKDAYS.get(low[:-1]) is not None and len(low) > 4:
        return i + 1, TimeSense("partial")
    if low in ("weekdays", "workdays") and clock.low(i - 1) in ("on", "for", "during"):
        return i + 1, TimeSense("partial")
    if low == "overnight":
        return i + 1, TimeSense("partial")
    if low in _HOURS and (clock.low(i + 1) == "hours" or (low != "peak" and clock.low(i + 1) == "hour")):
        return i + 2, TimeSense("partial")
    at = clock.skip(i, "the")
    if clock.low(at) in _DAYTIMES and clock.low(i - 1) in ("in", "at", "during", "every", "by"):
        return at + 1, TimeSense("partial")
    if clock.low(at) in LAST_WORDS:
        after = at + 1 if clock.number(at + 1) is None else at + 2
        whole_day = clock.number(at + 1) == 24
        if clock.lemma(after) in ("hour", "hr", "minute", "min") and not whole_day:
            return after + 1, TimeSense("partial")
    return None


def read_season(clock: Clock, i: int) -> Found:
    """summer 2026 · last winter: which months these are differs."""
    at = clock.skip(clock.skip(i, "the"), "last", "this", "past")
    low, following = clock.low(at), clock.low(at + 1)
    year = following.isdecimal() and len(following) == 4
    cued = at > i or clock.low(i - 1) in ("in", "during", "since", "over", "for") or year
    autumn = low == "fall" and (year or clock.low(at - 1) in ("last", "this"))
    if not autumn and (low not in _SEASONS or not cued):
        return None
    return at + 1 + year, TimeSense("impossible")


def read_vague(clock: Clock, i: int) -> Found:
    """mid-October · early last month · the end of October: which days are meant is asked back."""
    from agent.planner.time_atoms import atom

    start = clock.skip(i, "the")
    part = _VAGUE.get(clock.low(start))
    if part is None:
        return None
    said_of = clock.low(start + 1) == "of"
    if not said_of and clock.low(start) not in ("early", "mid", "late"):
        return None
    inner = atom(clock, clock.skip(clock.skip(start + 1, "of"), "the", "in"))
    if inner is None or inner[1].kind != "period" or inner[1].period is None or inner[1].unit not in _LONG:
        return None
    if inner[1].to_date:
        return None
    return inner[0], TimeSense("ambiguous", options=_options(part, inner[1].period))


_LONG: tuple[Unit, ...] = ("month", "quarter", "half", "year")


def _options(part: str, whole: Period) -> tuple[str, ...]:
    """A third and, for the start and the end, a half of the period, as exact days."""
    third, half = whole.days // 3, whole.days // 2
    start, last = whole.start, whole.last_day
    if part == "start":
        spans = [(start, start + timedelta(days=third - 1)), (start, start + timedelta(days=half - 1))]
    elif part == "end":
        spans = [(last - timedelta(days=third - 1), last), (last - timedelta(days=half - 1), last)]
    else:
        quarter = whole.days // 4
        spans = [(start + timedelta(days=cut), last - timedelta(days=cut)) for cut in (third, quarter)]
    return tuple(f"from {a.day} {a:%B %Y} to {b.day} {b:%B %Y}" for a, b in spans)
