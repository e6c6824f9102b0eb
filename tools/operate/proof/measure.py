"""measure: the arithmetic of one change, from daily costs alone.

The counterfactual is foreseen for the sum of a plan's targets, so that its interval is of that sum and not of bounds
added up; each target's part of it is in proportion to what its weekdays cost before. Whole days only: from the one
after the change to the last that is complete; the day of a rollback is none.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

import numpy as np

from tools.domain.period import Period
from tools.domain.remediation import AppliedChange, Change, Estimate
from tools.inform.forecast.daily import TIMES_HISTORY
from tools.inform.forecast.rounding import shared_out
from tools.inform.forecast.series import Floats
from tools.operate.proof.counterfactual import WEEK, Counterfactual, Past, counterfactual_of, unit_of, weekday_means
from tools.operate.proof.drift_back import Course, Week, came_back, drifted_back, weeks_of
from tools.operate.proof.history import before_of, past_of, together
from tools.operate.proof.realised import Measured, Realised, TargetRealised, status_of
from tools.operate.proof.target_costs import TargetCost
from tools.semantic.numbers import EXACT, QUOTIENT

MONTHS_A_YEAR, DAYS_A_YEAR = 12, 365
COMMITTED_DAYS = 28
"""How far back it counts that a commitment paid."""


@dataclass(frozen=True)
class _Target:
    """A target with its past."""

    change: Change
    cost: TargetCost
    past: Past

    def actual(self, days: Period) -> Decimal:
        found = Decimal(0)
        for day, amount in self.cost.daily.items():
            found = EXACT.add(found, amount) if days.contains(day) else found
        return found

    def usual(self, days: Period) -> Floats:
        means, first = weekday_means(self.past), days.start.weekday()
        return np.array([means[(first + step) % WEEK] for step in range(days.days)])


def measure(
    change: AppliedChange,
    costs: Mapping[str, TargetCost],
    others: Sequence[AppliedChange] = (),
    asked: Period | None = None,
) -> Realised:
    """What a change has saved, of the days of `asked` only where that is given.

    `costs`: by target id. `others`: every applied change; one on the same target leaves its days out of this one's
    past, or ends this one's days, so that no saving is counted twice.
    """
    targets = [one for each in change.changed if (one := _target(change, each, costs, others)) is not None]
    seen = {one.change.target.key for one in targets}
    unseen = tuple(one for one in change.changed if one.target.key not in seen)
    if not targets:
        return Realised(change, None, "no charges", unseen)
    past = together([one.past for one in targets])
    last, is_cut = _last_day(change, targets, others, len(past.amounts))
    first = change.applied_at.date() + timedelta(days=1)
    whole = Period(start=first, end=last + timedelta(days=1)) if last >= first else None
    days = whole.overlap(asked) if whole and asked else whole
    measured = _measured(targets, past, first, days) if days else None
    status = status_of(measured) if measured else "too early"
    return Realised(change, measured, status, unseen, len(past.amounts), past.is_short, is_cut)


def _target(
    change: AppliedChange, one: Change, costs: Mapping[str, TargetCost], others: Sequence[AppliedChange]
) -> _Target | None:
    cost = costs.get(one.target.id)
    if cost is None:
        return None
    past = past_of(cost.daily, change.applied_at.date(), before_of(change, one.target.key, others))
    return None if past is None else _Target(one, cost, past)


def _last_day(
    change: AppliedChange, targets: Sequence[_Target], others: Sequence[AppliedChange], history: int
) -> tuple[date, bool]:
    """The last whole day that counts, and whether there are later ones that could not be told."""
    last = min(one.cost.complete for one in targets)
    if change.undone_at is not None:
        last = min(last, change.undone_at.date() - timedelta(days=1))
    limits = [change.applied_at.date() + timedelta(days=TIMES_HISTORY * history)]
    keys = {one.change.target.key for one in targets}
    limits += [
        other.applied_at.date() - timedelta(days=1)
        for other in others
        if other.applied_at > change.applied_at and any(one.target.key in keys for one in other.changed)
    ]
    return min(last, *limits), min(limits) < last


def _measured(targets: Sequence[_Target], past: Past, first: date, days: Period) -> Measured:
    without = counterfactual_of(past, days.end)
    quantum = unit_of(without, days)
    expected = without.expected(days, quantum)
    actuals = [one.actual(days) for one in targets]
    actual = sum_of(actuals)
    since = Period(start=first, end=days.end)
    weeks = _weeks(targets, without, since, quantum)
    parts = shared_out(expected.mean, [float(one.usual(days).sum()) for one in targets], quantum)
    return Measured(
        days=days,
        counterfactual=expected.mean,
        actual=actual,
        limits={
            level: (EXACT.subtract(low, actual), EXACT.subtract(high, actual))
            for level, (low, high) in expected.limits.items()
        },
        drifted_back=drifted_back(weeks, past),
        weeks=weeks,
        targets=tuple(
            TargetRealised(
                change=one.change,
                estimated=_estimated(one.change.saving, days, quantum),
                counterfactual=part,
                actual=paid,
                came_back=came_back(_course(one, since)),
                committed=_committed(one),
            )
            for one, part, paid in zip(targets, parts, actuals, strict=True)
        ),
    )


def sum_of(amounts: Sequence[Decimal]) -> Decimal:
    """Exact; 0 of nothing."""
    found = Decimal(0)
    for amount in amounts:
        found = EXACT.add(found, amount)
    return found


def prorated(monthly: Decimal, days: Period, quantum: Decimal) -> Decimal:
    """A month's amount for some days, at 365/12 days a month."""
    exact = QUOTIENT.divide(EXACT.multiply(monthly, Decimal(MONTHS_A_YEAR * days.days)), Decimal(DAYS_A_YEAR))
    return exact.quantize(quantum, context=EXACT)


def _estimated(saving: Estimate, days: Period, quantum: Decimal) -> Decimal | None:
    return prorated(saving.amount, days, quantum) if saving.is_known else None


def _weeks(targets: Sequence[_Target], without: Counterfactual, since: Period, quantum: Decimal) -> tuple[Week, ...]:
    """The weeks since the change; their counterfactuals add up to that of all their days."""
    spans = weeks_of(since)
    whole = without.expected(since, quantum).mean
    parts = shared_out(whole, [float(without.daily(one).sum()) for one in spans], quantum)
    return tuple(
        Week(span, part, sum_of([one.actual(span) for one in targets])) for span, part in zip(spans, parts, strict=True)
    )


def _course(target: _Target, since: Period) -> Course:
    daily = target.cost.daily
    actual = [float(daily.get(since.start + timedelta(days=n), Decimal(0))) for n in range(since.days)]
    return Course(since.start, target.usual(since), np.array(actual), target.past)


def _committed(target: _Target) -> bool:
    last = target.past.last
    return any(
        amount > 0 and last - timedelta(days=COMMITTED_DAYS) < day <= last
        for day, amount in target.cost.committed.items()
    )
