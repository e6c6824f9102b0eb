"""The counterfactual: what a slice would have cost on the days after a change, from the days before it only.

Four weeks or more are foreseen by the forecaster that answers questions about the days to come, with its back-tested
intervals. Fewer give the mean of each weekday and a wide interval: from the scatter of the days, and from a part of
the amount itself, as a rhythm that a few days don't show is no scatter (`evals/proof` measures how often both hold).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Protocol

import numpy as np

from tools.domain.period import Period
from tools.inform.forecast.daily import LEAST_FOR_MODELS
from tools.inform.forecast.foreseen import foreseen_path
from tools.inform.forecast.intervals import MULTIPLIERS, error_size
from tools.inform.forecast.projection import Path
from tools.inform.forecast.rounding import quantum_of, rounded
from tools.inform.forecast.series import Floats

WEEK = 7
UNSEEN = {WEEK: 0.5, 2 * WEEK: 0.3, LEAST_FOR_MODELS: 0.15}
"""History shorter than so many days → the part of the amount that the 80 % interval reaches to either side, besides
what the scatter of the days gives: within a week nothing is known of weekends, within two nothing of what varies."""

LEAST_WIDTH = 0.01
"""The part of the amount that the 80 % interval reaches to either side at least: prices move without notice."""


@dataclass(frozen=True)
class Past:
    """What a slice cost on each whole day before a change; `amounts` begin on `first`."""

    first: date
    amounts: tuple[Decimal, ...]

    @property
    def last(self) -> date:
        return self.first + timedelta(days=len(self.amounts) - 1)

    @property
    def is_short(self) -> bool:
        return len(self.amounts) < LEAST_FOR_MODELS


@dataclass(frozen=True)
class Expected:
    """What some days would have cost. `limits`: percent inside → low and high, around `mean`."""

    mean: Decimal
    limits: Mapping[int, tuple[Decimal, Decimal]]


class Counterfactual(Protocol):
    """The days after a change as they would have been."""

    def expected(self, days: Period, quantum: Decimal) -> Expected:
        """The sum over some days, rounded to `quantum`; they begin after the past ends."""
        ...

    def daily(self, days: Period) -> Floats: ...


def counterfactual_of(past: Past, end: date) -> Counterfactual:
    """The days from the end of the past up to, not including, `end`. `past` holds one day at least."""
    if past.is_short:
        return _FewDays(past)
    horizon = (end - past.last).days
    path = foreseen_path(past.first, past.amounts, horizon, np.ones(horizon), is_additive=True, state_space=False)
    return _Foreseen(path)


def unit_of(counterfactual: Counterfactual, days: Period) -> Decimal:
    """The unit that amounts of these days are told in: cents, finer for small ones."""
    return quantum_of(float(counterfactual.daily(days).sum()))


@dataclass(frozen=True)
class _Foreseen:
    """By the ensemble; the interval is of the sum over the days, from the errors that such sums had before.

    A cost that never varied has made no errors to learn from, so every interval has a least width.
    """

    path: Path

    def expected(self, days: Period, quantum: Decimal) -> Expected:
        start, count = self.path.steps(days)
        size = error_size(self.path.outlook, start, count) or 0.0
        mean = self.path.to_come(days)
        least = abs(mean) * LEAST_WIDTH / MULTIPLIERS[80]
        widths = {level: max(size, least) * times for level, times in MULTIPLIERS.items()}
        return _around(mean, widths, quantum, floor=self.path.is_never_negative)

    def daily(self, days: Period) -> Floats:
        start, count = self.path.steps(days)
        return np.asarray(self.path.mean[start : start + count])


@dataclass(frozen=True)
class _FewDays:
    """By the mean of each weekday, or of all days within a week."""

    past: Past

    def expected(self, days: Period, quantum: Decimal) -> Expected:
        mean = float(self.daily(days).sum())
        count, known = days.days, len(self.past.amounts)
        scatter = self._scatter() * float(np.sqrt(count + count**2 / known))
        unseen = abs(mean) * next(part for least, part in UNSEEN.items() if known < least)
        widths = {level: times * scatter + unseen * times / MULTIPLIERS[80] for level, times in MULTIPLIERS.items()}
        return _around(mean, widths, quantum, floor=min(self.past.amounts) >= 0)

    def daily(self, days: Period) -> Floats:
        usual = weekday_means(self.past)
        first = days.start.weekday()
        return np.array([usual[(first + step) % WEEK] for step in range(days.days)])

    def _scatter(self) -> float:
        """The standard deviation of a day around its weekday's mean; below two weeks around that of all days."""
        values = _floats(self.past.amounts)
        if len(values) < 2 * WEEK:
            return float(values.std(ddof=1)) if len(values) > 1 else float(abs(values[0]))
        usual = weekday_means(self.past)
        weekdays = (self.past.first.weekday() + np.arange(len(values))) % WEEK
        return float(np.sqrt(((values - usual[weekdays]) ** 2).sum() / (len(values) - WEEK)))


def weekday_means(past: Past, weeks: int = 8) -> Floats:
    """The mean of each weekday, Monday first, over the last `weeks`; within a week the mean of all days for each."""
    values = _floats(past.amounts)[-weeks * WEEK :]
    if len(values) < WEEK:
        return np.full(WEEK, values.mean())
    first = (past.last - timedelta(days=len(values) - 1)).weekday()
    weekdays = (first + np.arange(len(values))) % WEEK
    return np.array([values[weekdays == day].mean() for day in range(WEEK)])


def _around(mean: float, widths: Mapping[int, float], quantum: Decimal, *, floor: bool) -> Expected:
    """`floor`: the slice never cost less than nothing, so the interval does not either. What rounding may miss is in
    every interval, so that one of a cost that never varies holds the same cost."""
    middle = rounded(mean, quantum)
    limits = {}
    for level, width in widths.items():
        half = rounded(width, quantum) + quantum
        low = max(Decimal(0), middle - half) if floor else middle - half
        limits[level] = (min(low, middle), middle + half)
    return Expected(middle, limits)


def _floats(amounts: Sequence[Decimal]) -> Floats:
    return np.array([float(one) for one in amounts])
