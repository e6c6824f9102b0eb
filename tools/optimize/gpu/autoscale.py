"""Autoscaling and scale-to-zero: instances follow the requests of each hour, cold starts paid for."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import ceil

from tools.domain.recommendation import Cash, Phase, Recommendation
from tools.optimize.gpu.advice import Advice
from tools.optimize.gpu.fleet import read_fleet
from tools.optimize.gpu.idle_gpu import idle_keys, is_long_enough
from tools.optimize.gpu.rules import gpu_rules
from tools.optimize.gpu.services import Group, groups, members
from tools.optimize.gpu.telemetry import GroupHour, Window, group_hours, missing_samples, window
from tools.optimize.ledger import Ledger
from tools.optimize.lever import Preflight
from tools.registry import ToolContext

CASH: tuple[Cash, ...] = ("cash", "capacity")


@dataclass(frozen=True)
class Demand:
    """GPU-hours of a group that its requests did not need; of those that are paid so.

    `idle` ones had no request at all. `kept` is what would go if one instance always stayed up.
    """

    avoided: Fraction
    kept: Fraction
    starts: int
    idle_hours: int
    hours: int
    busiest: float


@dataclass(frozen=True)
class Autoscale:
    """The saving is GPU-hours beyond those that each hour's requests need, less those of cold starts.

    Needed are as many instances as serve the hour's requests at the rate that was seen in busy hours (the 95th
    percentile of requests a GPU), rounded up; none in an hour without requests. Each instance that is started again
    takes its cold start once more.
    """

    name: str = "autoscale"
    label: str = "let endpoints follow their requests, down to none"
    phase: Phase = "usage"

    def preflight(self, ctx: ToolContext, ledger: Ledger) -> Preflight:
        return Preflight(missing_samples(ctx, "RequestsMean"))

    def find(self, ctx: ToolContext, ledger: Ledger) -> Sequence[Recommendation]:
        inside = window(ctx, gpu_rules().window_days)
        idle = idle_keys(ctx, ledger)
        serving = [
            one
            for one in read_fleet(ctx, ledger, inside).sampled
            if one.samples.requests and one.machine.key not in idle and is_long_enough(one.samples, inside)
        ]
        own = groups(serving)
        hours = group_hours(ctx, inside, members(own))
        found = []
        for group in own:
            for cash in CASH:
                payment, expected = group.payment(cash), group.expected_gpu_hours(cash)
                if payment is None or not expected:
                    continue
                demand = demand_of(hours[group.keys[0]], group.instance_gpus, cash)
                if demand.avoided / expected >= gpu_rules().cheaper_by:
                    advice = self._advice(group, demand, expected, inside)
                    found.append(group.recommended(ctx, ledger, cash, payment, advice))
        return found

    def _advice(self, group: Group, demand: Demand, expected: Fraction, inside: Window) -> Advice:
        to_none = ", down to none where nobody calls" if demand.idle_hours else ""
        return Advice(
            lever=self.name,
            description=f"Let {group.name} follow the requests of each hour{to_none}",
            avoided=demand.avoided / expected,
            low=demand.kept / expected,
            high=demand.avoided / expected,
            confidence=Decimal("0.6"),
            effort="Medium",
            risk="Medium",
            evidence=(
                f"{inside}: no request in {demand.idle_hours} of "
                f"{demand.hours} hours with samples; busy hours see {demand.busiest:.0f} requests a GPU",
                f"{float(demand.avoided):.0f} of {float(expected):.0f} charged GPU-hours are beyond what the requests "
                f"need, {demand.starts} cold starts of {gpu_rules().cold_start_minutes} minutes taken off",
            ),
            steps=(
                "choose the signal: queue length, or requests in flight; not GPU utilisation",
                "keep the weights near the machine, and measure a cold start",
                "set the least and the most instances; none only where a caller may wait for a cold start",
            ),
            proved_wrong_by=f"callers can't wait {gpu_rules().cold_start_minutes} minutes for the first answer, or no "
            "capacity is there when it has to start again",
        )


def demand_of(hours: Sequence[GroupHour], instance_gpus: int, cash: Cash) -> Demand:
    """What the requests of each hour needed; what runs beyond it is taken off what is paid as it runs first."""
    rates = sorted(one.requests / one.gpus for one in hours if one.requests > 0 and one.gpus)
    busiest = rates[ceil(0.95 * len(rates)) - 1] if rates else 0.0
    avoided = kept = 0
    starts = before = 0
    for one in hours:
        needed = ceil(round(one.requests / (busiest * instance_gpus), 9)) if busiest else 0
        avoided += one.above(needed * instance_gpus, cash)
        kept += one.above(max(1, needed) * instance_gpus, cash)
        starts += max(0, needed - before)
        before = needed
    cold = Fraction(gpu_rules().cold_start_minutes, 60) * starts * instance_gpus
    if cash == "capacity" and any(one.cash_gpus for one in hours):
        cold = Fraction(0)  # counted with the machines that are paid as they run
    return Demand(
        avoided=max(Fraction(0), avoided - cold),
        kept=max(Fraction(0), min(kept - cold, avoided - cold)),
        starts=starts,
        idle_hours=sum(not one.requests for one in hours),
        hours=len(hours),
        busiest=busiest,
    )
