"""Right-sizing: the cheapest machine that still gives what was measured, with head-room."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from tools.domain.recommendation import Phase, Recommendation
from tools.inform.gpus.cards import cards
from tools.optimize.gpu.advice import Advice, about_machine, type_of
from tools.optimize.gpu.fleet import Sampled, read_fleet
from tools.optimize.gpu.idle_gpu import idle_keys, is_long_enough
from tools.optimize.gpu.machines import Payment
from tools.optimize.gpu.prices import Offer, names, offers, price_here
from tools.optimize.gpu.rules import gpu_rules
from tools.optimize.gpu.telemetry import HostSummary, Window, missing_samples, window
from tools.optimize.ledger import Ledger
from tools.optimize.lever import Preflight
from tools.registry import ToolContext


@dataclass(frozen=True)
class Need:
    """What each of a machine's used GPUs needs at its peak, head-room included."""

    gpus: int
    memory_gib: float
    tflops: float
    bandwidth_gbs: float

    def is_met_by(self, one: Offer) -> bool:
        card = cards().get(one.card)
        return (
            card is not None
            and one.count >= self.gpus
            and one.memory_gib >= self.memory_gib
            and card.tflops >= self.tflops
            and card.bandwidth_gbs >= self.bandwidth_gbs
        )


@dataclass(frozen=True)
class Choice:
    """A smaller machine and its list price by the hour where the present one runs."""

    offer: Offer
    price: Fraction


@dataclass(frozen=True)
class Rightsize:
    """The saving is the hours on demand at what they cost now, less the same hours of the smaller machine.

    The need is the 95th percentile of SM and DRAM activity in hours with work × what the card can do, and the most
    memory that a GPU held. The smaller machine's price is its list price with the discount that the present one has.
    """

    name: str = "rightsize"
    label: str = "move to the size of GPU that the work needs"
    phase: Phase = "usage"

    def preflight(self, ctx: ToolContext, ledger: Ledger) -> Preflight:
        if ledger.currency != "USD":
            return Preflight("charges in USD, as the known prices are")
        return Preflight(missing_samples(ctx, "SmActiveMean", "DramActiveMean"))

    def find(self, ctx: ToolContext, ledger: Ledger) -> Sequence[Recommendation]:
        inside = window(ctx, gpu_rules().window_days)
        idle = idle_keys(ctx, ledger)
        found = []
        for one in read_fleet(ctx, ledger, inside).sampled:
            need = need_of(one)
            if need is None or one.machine.key in idle or not is_long_enough(one.samples, inside):
                continue
            for payment in one.machine.payments:
                # A commitment goes on being paid: another machine beside it would only cost more.
                if payment.cash == "cash" and (advice := self._advice(one, payment, need, inside)):
                    about = about_machine(ctx, ledger, one.machine, payment, advice)
                    claimed = about.exclusive | {type_of(one.machine.key)}
                    found.append(about.model_copy(update={"exclusive": claimed}))
        return found

    def _advice(self, one: Sampled, payment: Payment, need: Need, inside: Window) -> Advice | None:
        choice = smallest(one, need)
        if choice is None or not payment.hours:
            return None
        paid, discount = payment.cost / payment.hours, discount_of(payment)
        avoided = 1 - choice.price * discount / paid
        if avoided < gpu_rules().cheaper_by:
            return None
        smaller = choice.offer
        described = one.machine.one("ChargeDescription") or one.machine.key
        return Advice(
            lever=self.name,
            description=f"Move {one.machine.key} from {described} to {smaller.instance} "
            f"({smaller.count} x {smaller.card}, {smaller.memory_gib:g} GiB)",
            avoided=avoided,
            low=max(Fraction(0), 1 - choice.price / paid),
            high=avoided,
            confidence=Decimal("0.6"),
            effort="Medium",
            risk="Medium",
            evidence=(*measured(one.samples, inside), _compared(choice, paid, discount)),
            steps=(
                "run a copy of its work on the smaller machine, with real inputs, at its busiest hour",
                "compare the time and the cost of a unit of work",
                "move it, and watch latency and errors for a week",
            ),
            parameters={"instance": smaller.instance},
            proved_wrong_by="the work takes longer on the smaller machine, or needs more host memory, processors or "
            "network than it has; the next, larger job would not fit",
        )


def need_of(one: Sampled) -> Need | None:
    """None when the card is not known, nothing worked, or SM, DRAM or memory was not sampled."""
    samples, kind = one.samples, one.machine.type
    card = cards().get(kind.kind) if kind else None
    if card is None or samples.sm_peak is None or samples.dram_peak is None or samples.memory_peak_gib is None:
        return None
    spare = 1 + gpu_rules().headroom
    return Need(
        gpus=samples.used_gpus,
        memory_gib=samples.memory_peak_gib * (1 + gpu_rules().memory_headroom),
        tflops=samples.sm_peak * card.tflops * spare,
        bandwidth_gbs=samples.dram_peak * card.bandwidth_gbs * spare,
    )


def smallest(one: Sampled, need: Need) -> Choice | None:
    """The cheapest other machine of the same provider that meets the need; None when nothing cheaper is known."""
    provider, region = one.machine.one("HostProviderName"), one.machine.one("RegionId")
    present = one.machine.one("ChargeDescription")
    known = offers(provider)
    if not any(names(present, offer.instance) for offer in known):
        return None
    priced_here = {offer.instance for offer in known if offer.region in (None, region)}
    priced = (
        Choice(offer, price)
        for offer in known
        if need.is_met_by(offer) and not names(present, offer.instance)
        if offer.region in (None, region) or offer.instance not in priced_here
        if (price := price_here(offer, region, present)) is not None
    )
    return min(priced, key=lambda choice: (choice.price, choice.offer.instance), default=None)


def discount_of(payment: Payment) -> Fraction:
    """What is paid of the list price; 1 where the charges don't say."""
    listed = [line.list_cost for line in payment.lines]
    whole = sum((one for one in listed if one is not None), Fraction(0))
    return payment.cost / whole if whole and None not in listed else Fraction(1)


def measured(samples: HostSummary, inside: Window) -> tuple[str, ...]:
    return (
        f"{inside}: {samples.used_gpus} of {samples.gpus} GPUs were used",
        f"busiest hours (95th percentile): SM activity {samples.sm_peak:.0%}, DRAM activity {samples.dram_peak:.0%}; "
        f"at most {samples.memory_peak_gib:.1f} GiB held on a GPU",
    )


def _compared(choice: Choice, paid: Fraction, discount: Fraction) -> str:
    return (
        f"an hour costs {float(paid):.4f} USD now, {float(choice.price * discount):.4f} USD there "
        f"({float(choice.price):.4f} at list, {float(discount):.0%} of it paid as now; {choice.offer.source})"
    )
