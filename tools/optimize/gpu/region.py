"""Region and provider price: the same GPUs, cheaper at another place, for work without a tie to one."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from tools.domain.recommendation import Phase, Recommendation
from tools.inform.gpus.cards import cards
from tools.optimize.gpu.advice import Advice, drafted, type_of
from tools.optimize.gpu.hourly import Hourly, on_demand
from tools.optimize.gpu.prices import names, offer, offers_like
from tools.optimize.gpu.rightsize import discount_of
from tools.optimize.gpu.rules import gpu_rules
from tools.optimize.ledger import Ledger
from tools.optimize.lever import READY, Preflight
from tools.registry import ToolContext


@dataclass(frozen=True)
class Place:
    """Where as many GPUs of the same kind cost so much by the hour."""

    where: str
    price: Fraction
    source: str


class Region:
    """The saving is hours on demand at what they cost here, less the same hours at the cheapest other place.

    Compared are machines with as many GPUs of the same kind: what own bills paid elsewhere, the same type in other
    regions (list price with the discount had here), and list prices of other providers; TPUs with the same TPU. Moving
    data is not in it.
    """

    name = "region"
    label = "run GPUs where they are cheaper"
    phase: Phase = "rate"

    def preflight(self, ctx: ToolContext, ledger: Ledger) -> Preflight:
        hourly = on_demand(ledger)
        if not hourly:
            return Preflight("charges by the hour of GPU machines on demand")
        if not any(_is_movable(one) for one in hourly):
            return Preflight("charges of GPU machines that say what they are for (x_Workload or x_Environment)")
        return READY

    def find(self, ctx: ToolContext, ledger: Ledger) -> Sequence[Recommendation]:
        own, found = _own_places(ledger), []
        for one in on_demand(ledger):
            if not _is_movable(one):
                continue
            place = min(_places(one, own, ledger), key=lambda place: (place.price, place.where), default=None)
            if place is None or (avoided := 1 - place.price / one.price) < gpu_rules().cheaper_by:
                continue
            advice = self._advice(ledger, one, place, avoided)
            found.append(
                drafted(
                    ctx, ledger, one.payment, advice, one.edits(1 - avoided), one.target, type_of(one.target)
                ).model_copy(update={"resource_id": one["ResourceId"], "account": one["SubAccountId"]})
            )
        return found

    def _advice(self, ledger: Ledger, one: Hourly, place: Place, avoided: Fraction) -> Advice:
        egress = Fraction(gpu_rules().egress_usd_per_gb)
        eaten = ledger.month * one.payment.cost * avoided / egress
        return Advice(
            lever=self.name,
            phase=self.phase,
            description=f"Run {one.name} at {place.where}",
            avoided=avoided,
            low=Fraction(0),
            high=avoided,
            confidence=Decimal("0.4"),
            effort="High",
            risk="High",
            evidence=(
                f"an hour of {one.type.gpus} x {one.type.kind} was paid with {float(one.price):.4f} {ledger.currency} "
                f"here, and is {float(place.price):.4f} there ({place.source})",
                f"data moved out at {gpu_rules().egress_usd_per_gb} USD a GB eats it at {float(eaten):,.0f} GB a month",
            ),
            steps=(
                "ask for an offer for the same card, network and term",
                "price the data that has to move, in both directions",
                "pilot one job, and compare the cost of a finished one",
            ),
            proved_wrong_by="law or contract keeps the data where it is, the data to move costs more, or the machines "
            "there are slower to get or to reach",
        )


def _is_movable(one: Hourly) -> bool:
    rules = gpu_rules()
    return (one["x_Workload"] or "").lower() in rules.movable or rules.is_development(one["x_Environment"])


def _own_places(ledger: Ledger) -> dict[tuple[str, int], list[tuple[Hourly, Place]]]:
    """Kind and count of GPUs → where hours on demand of such machines were paid for, at the mean price of the place."""
    sums: dict[tuple[str | None, ...], list[Hourly]] = defaultdict(list)
    for one in on_demand(ledger):
        sums[one["HostProviderName"], one["RegionId"], one["ChargeDescription"]].append(one)
    found: dict[tuple[str, int], list[tuple[Hourly, Place]]] = defaultdict(list)
    for (provider, region, described), own in sums.items():
        cost = sum((one.payment.cost for one in own), Fraction(0))
        hours = sum((one.payment.hours for one in own), Fraction(0))
        where = ", ".join(part for part in (provider, region, described) if part)
        place = Place(where, cost / hours, "paid there in the period")
        found[own[0].type.kind, own[0].type.gpus].append((own[0], place))
    return found


def _places(one: Hourly, own: dict[tuple[str, int], list[tuple[Hourly, Place]]], ledger: Ledger) -> Iterator[Place]:
    here = (one["HostProviderName"], one["RegionId"], one["ChargeDescription"])
    for other, place in own[one.type.kind, one.type.gpus]:
        if (other["HostProviderName"], other["RegionId"], other["ChargeDescription"]) != here:
            yield place
    if ledger.currency != "USD":
        return
    present = offer(one["HostProviderName"], one["RegionId"], one["ChargeDescription"])
    memory = present.memory_gib if present else _memory_gib(one.type.kind)
    for fact in offers_like(one.type.kind):
        if fact.count != one.type.gpus or fact.memory_gib < memory:
            continue
        same = present is not None and fact.provider == present.provider
        if same and (fact.region == one["RegionId"] or not names(one["ChargeDescription"], fact.instance)):
            continue
        discount = discount_of(one.payment) if same else Fraction(1)
        where = ", ".join(part for part in (fact.provider, fact.region, fact.instance) if part)
        yield Place(where, Fraction(fact.usd_per_hour) * discount, fact.source)


def _memory_gib(kind: str) -> float:
    """The least that a kind of GPU has; 0 for a TPU, of which each generation has one size."""
    card = cards().get(kind)
    return card.memory_gib if card else 0
