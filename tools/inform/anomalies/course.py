"""The course of an anomaly: what its slice cost day by day around it, and what was usual for each day."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from tools.inform.anomalies.detector import detect
from tools.inform.anomalies.incident import Incident
from tools.inform.anomalies.judged import HISTORY_DAYS, Judged
from tools.inform.anomalies.ledger import Ledger
from tools.inform.anomalies.rules import RULES
from tools.inform.anomalies.slices import Slice
from tools.inform.anomalies.told import money

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

BEFORE_DAYS, AFTER_DAYS = 35, 14


@dataclass(frozen=True)
class CourseDay:
    """`expected`, from the days before, with the range beyond which a single day is an anomaly; None without history.

    In the currency of the judged charges. `is_anomalous`: a day of the incident that departs in its direction.
    """

    day: date
    observed: Decimal
    expected: Decimal | None
    low: Decimal | None
    high: Decimal | None
    is_anomalous: bool


def course_of(judged: Judged, one: Incident) -> tuple[CourseDay, ...]:
    """Five weeks before the incident to two after it, as far as there are data."""
    import numpy as np

    ledger = judged.ledger
    costs = np.array([_daily(ledger, Slice()), _daily(ledger, one.where)])
    found = detect(costs, RULES, ledger.start)
    first, last = (one.start - ledger.start).days, (one.end - ledger.start).days
    shown = range(max(0, first - BEFORE_DAYS), min(ledger.days, last + AFTER_DAYS + 1))
    departs = one.impact * (costs[1] - found.expected[1]) > 0
    departs |= one.kind.startswith("drift")  # what is expected follows a drift
    return tuple(
        _day(ledger.day_at(index), costs[1, index], found.expected[1, index], found.width[1, index],
             is_judged=index >= HISTORY_DAYS, is_anomalous=bool(first <= index <= last and departs[index]))
        for index in shown
    )  # fmt: skip


def _day(
    day: date, observed: float, expected: float, width: float, *, is_judged: bool, is_anomalous: bool
) -> CourseDay:
    if not is_judged:
        return CourseDay(day, money(observed), None, None, None, is_anomalous)
    low, high = money(max(expected - width, 0.0)), money(expected + width)
    return CourseDay(day, money(observed), money(expected), low, high, is_anomalous)


def _daily(ledger: Ledger, where: Slice) -> "NDArray[np.float64]":
    import numpy as np

    named = [(ledger.dimensions.index(name), value) for name, value in where.where]
    inside = np.array([all(str(row[place]) == value for place, value in named) for row in ledger.values])
    held = inside[ledger.leaf]
    return np.bincount(ledger.day[held], ledger.cost[held], ledger.days).astype(np.float64)
