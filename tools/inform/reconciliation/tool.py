"""reconcile: invoice, provider usage and gateway estimate side by side, and what sets them apart."""

from dataclasses import dataclass, field
from decimal import Decimal

from tools.domain.errors import NoData
from tools.domain.period import last_full_month
from tools.domain.result import Cell, Column, Evidence, ToolResult
from tools.domain.scope import Filter
from tools.inform.freshness import lateness
from tools.inform.reconciliation.accounts import accounts_of, currency_of, provider_of
from tools.inform.reconciliation.bridge import Bridge, bridges_of, by_group, steps, totals_of
from tools.inform.reconciliation.documents import DOCUMENTS, documents
from tools.inform.reconciliation.query import bridge_query
from tools.inform.reconciliation.request import ReconcileRequest
from tools.inform.unread import unread, without_data
from tools.registry import SqlValue, ToolContext, tool

TOOL = "reconcile"


@tool(ReconcileRequest)
def reconcile(ctx: ToolContext, request: ReconcileRequest) -> ToolResult:
    """Why two accounts of one provider's usage differ: its invoice, its usage records, a gateway's estimate.

    Use it for "does the OpenAI invoice match our usage", "reconcile Anthropic for October", "how far off is the
    gateway's estimate". The difference is split by cause: taxes, credits, corrections, usage without a price, usage or
    days that one side lacks, service tiers and batch, cached tokens, days cut at another hour, rounding to cents; what
    none of them accounts for is shown as unexplained. Records + causes = reference, exactly.
    reference="invoice_detail" sets the invoices as issued beside the charges that bear their numbers.
    An invoice counts as billed, the others by effective cost. For spend itself use query_costs.
    """
    asked = request.model_copy(update={"period": request.period or last_full_month(ctx.as_of)})
    try:
        found = _documents(ctx, asked) if asked.reference == DOCUMENTS else _accounts(ctx, asked)
    except NoData as nothing:
        ideas = [f"Reconcile {name}" for name in nothing.available]
        return without_data(TOOL, nothing, unread(ctx, asked, asked.period), ideas)
    evidence = Evidence(
        sql=found.sql,
        parameters=found.parameters,
        arguments=found.request.model_dump(mode="json"),
        period=found.request.period,
        generation=ctx.store.generation,
        row_count=len(found.rows),
        loaded_through=ctx.store.loaded_through,
        sources=ctx.store.sources,
        caveats=found.caveats,
    )
    return ToolResult(
        tool=TOOL,
        columns=found.columns,
        rows=found.rows,
        totals=found.totals,
        evidence=evidence,
        suggestions=found.suggestions,
    )


@dataclass(frozen=True)
class _Found:
    """Two accounts side by side, and the request with everything that was chosen for it."""

    request: ReconcileRequest
    sql: str
    parameters: tuple[SqlValue, ...]
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    totals: dict[str, Decimal | None] = field(default_factory=dict)
    caveats: tuple[str, ...] = ()
    suggestions: tuple[str, ...] = ()


def _documents(ctx: ToolContext, request: ReconcileRequest) -> _Found:
    assert request.period is not None
    issuer, sql, columns, rows = documents(ctx, request.provider, request.period)
    parameters: tuple[SqlValue, ...] = (issuer, request.period.start, request.period.end)
    return _Found(request.model_copy(update={"provider": issuer}), sql, parameters, columns, rows)


def _accounts(ctx: ToolContext, request: ReconcileRequest) -> _Found:
    period, group = request.period, request.group_by
    assert period is not None
    provider = provider_of(ctx, request, period)
    reference, records = accounts_of(ctx, request, provider, period)
    currency = currency_of(ctx, provider, period)
    if group and group not in ctx.store.rollup_columns:
        raise NoData(f"no loaded file has the column {group}", "missing_column", column=group)
    sql = bridge_query(ctx.store.rollup_columns, group)
    parameters: tuple[SqlValue, ...] = (provider, period.start, period.end, currency, records, reference)
    bridges = bridges_of(ctx.store.query(sql, parameters).rows)
    resolved = request.model_copy(update={"provider": provider, "reference": reference, "records": records})
    columns, rows = by_group(bridges, group, resolved, currency) if group else steps(bridges, resolved, currency)
    open_ones = any(bridge.unexplained for bridge in bridges.values()) and not group
    return _Found(
        resolved,
        sql,
        parameters,
        columns,
        rows,
        totals=totals_of(bridges) if group else {},
        caveats=(*_caveats(bridges, resolved), *lateness(ctx, period, (_only(provider),))),
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
