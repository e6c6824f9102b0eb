"""One budget on one day: spent, remaining, burn rate, where it will end, when it is used up."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal

from tools.domain.period import Period
from tools.domain.records import Budget
from tools.inform.forecast.landing import Landing
from tools.operate.spent import Spent
from tools.semantic.numbers import EXACT, difference, over, total

Status = Literal["over budget", "heading over", "at risk", "on track", "within budget", "not begun", "unknown"]


@dataclass(frozen=True)
class Known:
    """How far the data reach: `through` is the last day with data, `complete` the last one that is over."""

    through: date
    complete: date

    def is_running(self, budget: Budget) -> bool:
        """Whether the budget's span has begun and is not over."""
        return budget.start <= self.through and self.complete < budget.end - timedelta(days=1)


@dataclass(frozen=True)
class BudgetState:
    """Amounts in the budget's currency; what can't be known is None. `burn_rate` is per day, over the days so far."""

    budget: Budget
    status: Status
    spent: Decimal | None = None
    production: Decimal | None = None
    experiment: Decimal | None = None
    burn_rate: Decimal | None = None
    projection: Landing | None = None
    exhausted_on: date | None = None
    threshold: Decimal | None = None
    """The highest threshold that has been passed, as a fraction of the amount."""
    threshold_on: date | None = None
    is_over: bool = False
    """Whether the span is over: then `spent` is final."""

    @property
    def remaining(self) -> Decimal | None:
        return difference(self.budget.amount, self.spent)

    @property
    def variance(self) -> Decimal | None:
        """(budget − actual) / budget, of a span that is over or by the projected end. Source: finops.org/kpi."""
        end = self.spent if self.is_over else self.projection.mean if self.projection else None
        return over(difference(self.budget.amount, end), self.budget.amount)


def state_of(
    budget: Budget, spent: Spent, known: Known, thresholds: tuple[Decimal, ...], projection: Landing | None = None
) -> BudgetState:
    """The budget as of the last loaded day; `projection` is where a running one will end, where that can be said."""
    span = Period(start=budget.start, end=budget.end)
    if spent.missing:
        return BudgetState(budget, "unknown")
    if budget.start > known.through:
        return BudgetState(budget, "not begun", spent=Decimal(0))
    used = _within(spent.daily, span) or Decimal(0)
    is_over = known.complete >= span.last_day
    passed, passed_on = _threshold(budget, spent.daily, thresholds)
    return BudgetState(
        budget=budget,
        status=_status(budget.amount, used, projection, is_over),
        spent=used,
        production=_within(spent.production, span),
        experiment=_within(spent.experiment, span),
        burn_rate=over(used, Decimal((min(known.through, span.last_day) - span.start).days + 1)),
        projection=projection,
        exhausted_on=_exhausted(budget, spent.daily, projection),
        threshold=passed,
        threshold_on=passed_on,
        is_over=is_over,
    )


def _status(amount: Decimal, used: Decimal, projection: Landing | None, is_over: bool) -> Status:
    if used > amount:
        return "over budget"
    if is_over:
        return "within budget"
    if projection is None:
        return "unknown"
    if projection.mean > amount:
        return "heading over"
    return "at risk" if projection.high is not None and projection.high > amount else "on track"


def _within(days: Mapping[date, Decimal], span: Period) -> Decimal | None:
    return total(cost for day, cost in days.items() if span.contains(day))


def _exhausted(budget: Budget, daily: Mapping[date, Decimal], projection: Landing | None) -> date | None:
    """The first day on whose evening more is spent than the budget holds; None when that is not within its span."""
    coming = dict(projection.days) if projection else {}
    used, day = Decimal(0), budget.start
    while day < budget.end:
        used = EXACT.add(used, coming.get(day) or daily.get(day, Decimal(0)))
        if used > budget.amount:
            return day
        day += timedelta(days=1)
    return None


def _threshold(
    budget: Budget, daily: Mapping[date, Decimal], thresholds: tuple[Decimal, ...]
) -> tuple[Decimal | None, date | None]:
    """The highest threshold that actual spend has reached, and the day it did."""
    used, day = Decimal(0), budget.start
    passed: tuple[Decimal | None, date | None] = (None, None)
    for day in sorted(one for one in daily if budget.start <= one < budget.end):
        used = EXACT.add(used, daily[day])
        for threshold in thresholds:
            if used >= threshold * budget.amount and threshold > (passed[0] or 0):
                passed = (threshold, day)
    return passed
