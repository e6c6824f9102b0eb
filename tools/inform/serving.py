"""serving_costs: what self-hosted models cost per million tokens, and what buying the same tokens would cost."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from tools.domain.errors import NoData
from tools.domain.period import Period, last_full_month
from tools.domain.result import Cell, Column, Evidence, ToolResult
from tools.inform.freshness import lateness
from tools.inform.unread import unread, without_data
from tools.registry import SqlValue, ToolContext, tool
from tools.semantic.numbers import over, plain

TOOL = "serving_costs"
_MILLION = 1_000_000
NEEDED = ("x_Model", "EffectiveCost", "ConsumedQuantity", "ConsumedUnit")
"""Columns without which nothing can be said."""


class ServingRequest(BaseModel):
    """Which models, and when."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    model: str | None = Field(default=None, description="one self-hosted model; none: all of them")
    period: Period | None = Field(default=None, description="half-open, UTC days; none: the last full month")


@dataclass(frozen=True)
class Served:
    """One model's time on its own machines. Tokens and cost are of the whole period, `peak` of its busiest hour."""

    model: str
    currency: str
    cost: Decimal
    tokens: Decimal
    peak: Decimal
    hours: Decimal
    bought: Decimal | None
    """What a price list asks for the same tokens; None where it knows no price of the model."""

    @property
    def capacity(self) -> Decimal:
        """Tokens that the machines would serve were every hour as busy as the busiest."""
        return self.peak * self.hours

    @property
    def break_even(self) -> Decimal | None:
        """The utilisation at which the machines cost as much as the tokens they would then serve cost to buy."""
        if self.bought is None:
            return None
        return over(self.cost * self.tokens, self.bought * self.capacity)


_QUERY = """
WITH given AS (SELECT CAST(? AS DATE) AS first, CAST(? AS DATE) AS after, CAST(? AS VARCHAR) AS wanted),
machines AS (
    SELECT "x_Model" AS model, "BillingCurrency" AS currency, SUM("EffectiveCost") AS cost
    FROM daily, given
    WHERE "ChargeDay" >= first AND "ChargeDay" < after AND "x_CountsForCost" AND "x_Model" IS NOT NULL
        AND "ConsumedUnit" ILIKE '%hour%' AND (wanted IS NULL OR lower("x_Model") = lower(wanted))
    GROUP BY ALL
),
by_hour AS (
    SELECT "x_Model" AS model, date_trunc('hour', "ChargePeriodStart") AS hour,
        SUM("ConsumedQuantity") AS tokens, SUM("EffectiveCost") AS bought,
        bool_or("EffectiveCost" IS NULL) AS is_unpriced
    FROM charges, given
    WHERE "ChargeDay" >= first AND "ChargeDay" < after AND "x_CountsForUsage" AND "x_CostBasis" = 'estimate'
        AND "ConsumedUnit" = 'Tokens' AND "x_Model" IN (SELECT model FROM machines)
    GROUP BY ALL
),
served AS (
    SELECT model, SUM(tokens) AS tokens, MAX(tokens) AS peak, SUM(bought) AS bought, bool_or(is_unpriced) AS is_unpriced
    FROM by_hour GROUP BY 1
)
SELECT m.model, m.currency, m.cost, s.tokens, s.peak, CASE WHEN s.is_unpriced THEN NULL ELSE s.bought END AS bought
FROM machines m JOIN served s USING (model) WHERE s.tokens > 0
ORDER BY m.cost DESC, m.model
""".strip()


@tool(ServingRequest)
def serving_costs(ctx: ToolContext, request: ServingRequest) -> ToolResult:
    """Serving cost per million tokens of self-hosted models, beside the price of buying the same tokens.

    Use it for "what does serving our own models cost per million tokens", "build versus buy", "is self-hosting
    cheaper than an API". Needs machine hours that name their model (x_Model), and usage records of its tokens.
    CostPerMillionAllocated: all that the machines cost over all tokens they served. Utilisation: tokens served over
    what the busiest hour would make of the whole period. CostPerMillionUsed: the part of the cost that was in use,
    over the tokens. BuyPerMillion: the same tokens at list price. BreakEvenUtilisation: the utilisation at which
    owning costs as much as buying; above 1 it is out of reach of these machines.
    For models bought by the token use query_costs with CostPerMillionTokens.
    """
    period = request.period or last_full_month(ctx.as_of)
    resolved = request.model_copy(update={"period": period})
    missing = next((name for name in NEEDED if name not in ctx.store.rollup_columns), None)
    if missing is not None:
        return _nothing(ctx, resolved, f"no loaded file has the column {missing}", missing)
    parameters: tuple[SqlValue, ...] = (period.start, period.end, request.model)
    served = read_served(ctx, period, request.model)
    currencies = sorted({one.currency for one in served})
    if not served:
        what = f"machines for {request.model}" if request.model else "machines of a self-hosted model"
        return _nothing(ctx, resolved, f"no {what} with usage records of its tokens are loaded for this period")
    if len(currencies) > 1:
        return _nothing(ctx, resolved, f"these machines are paid in {' and '.join(currencies)}, which don't add up")
    evidence = Evidence(
        sql=_QUERY,
        parameters=parameters,
        arguments=resolved.model_dump(mode="json"),
        period=period,
        generation=ctx.store.generation,
        row_count=len(served),
        loaded_through=ctx.store.loaded_through,
        sources=ctx.store.sources,
        caveats=(*_caveats(served), *lateness(ctx, period)),
    )
    rows = tuple(_row(one) for one in served)
    return ToolResult(tool=TOOL, columns=_columns(currencies[0]), rows=rows, evidence=evidence)


def read_served(ctx: ToolContext, period: Period, model: str | None = None) -> tuple[Served, ...]:
    """Self-hosted models with machines and usage records in the period, the most costly first; () where there are none.

    Raises nothing for a store that lacks a column of NEEDED: it has none then.
    """
    if not set(NEEDED) <= ctx.store.rollup_columns:
        return ()
    rows = ctx.store.query(_QUERY, (period.start, period.end, model)).rows
    return tuple(_served(row, period) for row in rows)


def _served(row: Sequence[Any], period: Period) -> Served:
    model, currency, cost, tokens, peak, bought = row
    return Served(model, str(currency), cost, tokens, peak, Decimal(24 * period.days), bought)


def _columns(currency: str) -> tuple[Column, ...]:
    per_million = f"{currency}/1M tokens"
    amounts = (
        ("MachineCost", "machine cost", currency),
        ("Tokens", "tokens", "tokens"),
        ("CostPerMillionAllocated", "per million tokens, all hours", per_million),
        ("Utilisation", "utilisation", "ratio"),
        ("CostPerMillionUsed", "per million tokens, hours in use", per_million),
        ("BuyPerMillion", "per million tokens, bought", per_million),
        ("BuyCost", "cost if bought", currency),
        ("BreakEvenUtilisation", "break-even utilisation", "ratio"),
    )
    named = Column(name="x_Model", kind="dimension", label="model", plural="models")
    measured = (Column(name=key, kind="metric", label=label, unit=unit, metric=key) for key, label, unit in amounts)
    return (named, *measured)


def _row(one: Served) -> tuple[Cell, ...]:
    """Formulas: FinOps Foundation, FinOps for AI: cost per token on allocated capacity, and on capacity in use."""
    figures = (
        one.cost,
        one.tokens,
        over(one.cost, one.tokens, _MILLION),
        over(one.tokens, one.capacity),
        over(one.cost, one.capacity, _MILLION),
        over(one.bought, one.tokens, _MILLION),
        one.bought,
        one.break_even,
    )
    return (one.model, *(None if figure is None else plain(figure) for figure in figures))


def _caveats(served: Sequence[Served]) -> tuple[str, ...]:
    caveats = ["utilisation is of the tokens that the busiest hour would make of the whole period, not of the hardware"]
    if any(one.bought is None for one in served):
        caveats.append("no price list knows a price of some of these models, so that what buying costs is unknown")
    return tuple(caveats)


def _nothing(ctx: ToolContext, request: ServingRequest, message: str, column: str | None = None) -> ToolResult:
    nothing = NoData(message, "missing_column" if column else "absent", column=column)
    return without_data(TOOL, nothing, unread(ctx, request, request.period))
