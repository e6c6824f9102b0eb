"""Serving-side batching: own machines take as many requests at once in all hours as they have been seen to take."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import ceil
from statistics import median

from tools.domain.recommendation import Phase, Recommendation
from tools.optimize.ledger import Ledger
from tools.optimize.lever import READY, Preflight
from tools.optimize.llm.machines import Machines, freed_note, machines
from tools.optimize.llm.own_models import own_models
from tools.optimize.llm.slices import monthly, percent
from tools.registry import ToolContext

LATENCY = "x_LatencySeconds"
LEAST_HOURS = 48
LEAST_SAVED = Fraction(1, 20)


@dataclass(frozen=True)
class Hour:
    """One hour of a model: requests in flight on average, seconds a request, output tokens a second, machines."""

    concurrency: Fraction
    latency: Fraction
    tokens_per_second: Fraction
    machines: Fraction

    @property
    def each(self) -> Fraction:
        """Requests in flight on a machine."""
        return self.concurrency / self.machines


@dataclass(frozen=True)
class ServingBatching:
    """Machine hours needed are those in which every machine carries what it carried in the busiest hour whose latency
    was still near the usual; the saving is what the other hours cost."""

    name: str = "serving_batching"
    label: str = "serve more requests at once on fewer machines"
    phase: Phase = "usage"

    def preflight(self, ctx: ToolContext, ledger: Ledger) -> Preflight:
        if not machines(ledger):
            return Preflight("machine hours that name the model they serve (x_Model)")
        if LATENCY not in ctx.store.columns:
            return Preflight(
                "usage records of own models with requests and their latency (--map COLUMN=latency_seconds), by the "
                "hour or finer"
            )
        return READY

    def find(self, ctx: ToolContext, ledger: Ledger) -> Sequence[Recommendation]:
        found = (self._one(ctx, ledger, own) for own in machines(ledger).values())
        return [one for one in found if one is not None]

    def _one(self, ctx: ToolContext, ledger: Ledger, own: Machines) -> Recommendation | None:
        hours = read_hours(ctx, ledger, own.model)
        facts = own_models().serving_batching
        if len(hours) < LEAST_HOURS:
            return None
        usual = Fraction(median(hour.latency for hour in hours))
        full = max(hour.each for hour in hours if hour.latency <= usual * Fraction(facts.slower))
        paid, total = own.hours, 24 * ledger.period.days
        needed = _needed(hours, full, total)
        if needed >= paid * (1 - LEAST_SAVED):
            return None
        careful = min(_needed(hours, full / Fraction(facts.headroom), total), paid)
        exact = sum((hour.concurrency / full for hour in hours), Fraction(0))
        busiest = max(hours, key=lambda hour: hour.each)
        return Recommendation(
            lever=self.name,
            target=own.model,
            description=f"Serve {own.model} with more requests at once on fewer machine hours",
            edits=(own.edit(needed / paid),),
            low=monthly(ledger, own.cost * (1 - careful / paid)),
            high=monthly(ledger, own.cost * (1 - min(exact / paid, needed / paid))),
            currency=ledger.currency,
            cash=own.cash(),
            confidence=Decimal("0.4"),
            effort="High",
            risk="Medium",
            evidence=(
                f"a machine took {float(full):.1f} requests at once at a latency within {facts.slower} times the usual "
                f"{float(usual):.2f} seconds; over {len(hours):,} hours it took "
                f"{float(sum(hour.each for hour in hours) / len(hours)):.1f}",
                f"the busiest hour gave {float(busiest.tokens_per_second):,.0f} tokens a second on "
                f"{float(busiest.machines):.1f} machines",
                f"{float(needed):,.0f} machine hours were needed, {float(paid):,.0f} were paid "
                f"({percent(needed / paid)})",
                freed_note(own.lines),
            ),
            steps=("raise the limit of sequences at once in the server", "let replicas follow the requests in flight"),
            proved_wrong_by="latency rises over what people accept when a machine carries so many at once for long",
            exclusive=own.claim(),
            owner=own.owner,
            provider=own.provider,
            period=ledger.period,
            created=ctx.as_of,
        )


def _needed(hours: Sequence[Hour], full: Fraction, total: int) -> Fraction:
    """Machine hours with `full` requests on each; one machine stays up when nothing is asked."""
    used = sum(max(1, ceil(hour.concurrency / full)) for hour in hours)
    return Fraction(used + max(total - len(hours), 0))


def read_hours(ctx: ToolContext, ledger: Ledger, model: str) -> Sequence[Hour]:
    """The model's hours with requests, latency and machines. Machines billed by the day count evenly over its hours."""
    sql = f"""
WITH given AS (SELECT CAST(? AS DATE) AS first, CAST(? AS DATE) AS after, CAST(? AS VARCHAR) AS wanted),
machine_days AS (
    SELECT "ChargeDay" AS day, SUM("ConsumedQuantity") AS hours FROM charges, given
    WHERE "ChargeDay" >= first AND "ChargeDay" < after AND "x_CountsForCost" AND "x_Model" = wanted
        AND "x_TokenType" IS NULL AND "ConsumedUnit" ILIKE '%hour%' GROUP BY 1
),
served AS (
    SELECT date_trunc('hour', "ChargePeriodStart") AS hour, any_value("ChargeDay") AS day,
        SUM("x_Requests") AS requests,
        SUM("x_Requests" * TRY_CAST("{LATENCY}" AS DECIMAL(18,6))) AS busy_seconds,
        SUM("ConsumedQuantity") FILTER ("x_TokenType" IN ('output', 'reasoning')) AS output
    FROM charges, given
    WHERE "ChargeDay" >= first AND "ChargeDay" < after AND "x_CountsForUsage" AND "x_Model" = wanted
        AND "x_TokenType" IS NOT NULL GROUP BY 1
)
SELECT requests, busy_seconds, COALESCE(output, 0), hours FROM served JOIN machine_days USING (day)
WHERE busy_seconds > 0 AND requests > 0 AND hours > 0 ORDER BY hour
""".strip()
    rows = ctx.store.query(sql, (ledger.period.start, ledger.period.end, model)).rows
    return [
        Hour(
            concurrency=Fraction(busy) / 3600,
            latency=Fraction(busy) / Fraction(requests),
            tokens_per_second=Fraction(output) / 3600,
            machines=Fraction(hours) / 24,
        )
        for requests, busy, output, hours in rows
    ]
