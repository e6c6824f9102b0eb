"""What a time expression can mean."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from agent.planner.calendar import Unit, a_year_before
from tools.domain.period import Period

TimeKind = Literal["period", "shift", "over", "future", "fiscal", "ambiguous", "impossible", "partial"]

REFUSED: tuple[TimeKind, ...] = ("ambiguous", "fiscal", "impossible", "partial")
"""Understood, and in the way of an answer whatever stands beside it."""


@dataclass(frozen=True, slots=True)
class TimeSense:
    """One reading of a time expression.

    `period`: these days. `shift`: the main period moved back by `count` `unit`s ("the same time last year").
    `over`: "month over month". `future`: to come, which only a forecast can tell of.
    `fiscal`, `impossible`: understood, and not answerable.
    `partial`: days or hours picked out of a period, which no query can do ("on Mondays").
    `ambiguous`: `options` are the readings, in words that have one reading.
    """

    kind: TimeKind
    period: Period | None = None
    unit: Unit | None = None
    count: int = 1
    to_date: bool = False
    yearless: bool = False
    options: tuple[str, ...] = ()
    each: Unit | None = None
    """The unit that `count` of make up the period: "the last 6 months"."""
    ends: "tuple[TimeSense, TimeSense] | None" = None
    """The two ends of "A to B", which a comparison may take apart."""
    days: tuple[date | None, date | None] = (None, None)
    """What 10/3/2026 is with the day first, and with the month first; None where there is no such day."""
    between: bool = False
    """The range was said with from or between."""
    ahead: bool = False
    """It was said as what is to come: "next month", "the rest of the year"."""

    def moved_to_year_of(self, other: "TimeSense") -> "TimeSense":
        """A yearless period in the year that the other end of its range or list names."""
        if not self.yearless or other.yearless or self.period is None or other.period is None:
            return self
        moved = self.period
        while moved.start > other.period.start:
            moved = a_year_before(moved)
        while moved.start.year < other.period.start.year and (later := _a_year_after(moved)) is not None:
            moved = later
        return replace(self, period=moved, yearless=False, kind="period")


def period_sense(
    period: Period, unit: Unit | None, as_of: date, *, yearless: bool = False, to_date: bool = False
) -> TimeSense:
    """A period, or `future` when it has not begun."""
    kind: TimeKind = "future" if period.start > as_of else "period"
    return TimeSense(kind, period, unit, yearless=yearless, to_date=to_date)


def _a_year_after(period: Period) -> Period | None:
    try:
        return Period(
            start=period.start.replace(year=period.start.year + 1), end=period.end.replace(year=period.end.year + 1)
        )
    except ValueError:
        return None
