"""What of a saving has drifted back: week by week since the change, and the day on which a target costs again.

A change keeps what it saved in its first whole week. Later weeks are held against that, as parts of what each would
have cost, so that a holiday in which nothing would have been spent is no drift.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

import numpy as np

from tools.domain.period import Period
from tools.inform.forecast.series import Floats
from tools.operate.proof.counterfactual import WEEK
from tools.semantic.numbers import EXACT, QUOTIENT

QUIET, LOUD = 0.05, 0.25
"""Of a usual day: below the one a target does nothing, above the other it works again."""
CHANGED = 0.2
"""A first week that saved less than this part of its counterfactual changed nothing that could come back."""


class Week(NamedTuple):
    """Seven days, fewer at the end; amounts as a plan's."""

    days: Period
    counterfactual: Decimal
    actual: Decimal

    @property
    def realised(self) -> Decimal:
        return EXACT.subtract(self.counterfactual, self.actual)

    @property
    def is_whole(self) -> bool:
        return self.days.days == WEEK

    @property
    def kept(self) -> Decimal | None:
        """The realised part of what the week would have cost; None for a week that would have cost nothing."""
        return QUOTIENT.divide(self.realised, self.counterfactual) if self.counterfactual > 0 else None


def weeks_of(days: Period) -> tuple[Period, ...]:
    """The weeks since the day after a change."""
    starts = [days.start + timedelta(days=n) for n in range(0, days.days, WEEK)]
    return tuple(Period(start=one, end=min(one + timedelta(days=WEEK), days.end)) for one in starts)


def drifted_back(weeks: Sequence[Week]) -> Decimal | None:
    """What the later weeks cost beyond what they would at the first week's part; 0 when it is less.

    None before the first whole week is over, or when that week saved nothing that could drift back.
    """
    if not weeks or not weeks[0].is_whole:
        return None
    kept = weeks[0].kept
    if kept is None or kept < Decimal(str(CHANGED)):
        return None
    lost = Decimal(0)
    for week in weeks[1:]:
        lost = EXACT.add(lost, EXACT.subtract(EXACT.multiply(kept, week.counterfactual), week.realised))
    return max(Decimal(0), lost)


@dataclass(frozen=True)
class Course:
    """One target since the change: what each day would have cost, and did."""

    first: date
    usual: Floats
    actual: Floats


def came_back(course: Course) -> date | None:
    """The day on which a target began to cost again; None where it did not, or where nothing had changed.

    One that stood still is back on the first day it works again. One that was made smaller is back with the first
    seven days in which less than half is left of what its first week saved.
    """
    if not len(course.usual) or course.usual.sum() <= 0:
        return None
    start = _first_quiet(course)
    step = _worked_again(course, start) if start is not None else _grown_again(course)
    return None if step is None else course.first + timedelta(days=step)


def _first_quiet(course: Course) -> int | None:
    """The first day on which it would have worked, if it did nothing then."""
    day = _a_day(course)
    due = np.flatnonzero(course.usual > 0.5 * day)
    return int(due[0]) if len(due) and course.actual[due[0]] <= QUIET * day else None


def _worked_again(course: Course, start: int) -> int | None:
    again = np.flatnonzero(course.actual[start:] >= LOUD * _a_day(course))
    return start + int(again[0]) if len(again) else None


def _grown_again(course: Course) -> int | None:
    if len(course.usual) < 2 * WEEK:
        return None
    window = np.ones(WEEK)
    usual, actual = (np.convolve(one, window, mode="valid") for one in (course.usual, course.actual))
    kept = np.where(usual > 0, 1 - actual / np.where(usual > 0, usual, 1.0), 1.0)
    if kept[0] < CHANGED:
        return None
    lost = np.flatnonzero(kept < kept[0] / 2)
    return int(lost[0]) if len(lost) else None


def _a_day(course: Course) -> float:
    """What a day costs on which it works."""
    return float(course.usual[course.usual > 0].mean())
