"""Machines with a cost for each day, and changes of them; every figure can be worked out in the head."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path

from tools.domain.period import Period
from tools.domain.remediation import (
    AppliedChange,
    Change,
    Estimate,
    Proposal,
    ProposalView,
    RemediationPlan,
    Seen,
    TargetRef,
    Wish,
)
from tools.domain.scope import Scope
from tools.operate.proof.target_costs import TargetCost
from tools.registry import ExpectedLag, ToolContext
from tools.store import LoadPlan, Store

FIRST, APPLIED = date(2026, 8, 3), date(2026, 10, 5)
"""Two Mondays, nine weeks apart."""
Day = Callable[[date], str]


def always(amount: str) -> Day:
    return lambda _: amount


def office(amount: str) -> Day:
    """On working days only."""
    return lambda day: amount if day.weekday() < 5 else "0"


def days(first: date, end: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((end - first).days)]


def cost(
    before: Day, after: Day | None = None, *, first: date = FIRST, weeks: int = 4, applied: date = APPLIED
) -> TargetCost:
    """A machine that costs `before` to the day it is changed on, and `after` from the next day, for some weeks;
    without `after` it is stopped."""
    after = after or always("0")
    end = applied + timedelta(days=1 + 7 * weeks)
    told = {day: Decimal((before if day <= applied else after)(day)) for day in days(first, end)}
    return TargetCost({day: amount for day, amount in told.items() if amount}, {}, end - timedelta(days=1))


def change_of(
    *targets: str,
    proposal: str = "p-1",
    applied: date = APPLIED,
    undone: date | None = None,
    saving: str | None = "300",
    done: Sequence[str] | None = None,
) -> AppliedChange:
    return AppliedChange(
        proposal, plan_of(*targets, saving=saving), _at(applied), None if undone is None else _at(undone),
        None if done is None else frozenset(done),
    )  # fmt: skip


def plan_of(*targets: str, saving: str | None = "300") -> RemediationPlan:
    estimate = Estimate(is_known=False) if saving is None else Estimate(amount=Decimal(saving))
    return RemediationPlan(
        action="ec2_stop",
        parameters={},
        changes=tuple(
            Change(target=TargetRef(id=one), seen=Seen(state={"State": "running"}), after={"State": "stopped"},
                   saving=estimate)
            for one in targets
        ),
        permissions=(),
        reversible=True,
        rollback="started again",
        risk="low",
        currency="USD",
        proposed_by="ada",
        made_at=_at(FIRST),
        expires_at=_at(date(2027, 1, 1)),
        nonce="0" * 32,
    )  # fmt: skip


def _at(day: date) -> datetime:
    return datetime.combine(day, time(15), UTC)


@dataclass(frozen=True)
class Desk:
    """A desk that holds these proposals."""

    views: tuple[ProposalView, ...] = field(default=())

    def propose(self, wish: Wish) -> Proposal:
        raise NotImplementedError

    def proposals(self) -> tuple[ProposalView, ...]:
        return self.views


def view_of(change: AppliedChange, *, applied: bool = True) -> ProposalView:
    """As the desk tells a change; one that was not applied was rejected."""
    proposal = Proposal(
        id=change.proposal, plan=change.plan, status="applied" if applied else "rejected", thread="t",
    )  # fmt: skip
    if not applied:
        return ProposalView(proposal=proposal, standing="rejected", is_open=False, rejected_by="ben")
    return ProposalView(
        proposal=proposal,
        standing="applied",
        is_open=False,
        applied_at=change.applied_at,
        undone_at=change.undone_at,
        done=tuple(one.target.key for one in change.changed),
    )


def store_of(
    folder: Path, machines: Mapping[str, TargetCost], *, committed: Sequence[str] = (), other: str = "1"
) -> Store:
    """Bills in which these machines stand, beside one that costs `other` on every day."""
    through = max(one.complete for one in machines.values())
    known = {**machines, "i-other": cost(always(other), always(other), weeks=0, applied=through)}
    store = Store(folder / "store")
    rows = [
        [start := datetime.combine(day, time()), start + timedelta(days=1), start.replace(day=1), amount, amount, "USD",
         "Usage", "AWS", name, "Used" if name in committed else None, "aws", "invoice"]
        for name, one in known.items()
        for day, amount in one.daily.items()
    ]  # fmt: skip
    with store.writer() as writer:
        writer.execute(f"CREATE TABLE rows ({_COLUMNS})")
        for row in rows:
            writer.execute(f"INSERT INTO rows VALUES ({', '.join('?' * 12)})", row)
        writer.commit(LoadPlan("rows", "CostAndUsage", "billing_period", read=len(rows)))
    return store


_COLUMNS = (
    '"ChargePeriodStart" TIMESTAMP, "ChargePeriodEnd" TIMESTAMP, "BillingPeriodStart" TIMESTAMP, '
    '"EffectiveCost" DECIMAL(38,24), "BilledCost" DECIMAL(38,24), "BillingCurrency" VARCHAR, "ChargeCategory" VARCHAR, '
    '"HostProviderName" VARCHAR, "ResourceId" VARCHAR, "CommitmentDiscountStatus" VARCHAR, "x_Source" VARCHAR, '
    '"x_CostBasis" VARCHAR'
)


def context(
    store: Store, *changes: AppliedChange, as_of: date, lag: int = 0, rejected: Sequence[AppliedChange] = (),
    scope: Scope | None = None,
) -> ToolContext:  # fmt: skip
    views = (*map(view_of, changes), *(view_of(one, applied=False) for one in rejected))
    reader = Store(store.path, scope=scope or Scope()).snapshot()
    return ToolContext(store=reader, as_of=as_of, lag=ExpectedLag(lag), remediations=Desk(views))


def since(applied: date = APPLIED, *, count: int) -> Period:
    """The days after a change."""
    first = applied + timedelta(days=1)
    return Period(start=first, end=first + timedelta(days=count))
