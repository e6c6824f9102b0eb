"""Buying commitments: what runs on demand hour after hour is bought for a term, as the plan says."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction

from tools.domain.errors import NoData
from tools.domain.period import Period
from tools.domain.recommendation import Edit, Level, Phase, Recommendation
from tools.inform.scenario.attribution import decimal_of
from tools.optimize.commitments.hourly import Kind, Usage, hours_of, read_hourly
from tools.optimize.commitments.month import Month, spend_of_month
from tools.optimize.commitments.plan import BASE_DAYS, Plan, Purchase, plan_commitments
from tools.optimize.ledger import Ledger
from tools.optimize.lever import READY, Preflight
from tools.registry import ToolContext

CONFIDENCE = {1: Decimal("0.8"), 2: Decimal("0.65"), 3: Decimal("0.5")}
"""By years: how sure it is that the usage of the last weeks goes on so long. A judgement, not a measurement."""
RISK: dict[int, Level] = {1: "Medium", 2: "High", 3: "High"}


@dataclass(frozen=True)
class BuyCommitment:
    """The saving is the ledger's month with the plan's purchases in force: their fee, and what is left on demand."""

    name: str = "buy_commitment"
    label: str = "commit to what runs all the time"
    phase: Phase = "rate"

    def preflight(self, ctx: ToolContext, ledger: Ledger) -> Preflight:
        if not any("hour" in (line["ConsumedUnit"] or "").lower() for line in ledger.lines):
            return Preflight("machines charged by the hour, from a bill (outlay ingest focus)")
        return READY

    def find(self, ctx: ToolContext, ledger: Ledger) -> Sequence[Recommendation]:
        first = max(ctx.store.loaded_from or ledger.period.start, ledger.period.end - timedelta(days=BASE_DAYS))
        base = Period(start=min(first, ledger.period.start), end=ledger.period.end)
        try:
            planned = plan_commitments(ctx, base, edits=ledger.edits)
        except NoData:
            return ()
        month = read_hourly(ctx, ledger.period, ledger.edits)
        by_kind = {usage.kind: usage for usage in month.usages}
        return [self._one(ctx, ledger, plan, by_kind) for plan in planned.plans if plan.purchases]

    def _one(self, ctx: ToolContext, ledger: Ledger, plan: Plan, by_kind: dict[Kind, Usage]) -> Recommendation:
        month = spend_of_month(plan, by_kind, hours_of(ledger.period))
        edits = tuple(_edit(usage, left) for usage, left in month.left if left != 1)
        fee = Fraction(month.fee) * ledger.month
        alone = _alone(month, fee, ledger)
        years = f"{plan.years} year{'s' if plan.years > 1 else ''}"
        return Recommendation(
            lever=self.name,
            target=f"{plan.provider}/{years}",
            description=f"Commit to {plan.provider} for {years}: {'; '.join(said(one) for one in plan.purchases)}",
            phase="rate",
            edits=edits,
            added_cost=decimal_of(fee),
            low=min(plan.low, alone),
            high=max(plan.high, alone),
            currency=plan.currency,
            confidence=CONFIDENCE.get(plan.years, min(CONFIDENCE.values())),
            effort="Low",
            risk=RISK.get(plan.years, "High"),
            evidence=tuple(_evidence(plan)),
            steps=(
                "ask the provider for a quote: list rates move, and the plan stands or falls with them",
                "clear idle and oversized machines first",
                "buy, with an owner and the end date in the calendar",
            ),
            proved_wrong_by="usage of these machines falls below the break-even before the term is over",
            exclusive=frozenset(exclusive_key(usage.kind) for usage, left in month.left if left != 1),
            provider=plan.provider,
            period=ledger.period,
            created=ctx.as_of,
        )


def exclusive_key(kind: Kind) -> str:
    """One purchase and one re-use of idle commitments act on a kind of machine, not both: they cover the same hours."""
    return f"commitment of {kind.provider}/{kind.service}/{kind.region}/{kind.machine}"


def on_demand_where(usage: Usage) -> dict[str, tuple[str | None, ...]]:
    """The ledger's lines of what a kind of machine runs on demand."""
    kind = usage.kind
    return {
        "HostProviderName": (kind.provider,),
        "ServiceName": (kind.service,),
        "RegionId": (kind.region,),
        "ChargeDescription": tuple(text or None for text in usage.descriptions),
        "CommitmentDiscountStatus": (None,),
        "PricingCategory": ("Standard", None),
    }


def _edit(usage: Usage, left: Fraction) -> Edit:
    return Edit(where=on_demand_where(usage), remaining=left)


def _alone(month: Month, fee: Fraction, ledger: Ledger) -> Decimal:
    """The month's saving by itself, as the ledger will say."""
    spared = sum((usage.cost * (1 - left) for usage, left in month.left), Fraction(0))
    return decimal_of(spared * ledger.month - fee)


def said(one: Purchase) -> str:
    """`7 × a2-highgpu-1g (Committed use discount)`"""
    if one.kind is None:
        return f"{one.units:.2f} {one.offer.currency} an hour of {one.offer.name}"
    if one.offer.kind == "spot":
        return f"{one.units:,.0f} machine-hours a month of {one.kind.machine} on {one.offer.name}"
    if one.offer.kind == "capacity_block":
        return f"{one.units:.1f} machine-days a month of {one.offer.name} ({one.kind.machine})"
    return f"{one.units.normalize():f} × {one.kind.machine} ({one.offer.name})"


def _evidence(plan: Plan) -> Sequence[str]:
    found = [
        f"on demand this usage costs {plan.on_demand:,.2f} {plan.currency} a month, with the plan {plan.cost:,.2f}",
        f"no other mix of the known offers is cheaper by more than {plan.gap * 100:.2f} %",
    ]
    for one in plan.purchases:
        text = f"{one.offer.name}: used to {one.utilization * 100:.0f} %"
        if one.break_even is not None:
            text += f", and cheaper than on demand above {one.break_even * 100:.0f} %"
        found.append(f"{text}; price from {one.offer.source} ({one.offer.checked})")
    if plan.certain:
        found.append("the weeks are too few to tell how much usage varies: no range is given")
    return found
