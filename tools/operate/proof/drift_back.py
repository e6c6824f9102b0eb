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
from tools.operate.proof.counterfactual import WEEK, Past, weekday_means
from tools.semantic.numbers import EXACT, QUOTIENT

QUIET, LOUD = 0.05, 0.25
"""Of a usual day: below the one a target does nothing, above the other it works again."""
CHANGED = 0.2
"""A first week that saved less than this part of its counterfactual changed nothing that could come back."""
LOOK_BACK = 8 * WEEK
"""Days of the past that tell what a target does by itself: stand still for a while, have a cheap week."""


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


def drifted_back(weeks: Sequence[Week], past: Past) -> Decimal | None:
    """What the later weeks cost beyond what they would at the first week's part; 0 when it is less.

    None before the first whole week is over, or when that week was none that the past knows no cheaper one than.
    """
    if not weeks or not weeks[0].is_whole or float(weeks[0].actual) >= cheapest_week(past):
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
    before: Past


def came_back(course: Course) -> date | None:
    """The day on which a target began to cost again; None where it did not, or where nothing had changed.

    One that stood still, for longer than it did by itself before, is back on the first day it works again. One that
    was made smaller than it was in any week before is back with the first seven days in which less than half is left
    of what its first week saved.
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
    day = _a_day(course)
    again = np.flatnonzero(course.actual[start:] >= LOUD * day)
    if not len(again):
        return None
    due = course.usual[start : start + int(again[0])] > 0.5 * day
    return start + int(again[0]) if int(due.sum()) > longest_rest(course.before, day) else None


def _grown_again(course: Course) -> int | None:
    if len(course.usual) < 2 * WEEK or course.actual[:WEEK].sum() >= cheapest_week(course.before):
        return None
    window = np.ones(WEEK)
    usual, actual = (np.convolve(one, window, mode="valid") for one in (course.usual, course.actual))
    kept = np.where(usual > 0, 1 - actual / np.where(usual > 0, usual, 1.0), 1.0)
    if kept[0] < CHANGED:
        return None
    lost = np.flatnonzero(kept < kept[0] / 2)
    return int(lost[0]) if len(lost) else None


def cheapest_week(past: Past) -> float:
    """The least that any seven days of the late past cost; infinite where there are no seven."""
    values = np.array([float(one) for one in past.amounts[-LOOK_BACK:]])
    return float(np.convolve(values, np.ones(WEEK), mode="valid").min()) if len(values) >= WEEK else float("inf")


def longest_rest(past: Past, day: float) -> int:
    """The most days in a row on which a target, though due, did nothing in the late past."""
    values = np.array([float(one) for one in past.amounts[-LOOK_BACK:]])
    means, first = weekday_means(past), (past.last - timedelta(days=len(values) - 1)).weekday()
    due = means[(first + np.arange(len(values))) % WEEK] > 0.5 * day
    longest = current = 0
    for rests in values[due] <= QUIET * day:
        current = current + 1 if rests else 0
        longest = max(longest, current)
    return longest


def _a_day(course: Course) -> float:
    """What a day costs on which it works."""
    return float(course.usual[course.usual > 0].mean())
