"""reconcile: invoice, provider usage and gateway estimate side by side, and what sets them apart."""

from tools.domain.errors import NoData
from tools.domain.period import Period, last_full_month
from tools.domain.result import Evidence, ToolResult
from tools.domain.scope import Filter
from tools.inform.freshness import lateness
from tools.inform.reconciliation.accounts import accounts_of, currency_of, provider_of
from tools.inform.reconciliation.bridge import Bridge, bridges_of, by_group, steps, totals_of
from tools.inform.reconciliation.query import bridge_query
from tools.inform.reconciliation.request import ReconcileRequest
from tools.registry import SqlValue, ToolContext, tool

TOOL = "reconcile"


@tool(ReconcileRequest)
def reconcile(ctx: ToolContext, request: ReconcileRequest) -> ToolResult:
    """Why two accounts of one provider's usage differ: its invoice, its usage records, a gateway's estimate.

    Use it for "does the OpenAI invoice match our usage", "reconcile Anthropic for October", "how far off is the
    gateway's estimate". The difference is split by cause: taxes, credits, corrections, usage without a price, usage or
    days that one side lacks, service tiers and batch, cached tokens, days cut at another hour, rounding to cents; what
    none of them accounts for is shown as unexplained. Records + causes = reference, exactly.
    An invoice counts as billed, the others by effective cost. For spend itself use query_costs.
    """
    period = request.period or last_full_month(ctx.as_of)
    try:
        provider = provider_of(ctx, request, period)
        reference, records = accounts_of(ctx, request, provider, period)
        currency = currency_of(ctx, provider, period)
    except NoData as nothing:
        return _nothing(ctx, request, period, nothing)
    group = request.group_by
    if group and group not in ctx.store.rollup_columns:
        missing = NoData(f"no loaded file has the column {group}", reason="missing_column", column=group)
        return _nothing(ctx, request, period, missing)
    sql = bridge_query(ctx.store.rollup_columns, group)
    parameters: tuple[SqlValue, ...] = (provider, period.start, period.end, currency, records, reference)
    bridges = bridges_of(ctx.store.query(sql, parameters).rows)
    resolved = request.model_copy(
        update={"provider": provider, "period": period, "reference": reference, "records": records}
    )
    columns, rows = by_group(bridges, group, resolved, currency) if group else steps(bridges, resolved, currency)
    totals = totals_of(bridges) if group else {}
    evidence = Evidence(
        sql=sql,
        parameters=parameters,
        arguments=resolved.model_dump(mode="json"),
        period=period,
        generation=ctx.store.generation,
        row_count=len(rows),
        loaded_through=ctx.store.loaded_through,
        sources=ctx.store.sources,
        caveats=(*_caveats(bridges, resolved), *lateness(ctx, period, (_only(provider),))),
    )
    open_ones = any(bridge.unexplained for bridge in bridges.values()) and not group
    return ToolResult(
        tool=TOOL,
        columns=columns,
        rows=rows,
        totals=totals,
        evidence=evidence,
        suggestions=(f"Reconcile {provider} by model",) if open_ones else (),
    )


def _only(provider: str) -> Filter:
    return Filter(dimension="HostProviderName", operator="in", values=(provider,))


def _caveats(bridges: dict[str | None, Bridge], request: ReconcileRequest) -> tuple[str, ...]:
    found = {cause for bridge in bridges.values() for cause in bridge.causes}
    caveats = []
    if request.reference == "invoice":
        caveats.append("the invoice counts as billed, the other account by effective cost")
    if found & {"missing", "extra"} and request.records == "estimate":
        caveats.append("a gateway sees only the calls that pass it")
    if "other_unit" in found:
        caveats.append("only lines for tokens are matched; other charges of the provider stand apart")
    return tuple(caveats)


def _nothing(ctx: ToolContext, request: ReconcileRequest, period: Period, nothing: NoData) -> ToolResult:
    evidence = Evidence(
        sql="",
        arguments=request.model_copy(update={"period": period}).model_dump(mode="json"),
        period=period,
        generation=ctx.store.generation,
        loaded_through=ctx.store.loaded_through,
        sources=ctx.store.sources,
    )
    return ToolResult(
        tool=TOOL,
        evidence=evidence,
        no_data=str(nothing),
        no_data_reason=nothing.reason,
        missing_column=nothing.column,
        suggestions=tuple(f"Reconcile {name}" for name in nothing.available),
    )
