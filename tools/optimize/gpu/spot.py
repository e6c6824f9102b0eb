"""Spot: work that can stop runs on capacity that may be taken back, at its price and with what interruptions cost."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from tools.domain.recommendation import Phase, Recommendation
from tools.optimize.gpu.advice import Advice, drafted, type_of
from tools.optimize.gpu.hourly import Hourly, on_demand, spot_hours
from tools.optimize.gpu.prices import offer
from tools.optimize.gpu.rules import Interruptible, gpu_rules
from tools.optimize.ledger import Ledger
from tools.optimize.lever import READY, Preflight
from tools.registry import ToolContext


@dataclass(frozen=True)
class SpotPrice:
    """By the hour: the usual one, and the dearest that was seen."""

    usual: Fraction
    highest: Fraction
    source: str


class Spot:
    """The saving is hours on demand at what they cost, less the same hours at the spot price with work done twice.

    Work done twice is interruptions a day × hours lost at each, for every machine. The price is what own bills paid for
    spot of that type and region, else the price facts'; without one nothing is said.
    """

    name = "spot"
    label = "run work that can stop on spot capacity"
    phase: Phase = "rate"

    def preflight(self, ctx: ToolContext, ledger: Ledger) -> Preflight:
        hourly = on_demand(ledger)
        if not hourly:
            return Preflight("charges by the hour of GPU machines on demand")
        if not any(_can_stop(one) for one in hourly):
            return Preflight("charges of GPU machines that say what they are for (x_Workload or x_Environment)")
        return READY

    def find(self, ctx: ToolContext, ledger: Ledger) -> Sequence[Recommendation]:
        found = []
        for one in on_demand(ledger):
            work, price = _can_stop(one), spot_price(ledger, one)
            if work is None or price is None:
                continue
            advice = self._advice(ledger, one, work, price)
            if advice.avoided < gpu_rules().cheaper_by:
                continue
            edits = one.edits(1 - advice.avoided)
            about = drafted(ctx, ledger, one.payment, advice, edits, one.target, type_of(one.target))
            found.append(about.model_copy(update={"resource_id": one["ResourceId"], "account": one["SubAccountId"]}))
        return found

    def _advice(self, ledger: Ledger, one: Hourly, work: Interruptible, price: SpotPrice) -> Advice:
        again, rules = doing_again(), gpu_rules().interruption
        return Advice(
            lever=self.name,
            phase=self.phase,
            description=f"Run {one.name} on spot capacity",
            avoided=1 - price.usual * again / one.price,
            low=max(Fraction(0), 1 - price.highest * again / one.price),
            high=1 - price.usual / one.price,
            confidence=work.confidence,
            effort="Medium",
            risk="High" if work.by == "x_Environment" else "Medium",
            evidence=(
                f"it is {work.value.replace('_', ' ')}: {work.why}",
                f"an hour was paid with {float(one.price):.4f} {ledger.currency}, on spot it is "
                f"{float(price.usual):.4f}, at most {float(price.highest):.4f} ({price.source})",
                f"reckoned with {rules.a_day} interruption a day and machine, each of which loses "
                f"{rules.lost_hours} hours",
            ),
            steps=(
                "let it write checkpoints, and stop a machine on purpose to see what is lost",
                "spread it over zones and types",
                "set the day from which it goes on demand, so that a deadline holds",
            ),
            proved_wrong_by="no spot capacity is there for days, its price rises, or the work can't go on where it "
            "stopped",
        )


def spot_price(ledger: Ledger, one: Hourly) -> SpotPrice | None:
    """What own bills paid for spot of the type in the region; else what the price facts say, in dollars."""
    own = [
        paid
        for paid in spot_hours(ledger)
        if paid.type == one.type
        and all(paid[column] == one[column] for column in ("HostProviderName", "RegionId"))
        and _is_managed(paid) == _is_managed(one)
    ]
    if own:
        cost = sum((paid.payment.cost for paid in own), Fraction(0))
        hours = sum((paid.payment.hours for paid in own), Fraction(0))
        return SpotPrice(cost / hours, max(paid.price for paid in own), "paid for spot in the period")
    fact = offer(one["HostProviderName"], one["RegionId"], one["ChargeDescription"])
    if fact is None or fact.spot is None or ledger.currency != "USD":
        return None
    return SpotPrice(Fraction(fact.spot), Fraction(fact.spot_high or fact.spot), fact.source)


def doing_again() -> Fraction:
    """Hours paid for an hour of work, interruptions included."""
    rules = gpu_rules().interruption
    return 1 + Fraction(rules.lost_hours) * rules.a_day / 24


def _can_stop(one: Hourly) -> Interruptible | None:
    """The surest reason why its work can stop; what it is for says more than where it runs."""
    able = [rule for rule in gpu_rules().interruptible if (one[rule.by] or "").lower() == rule.value]
    by_workload = [rule for rule in able if rule.by == "x_Workload"]
    if one["x_Workload"] and not by_workload:
        return None
    return max(by_workload or able, key=lambda rule: rule.confidence, default=None)


def _is_managed(one: Hourly) -> bool:
    return "ml." in (one["ChargeDescription"] or "").lower()
