"""The past of a plan's targets: each day before the change, without what earlier changes did to them.

While an earlier change that was undone since was in force, a day counts as the same weekday of the week before it. One
that is still in force made another thing of the target: only the days after it count.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from tools.domain.remediation import AppliedChange
from tools.inform.forecast.history import MOST_DAYS
from tools.operate.proof.counterfactual import WEEK, Past
from tools.semantic.numbers import total

Daily = Mapping[date, Decimal]


@dataclass(frozen=True)
class Before:
    """What other changes say of a target's days before this one."""

    begins: date
    """No earlier day tells of the target as it was."""
    holes: frozenset[date] = frozenset()


def before_of(change: AppliedChange, target: str, others: Sequence[AppliedChange]) -> Before:
    """What changes that were applied before `change` leave of the target's past."""
    begins, holes = date.min, set[date]()
    for other in others:
        touched = other.proposal != change.proposal and any(one.target.key == target for one in other.changed)
        if not touched or other.applied_at >= change.applied_at:
            continue
        first = other.applied_at.date()
        if other.undone_at is None or other.undone_at >= change.applied_at:
            begins = max(begins, first + timedelta(days=1))
        else:
            holes |= {first + timedelta(days=n) for n in range((other.undone_at.date() - first).days + 1)}
    return Before(begins, frozenset(holes))


def past_of(daily: Daily, applied: date, before: Before) -> Past | None:
    """A target's whole days before the day it was changed on; None where it cost nothing on any of them.

    A day without charges cost nothing.
    """
    known = [day for day in daily if max(before.begins, applied - timedelta(days=MOST_DAYS)) <= day < applied]
    known = [day for day in known if day not in before.holes]
    if not known:
        return None
    first = min(known)
    amounts: dict[date, Decimal] = {}
    for n in range((applied - first).days):
        day = first + timedelta(days=n)
        amounts[day] = _mended(amounts, day) if day in before.holes else daily.get(day, Decimal(0))
    return Past(first, tuple(amounts.values()))


def _mended(amounts: Daily, day: date) -> Decimal:
    """The same weekday of the week before; the day before within the first week."""
    return amounts.get(day - timedelta(days=WEEK), amounts.get(day - timedelta(days=1), Decimal(0)))


def together(pasts: Sequence[Past]) -> Past:
    """The sum of several pasts that end on one day, from the first day of the oldest."""
    first, last = min(one.first for one in pasts), pasts[0].last
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    return Past(first, tuple(_sum(pasts, day) for day in days))


def _sum(pasts: Sequence[Past], day: date) -> Decimal:
    values = (one.amounts[(day - one.first).days] for one in pasts if day >= one.first)
    return total(values) or Decimal(0)
