"""Realised savings of one applied change: counterfactual − actual, over its whole days, with an interval."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from tools.domain.period import Period
from tools.domain.remediation import AppliedChange, Change
from tools.operate.proof.drift_back import Week
from tools.semantic.numbers import EXACT

LEVEL = 95
"""Percent inside the interval that a saving is called proven by."""
Status = Literal["proven", "not proven", "costs more", "drifted back", "too early", "no charges"]
"""`drifted back`: something was saved, and a target costs again. `no charges`: none name a target before the change."""


@dataclass(frozen=True)
class TargetRealised:
    """One target's part. Parts of a plan add up to it exactly; only the whole has an interval."""

    change: Change
    estimated: Decimal | None
    """What the plan promised for these days; None where nothing told what it would save."""
    counterfactual: Decimal
    actual: Decimal
    came_back: date | None
    committed: bool
    """Whether a commitment paid for some of what it used before."""

    @property
    def realised(self) -> Decimal:
        return EXACT.subtract(self.counterfactual, self.actual)


@dataclass(frozen=True)
class Measured:
    """The figures of some days. `limits`: percent inside → low and high of what was realised."""

    days: Period
    counterfactual: Decimal
    actual: Decimal
    limits: Mapping[int, tuple[Decimal, Decimal]]
    drifted_back: Decimal | None
    weeks: tuple[Week, ...]
    """Since the change, to the end of the days."""
    targets: tuple[TargetRealised, ...]

    @property
    def realised(self) -> Decimal:
        return EXACT.subtract(self.counterfactual, self.actual)

    @property
    def estimated(self) -> Decimal | None:
        """None when it is unknown of any target."""
        known = [one.estimated for one in self.targets if one.estimated is not None]
        return sum(known, Decimal(0)) if len(known) == len(self.targets) else None


@dataclass(frozen=True)
class Realised:
    """What a change has saved so far; `measured` is None where nothing can be said yet, or ever."""

    of: AppliedChange
    measured: Measured | None
    status: Status
    unseen: tuple[Change, ...] = ()
    """Targets that no charge before the change names."""
    history_days: int = 0
    is_short: bool = False
    """Whether the past is too short for the forecaster, so that the interval is a wide one."""
    is_cut: bool = False
    """Whether later days are left out, as the past can't carry them, or another change took over."""


def status_of(measured: Measured) -> Status:
    """The verdict that the figures allow."""
    low, high = measured.limits[LEVEL]
    if any(one.came_back is not None for one in measured.targets):
        return "drifted back"
    return "proven" if low > 0 else "costs more" if high < 0 else "not proven"


def limits_of_all(each: Sequence[Measured], level: int) -> tuple[Decimal, Decimal]:
    """The range of several changes together, as if all ends came together: what surprises one, such as a holiday,
    may surprise all of them, so their errors are not taken to cancel out."""
    lows = (one.limits[level][0] for one in each)
    highs = (one.limits[level][1] for one in each)
    return sum(lows, Decimal(0)), sum(highs, Decimal(0))
