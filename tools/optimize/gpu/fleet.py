"""Machines that are paid for, joined with what their samples say."""

from collections.abc import Collection
from dataclasses import dataclass
from fractions import Fraction

from tools.inform.gpus.billed import HOURS_OF_DAY, billed_share
from tools.optimize.gpu.known import known
from tools.optimize.gpu.machines import Machine, machines
from tools.optimize.gpu.telemetry import HostSummary, Window, summaries
from tools.optimize.ledger import Ledger
from tools.registry import ToolContext


@dataclass(frozen=True)
class Sampled:
    """A machine and its samples in a window; `charged_gpu_hours` is None where the bill does not say."""

    machine: Machine
    samples: HostSummary
    charged_gpu_hours: Fraction | None

    @property
    def expected_gpu_hours(self) -> Fraction:
        """GPU-hours that samples should have: those charged, at least those sampled."""
        return max(self.charged_gpu_hours or Fraction(0), Fraction(self.samples.gpu_hours))

    def known_of(self, inside: Window) -> Fraction:
        """GPU-hours that a verdict speaks of: those expected; since the first sample, where the bill doesn't say."""
        return self.expected_gpu_hours if self.charged_gpu_hours else self.samples.spanned_gpu_hours(inside)


@dataclass(frozen=True)
class Fleet:
    """Machines with samples, machines without, and hosts with samples that no charge bears the name of."""

    sampled: tuple[Sampled, ...]
    silent: tuple[Machine, ...]
    unbilled: tuple[HostSummary, ...]
    window: Window


def read_fleet(ctx: ToolContext, ledger: Ledger, inside: Window) -> Fleet:
    """The machines of the ledger with the samples of the window."""
    found = known(ctx.store, ("summaries", inside), lambda: summaries(ctx, inside))
    own = machines(ctx, ledger, found)
    keys = tuple(one.key for one in own)
    charged = known(ctx.store, ("charged", inside, keys), lambda: _charged_hours(ctx, inside, keys))
    sampled, silent, taken = [], [], set()
    for machine in own:
        host = next((one for one in (machine.key, *sorted(machine.hosts)) if one in found and one not in taken), None)
        if host is None:
            silent.append(machine)
            continue
        taken.add(host)
        hours, gpus = charged.get(machine.key), machine.type.gpus if machine.type else found[host].gpus
        sampled.append(Sampled(machine, found[host], hours * gpus if hours is not None else None))
    unbilled = tuple(summary for host, summary in found.items() if host not in taken)
    return Fleet(tuple(sampled), tuple(silent), unbilled, inside)


def _charged_hours(ctx: ToolContext, inside: Window, keys: Collection[str]) -> dict[str, Fraction]:
    """Instance hours charged in the window, since there are samples; nothing where bills reach too little of it."""
    span = ctx.store.gpu_span
    start = max(inside.start, span[0]) if span else inside.start
    billed = billed_share(start, inside.end, ctx.store.loaded_through)
    if not keys or billed is None:
        return {}
    # At least so many instances ran as the day's hours need; of a day partly in the window, each ran that part at most.
    sql = f"""
WITH days AS (
    SELECT COALESCE("ResourceId", "ResourceName") AS key, "ChargeDay" AS day, SUM("ConsumedQuantity") AS hours
    FROM charges
    WHERE "ChargeDay" >= CAST(? AS DATE) AND "ChargeDay" <= CAST(? AS DATE) AND "x_CountsForCost"
        AND "ConsumedUnit" ILIKE '%hour%' AND "x_TokenType" IS NULL
        AND COALESCE("ResourceId", "ResourceName") IN ({", ".join("?" * len(keys))}) GROUP BY ALL
)
SELECT key, SUM(LEAST(hours, CAST(CEIL(hours / 24) AS BIGINT) * GREATEST(0, {HOURS_OF_DAY.format(day="day")})))
FROM days GROUP BY 1"""
    days = (start.date(), inside.end.date())
    rows = ctx.store.query(sql, (*days, *keys, start.isoformat(" "), inside.end.isoformat(" "))).rows
    return {key: Fraction(hours) / billed for key, hours in rows if hours is not None}
