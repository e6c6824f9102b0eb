"""Unused commitments: work that runs on demand moves onto what is paid for and idle; the rest is exchanged or sold."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

import numpy as np

from tools.domain.recommendation import Edit, Phase, Recommendation
from tools.optimize.commitments.buy import exclusive_key, on_demand_where
from tools.optimize.commitments.hourly import Hourly, Usage, owner_of_unused, read_hourly
from tools.optimize.commitments.month import LARGEST
from tools.optimize.ledger import Ledger, Line
from tools.optimize.lever import READY, Preflight
from tools.registry import ToolContext

LEAST = Fraction(1, 10**6)


@dataclass(frozen=True)
class _Idle:
    """A commitment's unused part in the ledger's period, and how much of it work of the same kind could have used."""

    id: str
    name: str
    lines: tuple[Line, ...]
    cost: Fraction
    usage: Usage | None = None
    idle_hours: Fraction = Fraction(0)
    movable_hours: Fraction = Fraction(0)

    @property
    def movable(self) -> Fraction:
        return self.movable_hours / self.idle_hours if self.idle_hours else Fraction(0)


@dataclass(frozen=True)
class UnusedCommitment:
    """Idle machine-hours of a reservation are worth on-demand hours of the same machine, service and region in the same
    hours: that lowers the bill. What is beyond that frees capacity, and lowers no bill until it is sold or filled."""

    name: str = "unused_commitment"
    label: str = "use what is committed and idle"
    phase: Phase = "rate"

    def preflight(self, ctx: ToolContext, ledger: Ledger) -> Preflight:
        if not any(line["CommitmentDiscountStatus"] for line in ledger.lines):
            return Preflight("a bill with commitments (CommitmentDiscountStatus)")
        return READY

    def find(self, ctx: ToolContext, ledger: Ledger) -> Sequence[Recommendation]:
        found: list[Recommendation] = []
        for idle in _idle(ledger, read_hourly(ctx, ledger.period, ledger.edits)):
            if idle.movable_hours > LEAST and idle.usage is not None:
                found.append(_move(ctx, ledger, idle, idle.usage))
            if idle.movable < 1:
                found.append(_exchange(ctx, ledger, idle))
        return found


def _idle(ledger: Ledger, hourly: Hourly) -> Iterator[_Idle]:
    owners = owner_of_unused(hourly.usages)
    by_kind = {usage.kind: usage for usage in hourly.usages}
    taken: dict[str, np.ndarray] = {}
    for commitment, lines in sorted(_unused_lines(ledger).items()):
        cost = sum((line.cost for line in lines), Fraction(0))
        names = [name for usage in hourly.usages for _, known, name in usage.committed if known == commitment and name]
        plain = _Idle(commitment, names[0] if names else commitment, tuple(lines), cost)
        usage = by_kind.get(owners[commitment]) if commitment in owners else None
        hours = [one.unused[commitment] for one in hourly.usages if commitment in one.unused]
        if usage is None or not hours:
            yield plain
            continue
        idle = np.sum(hours, axis=0)
        key = exclusive_key(usage.kind)
        free = usage.on_demand - taken.get(key, np.zeros_like(usage.on_demand))
        movable = np.minimum(idle, free)
        taken[key] = taken.get(key, np.zeros_like(movable)) + movable
        yield _Idle(plain.id, plain.name, plain.lines, cost, usage, _exact(idle.sum()), _exact(movable.sum()))


def _unused_lines(ledger: Ledger) -> Mapping[str, list[Line]]:
    found: dict[str, list[Line]] = {}
    for line in ledger.lines:
        if line["CommitmentDiscountStatus"] == "Unused" and line.cost > 0:
            found.setdefault(line["CommitmentDiscountId"] or "", []).append(line)
    return found


def _exact(value: float) -> Fraction:
    return Fraction(value).limit_denominator(LARGEST)


def _move(ctx: ToolContext, ledger: Ledger, idle: _Idle, usage: Usage) -> Recommendation:
    hours, total = float(idle.movable_hours), float(usage.hours)
    return Recommendation(
        lever="unused_commitment",
        target=f"{idle.id}/move",
        description=f"Run {usage.kind.machine} work that is on demand on the idle machines of {idle.name}",
        phase="rate",
        edits=(Edit(where=on_demand_where(usage), remaining=1 - idle.movable_hours / usage.hours),),
        currency=ledger.currency,
        confidence=Decimal("0.7"),
        effort="Low",
        risk="Low",
        evidence=(
            f"{hours:,.0f} of {float(idle.idle_hours):,.0f} idle hours fell into hours in which the same machine ran "
            f"on demand ({total:,.0f} hours in all, at {usage.price.normalize():f} {ledger.currency})",
        ),
        steps=("let jobs take committed machines first", "open the commitment to the teams that run on demand"),
        proved_wrong_by="the work is bound to its own machine, by its data or its network",
        exclusive=frozenset({exclusive_key(usage.kind)}),
        provider=usage.kind.provider,
        service=usage.kind.service,
        region=usage.kind.region,
        period=ledger.period,
        created=ctx.as_of,
    )


def _exchange(ctx: ToolContext, ledger: Ledger, idle: _Idle) -> Recommendation:
    line = idle.lines[0]
    return Recommendation(
        lever="unused_commitment",
        target=f"{idle.id}/rest",
        description=f"Exchange, sell or fill what nothing uses of {idle.name}",
        phase="rate",
        edits=(
            Edit(
                where={
                    "CommitmentDiscountId": (line["CommitmentDiscountId"],),
                    "CommitmentDiscountStatus": ("Unused",),
                },
                remaining=idle.movable,
            ),
        ),
        currency=ledger.currency,
        cash="capacity",
        confidence=Decimal("0.4"),
        effort="Medium",
        risk="Low",
        evidence=(
            f"{float(idle.cost):,.2f} {ledger.currency} were paid for it and not used",
            f"for {float(1 - idle.movable) * 100:.0f} % of that nothing ran on demand on the same machines at the time",
        ),
        steps=(
            "ask the provider which exchange or resale the terms allow",
            "move batch work into its idle hours, and put its end into the calendar so that less is renewed",
        ),
        proved_wrong_by="usage comes back before the commitment ends",
        provider=line["HostProviderName"],
        service=line["ServiceName"],
        account=line["SubAccountId"],
        period=ledger.period,
        created=ctx.as_of,
    )
