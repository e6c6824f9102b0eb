"""query_costs: costs, tokens, requests and rates, by any dimension and period."""

from collections.abc import Sequence
from typing import Any

from tools.domain.errors import NoData
from tools.domain.period import Period
from tools.domain.query import CostQuery
from tools.domain.result import Evidence, ToolResult
from tools.inform.emptiness import why_empty
from tools.inform.freshness import lateness
from tools.inform.unread import unread, without_data
from tools.registry import Rows, ToolContext, tool
from tools.semantic.assemble import Table, assemble
from tools.semantic.buckets import cut_buckets, empty_buckets
from tools.semantic.columns import Columns
from tools.semantic.compile import CompiledQuery, compile_plan, compile_unpriced
from tools.semantic.model import load_model
from tools.semantic.parameters import Parameters
from tools.semantic.plan import Plan, make_plan

TOOL = "query_costs"


@tool(CostQuery)
def query_costs(ctx: ToolContext, request: CostQuery) -> ToolResult:
    """Costs, tokens, requests and rates from the loaded bills and usage: totals, top N, trends, shares, comparisons.

    Use it for every question about an amount: spend, bills, credits, tokens, cost per million tokens, cache-hit rate,
    savings rate. For what is loaded, names and values use describe_data; for a price list's prices use lookup_prices.

    metrics: EffectiveCost is "spend"; BilledCost is "the bill", by billing period. The first one ranks.
    group_by: x_Model, x_Team, HostProviderName ("provider"), ServiceName, tag:KEY … one row per combination.
    filters: values as they stand in the data; case does not matter. Several filters are ANDed.
    period: start inclusive, end exclusive. Leave it out when none is named: the month to date.
    granularity: adds Time. limit: top N, the rest is one row "other", so that parts sum to the total.
    compare_to: "previous" or a period; adds <metric>_previous, _change, _change_ratio. with_share: adds <metric>_share.
    Amounts in several currencies are refused: filter or group by BillingCurrency, or set currency where a rate is
    stated. A value that is not known is answered with the nearest ones; a metric that needs a column which no file
    has, or a period that is not loaded, gives no_data with the reason.
    """
    store, model = ctx.store, load_model()
    columns = Columns(store, model, Parameters())
    try:
        plan = make_plan(request, reader=store, model=model, columns=columns, as_of=ctx.as_of, rates=ctx.rates)
    except NoData as nothing:
        return _nothing(ctx, request, nothing)
    compiled = compile_plan(plan, columns)
    records = _records(store.query(compiled.sql, compiled.parameters))
    if not any(record["found"] for record in records):
        return _nothing(ctx, request, why_empty(ctx, plan, model), plan, compiled)
    loaded = [_is_loaded(ctx, side) for side in (plan.span.current, plan.span.previous) if side is not None]
    table = assemble(plan, compiled, records, loaded)
    late = lateness(ctx, plan.span.asked, plan.query.filters)
    caveats = (*plan.caveats, *_basis_notes(ctx, plan), *_more_caveats(ctx, plan, compiled, table), *late)
    return ToolResult(
        tool=TOOL,
        columns=table.columns,
        rows=table.rows,
        totals=table.totals,
        other_row=table.other_row,
        evidence=_evidence(ctx, plan, compiled, table.groups, caveats),
    )


def _records(rows: Rows) -> list[dict[str, Any]]:
    return [dict(zip(rows.columns, row, strict=True)) for row in rows.rows]


def _is_loaded(ctx: ToolContext, period: Period) -> bool:
    first, last = ctx.store.loaded_from, ctx.store.loaded_through
    return first is not None and last is not None and period.start <= last and period.last_day >= first


def _basis_notes(ctx: ToolContext, plan: Plan) -> Sequence[str]:
    """Which basis counted where several cover one day; nothing when the query asks for one basis."""
    if plan.query.cost_basis is not None:
        return ()
    if plan.is_of_own_usage:
        return ("an estimate by price list; spend in total counts a provider's invoice or usage instead, where loaded",)
    sides = [side for side in (plan.span.current, plan.span.previous) if side is not None]
    return tuple(dict.fromkeys(note for side in sides for note in ctx.store.basis_decided(side)))


def _more_caveats(ctx: ToolContext, plan: Plan, compiled: CompiledQuery, table: Table) -> list[str]:
    caveats = []
    if any(metric.monetary for metric in plan.metrics):
        caveats += unpriced_notes(ctx, plan)
    if note := empty_buckets(plan, table.buckets, ctx.store.loaded_from, ctx.store.loaded_through):
        caveats.append(note)
    if note := cut_buckets(plan, ctx.store.loaded_from, ctx.store.loaded_through):
        caveats.append(note)
    if compiled.limit is not None and plan.query.limit is None and table.groups > compiled.limit:
        caveats.append(f"the first {compiled.limit} of {table.groups} groups are given by name, the rest as other")
    if plan.query.threshold is not None:
        caveats.append("totals are over all groups, not only over those that pass the threshold")
    return caveats


def unpriced_notes(ctx: ToolContext, plan: Plan) -> list[str]:
    """How much usage of the plan's rows has no known price, as a sentence; none where all has."""
    store = ctx.store
    if "unpriced" not in store.values("x_PriceSource") or not {"x_TokenType", "ConsumedQuantity"} <= store.columns:
        return []
    compiled = compile_unpriced(plan, Columns(store, load_model(), Parameters()))
    tokens, rows = store.query(compiled.sql, compiled.parameters).rows[0]
    if not rows:
        return []
    amount = f"{int(tokens):,} tokens" if tokens else f"{int(rows):,} rows"
    return [f"{amount} of usage have no known price; their cost is unknown and in no amount"]


def _evidence(ctx: ToolContext, plan: Plan, compiled: CompiledQuery, groups: int, caveats: Sequence[str]) -> Evidence:
    arguments = plan.query.model_dump(mode="json") | {
        "metrics": [metric.name for metric in plan.metrics],
        "period": plan.span.asked.model_dump(mode="json"),
    }
    if plan.query.order_by is None:
        arguments["order_by"] = "time" if plan.query.granularity else "metric"
        arguments["order"] = "ascending" if plan.query.granularity else plan.query.order
    if plan.span.previous is not None and plan.query.compare_to == "previous":
        arguments["compare_to"] = plan.span.previous.model_dump(mode="json")
    return Evidence(
        sql=compiled.sql,
        parameters=compiled.parameters,
        arguments=arguments,
        period=plan.span.asked,
        compare_period=plan.span.previous,
        generation=ctx.store.generation,
        row_count=groups,
        loaded_through=ctx.store.loaded_through,
        sources=ctx.store.sources,
        caveats=tuple(dict.fromkeys(caveats)),
    )


def _nothing(
    ctx: ToolContext,
    request: CostQuery,
    nothing: NoData,
    plan: Plan | None = None,
    compiled: CompiledQuery | None = None,
) -> ToolResult:
    if plan is not None and compiled is not None:
        evidence = _evidence(ctx, plan, compiled, 0, plan.caveats)
    else:
        evidence = unread(ctx, request, request.period)
    return without_data(TOOL, nothing, evidence)
