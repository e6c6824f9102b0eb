"""Sharing: GPUs of low use whose work fits on fewer, by MIG, MPS or time-slicing."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from math import ceil

from tools.domain.recommendation import Cash, Phase, Recommendation
from tools.optimize.gpu.advice import Advice
from tools.optimize.gpu.autoscale import CASH
from tools.optimize.gpu.fleet import read_fleet
from tools.optimize.gpu.idle_gpu import idle_keys, is_long_enough
from tools.optimize.gpu.rules import gpu_rules
from tools.optimize.gpu.services import Group, groups, members
from tools.optimize.gpu.telemetry import GpuPeak, Window, gpu_peaks, group_hours, missing_samples, window
from tools.optimize.ledger import Ledger
from tools.optimize.lever import Preflight
from tools.registry import ToolContext


class _Card:
    """One GPU that is being filled."""

    def __init__(self) -> None:
        self.sm = self.memory = 0.0

    def takes(self, one: GpuPeak) -> bool:
        rules = gpu_rules()
        memory = one.memory_gib * (1 + rules.memory_headroom) / one.total_gib
        if self.sm + one.sm > 1 - rules.headroom or self.memory + memory > 1:
            return False
        self.sm += one.sm
        self.memory += memory
        return True


class Sharing:
    """The saving is GPU-hours of machines beyond those that the work of all, packed on shared GPUs, fills.

    Packing takes each GPU's own peaks (the 95th percentile of SM activity, the most memory held), as if they came at
    the same time, and leaves head-room; a GPU's work is never split. Machines that are paid as they run go first.
    """

    name = "sharing"
    label = "share GPUs of low use"
    phase: Phase = "usage"

    def preflight(self, ctx: ToolContext, ledger: Ledger) -> Preflight:
        return Preflight(missing_samples(ctx, "SmActiveMean", "MemoryTotalGiB"))

    def find(self, ctx: ToolContext, ledger: Ledger) -> Sequence[Recommendation]:
        inside = window(ctx, gpu_rules().window_days)
        idle = idle_keys(ctx, ledger)
        low = [
            one
            for one in read_fleet(ctx, ledger, inside).sampled
            if one.samples.sm_mean is not None and one.samples.sm_mean < gpu_rules().low_use
            if one.machine.key not in idle and is_long_enough(one.samples, inside)
        ]
        own = [group for group in groups(low) if len(group.members) > 1]
        hosts = [one.samples.host for group in own for one in group.members]
        peaks, hours = gpu_peaks(ctx, inside, hosts), group_hours(ctx, inside, members(own))
        found = []
        for group in own:
            needed = machines_needed([one for each in group.members for one in peaks.get(each.samples.host, [])],
                                     group.instance_gpus)  # fmt: skip
            for cash in CASH:
                payment, expected = group.payment(cash), group.expected_gpu_hours(cash)
                if needed is None or payment is None or not expected:
                    continue
                avoided = sum(one.above(needed * group.instance_gpus, cash) for one in hours[group.keys[0]])
                share = min(Fraction(1), Fraction(avoided) / expected)
                if share >= gpu_rules().cheaper_by:
                    advice = self._advice(group, cash, needed, share, inside)
                    found.append(group.recommended(ctx, ledger, cash, payment, advice))
        return found

    def _advice(self, group: Group, cash: Cash, needed: int, share: Fraction, inside: Window) -> Advice:
        count = len(group.members)
        means = [one.samples.sm_mean or 0 for one in group.members]
        held = max(one.samples.memory_peak_gib or 0 for one in group.members)
        return Advice(
            lever=self.name,
            description=f"Let {group.name} share GPUs: {needed} of {count} are enough",
            avoided=share,
            low=share / 2,
            high=share,
            confidence=Decimal("0.5"),
            effort="High",
            risk="Medium",
            evidence=(
                f"{inside}: SM activity {min(means):.0%} to {max(means):.0%} on "
                f"average, at most {held:.1f} GiB held on a GPU",
                f"packed by each GPU's peaks, with {gpu_rules().headroom:.0%} kept free, the work fits on {needed} "
                f"machines; {float(share):.0%} of the hours {'on demand' if cash == 'cash' else 'committed'} go",
                "low and high: half of it, as neighbours may disturb each other, and all of it",
            ),
            steps=(
                "choose MIG for tenants, MPS for one team's services, time-slicing for notebooks",
                "pilot on one machine, and measure latency at the peak",
                "drain and drop the machines that are paid as they run, one after the other",
            ),
            proved_wrong_by="latency at the peak gets worse with a neighbour on the same GPU, or one process takes the "
            "memory of all",
        )


def machines_needed(peaks: Sequence[GpuPeak], instance_gpus: int) -> int | None:
    """Machines that hold the work of all these GPUs, largest first into the first GPU with room; None without peaks."""
    if not peaks:
        return None
    cards: list[_Card] = []
    for one in sorted(peaks, key=lambda peak: (-peak.sm, -peak.memory_gib)):
        if not any(card.takes(one) for card in cards):
            cards.append(_Card())
            if not cards[-1].takes(one):
                cards[-1].sm = cards[-1].memory = 1.0  # work above the head-room keeps a GPU for itself
    return ceil(len(cards) / instance_gpus)
