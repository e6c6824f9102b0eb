"""Quotas: teams that hold more GPUs than they use in most hours."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import ceil

from tools.domain.recommendation import Phase, Recommendation
from tools.optimize.gpu.advice import Advice
from tools.optimize.gpu.autoscale import CASH
from tools.optimize.gpu.fleet import Sampled, read_fleet
from tools.optimize.gpu.idle_gpu import is_long_enough
from tools.optimize.gpu.rules import gpu_rules
from tools.optimize.gpu.services import Group, members
from tools.optimize.gpu.telemetry import GroupHour, Window, group_hours, missing_samples, window
from tools.optimize.ledger import Ledger
from tools.optimize.lever import Preflight
from tools.registry import ToolContext


@dataclass(frozen=True)
class Use:
    """What a team held and used; `quota` is the 95th percentile of the GPUs in use."""

    quota: int
    hours_above: int
    hours: int
    held: float
    used: float


class Quota:
    """The saving is GPU-hours above a quota that covers the 95th percentile of the GPUs in use.

    A team is named when it holds more than that in most hours; peaks beyond it are borrowed from others. What runs
    above the quota is taken off what is paid as it runs. It is the other way to what stopping its idle machines saves,
    and never counted beside that.
    """

    name = "quota"
    label = "give teams a quota of GPUs"
    phase: Phase = "usage"

    def preflight(self, ctx: ToolContext, ledger: Ledger) -> Preflight:
        missing = missing_samples(ctx)
        if missing is None and not any(line["x_Team"] for line in ledger.lines):
            missing = "charges that say which team they are of (x_Team)"
        return Preflight(missing)

    def find(self, ctx: ToolContext, ledger: Ledger) -> Sequence[Recommendation]:
        inside = window(ctx, gpu_rules().window_days)
        teams: dict[str, list[Sampled]] = defaultdict(list)
        for one in read_fleet(ctx, ledger, inside).sampled:
            if (team := one.machine.one("x_Team")) and is_long_enough(one.samples, inside):
                teams[team].append(one)
        own = [Group(team, team, tuple(held)) for team, held in sorted(teams.items()) if len(held) > 1]
        hours = group_hours(ctx, inside, members(own))
        found = []
        for group in own:
            seen = hours[group.keys[0]]
            use = use_of(seen)
            if use.hours_above <= gpu_rules().quota_hours * use.hours:
                continue
            for cash in CASH:
                payment, expected = group.payment(cash), group.expected_gpu_hours(cash)
                if payment is None or not expected:
                    continue
                above = sum(hour.above(use.quota, cash) for hour in seen)
                share = min(Fraction(1), Fraction(above) / expected)
                if share >= gpu_rules().cheaper_by:
                    advice = self._advice(group.name, use, share, inside)
                    found.append(group.recommended(ctx, ledger, cash, payment, advice))
        return found

    def _advice(self, team: str, use: Use, share: Fraction, inside: Window) -> Advice:
        return Advice(
            lever=self.name,
            description=f"Give {team} a quota of {use.quota} GPUs, and let it borrow what others leave",
            avoided=share,
            low=Fraction(0),
            high=share,
            confidence=Decimal("0.4"),
            effort="High",
            risk="Medium",
            evidence=(
                f"{inside}: it held {use.held:.0f} GPUs on average, and used {use.used:.0f}",
                f"{use.quota} GPUs cover 95 % of the hours' use, the rest can be borrowed; it held more in "
                f"{use.hours_above} of {use.hours} hours",
                f"{float(share):.0%} of its charged GPU-hours lie above that",
            ),
            steps=(
                "agree on the team's share, and on who may lend to whom",
                "warn at the limit first; stop only what can be stopped",
                "look at it again each quarter",
            ),
            proved_wrong_by="the team is about to start larger work, or holds GPUs as a reserve that is meant",
        )


def use_of(hours: Sequence[GroupHour]) -> Use:
    used = sorted(one.working_gpus for one in hours)
    quota = used[ceil(0.95 * len(used)) - 1]
    return Use(
        quota=quota,
        hours_above=sum(one.gpus > quota for one in hours),
        hours=len(hours),
        held=sum(one.gpus for one in hours) / len(hours),
        used=sum(used) / len(used),
    )
