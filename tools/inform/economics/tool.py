"""unit_economics: what a unit of business costs, what the spend brings, and the KPIs of FinOps for AI."""

from collections.abc import Callable
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from tools.domain.errors import NoData
from tools.domain.period import Period
from tools.domain.result import Evidence, ToolResult
from tools.domain.scope import Filter
from tools.inform.economics.initiatives import initiatives
from tools.inform.economics.kpis import kpis
from tools.inform.economics.mfu import utilisations
from tools.inform.economics.quality import quality
from tools.inform.economics.returns import customers, returns
from tools.inform.economics.table import Table
from tools.inform.economics.training import run_costs, training_runs
from tools.inform.economics.unit_costs import unit_costs
from tools.inform.unread import without_data
from tools.registry import ToolContext, tool
from tools.semantic.spans import default_period

TOOL = "unit_economics"
About = Literal["unit_cost", "return", "customers", "runs", "run_cost", "mfu", "kpis", "quality", "initiatives"]


class UnitRequest(BaseModel):
    """What to set the cost against."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    about: About = "unit_cost"
    per: str | None = Field(
        default=None, description="about='unit_cost': a loaded business metric (documents_processed) or requests"
    )
    kpi: str | None = Field(default=None, description="about='kpis': one KPI by name; none: all of them")
    by: str | None = Field(
        default=None,
        description="about='quality': x_Model or x_UseCase, none: both; about='initiatives': x_Project or x_UseCase",
    )
    loss_only: bool = Field(default=False, description="about='customers': only those that cost more than they bring")
    run: str | None = Field(default=None, description="about='mfu': one run by name or id; none: those of the period")
    filters: tuple[Filter, ...] = ()
    period: Period | None = Field(default=None, description="none: the month to date (days 1 and 2: last month)")
    granularity: Literal["day", "week", "month", "quarter", "year"] | None = Field(
        default=None, description="about='unit_cost': one row per bucket, each held against the one before"
    )


@tool(UnitRequest)
def unit_economics(ctx: ToolContext, request: UnitRequest) -> ToolResult:
    """Cost against what the business counts: per customer, document, transaction, request; ROI; training runs; KPIs.

    Business metrics, revenue and training runs come from `outlay ingest metrics` and `runs`.
    about:
    unit_cost: cost, units, cost per unit, and marginal cost (change in cost over change in units against the span
    before). per: the metric's name; without it every metric that is loaded. per: requests counts the calls to models.
    return: cost, revenue, ROI = (revenue − cost) / cost, and how many days of revenue pay for the cost.
    customers: cost, revenue and margin by customer, the lowest first; needs revenue by x_Customer.
    runs: training runs with their cost, per epoch and per point of their metric gained. run_cost: their averages.
    mfu: model FLOPs utilisation of runs whose FLOPs and GPUs are known.
    kpis: the KPIs of FinOps for AI by name, with formula, value, and which data the others need.
    quality: cost per successful outcome = cost / (requests × score), and performance to cost = score / cost of a
    request, by model and use case, the cheapest success first; scores come from `outlay ingest quality`.
    initiatives: projects or use cases ranked by ROI, with payback; needs a benefit by x_Project or x_UseCase.
    Spend, tokens and cost per million tokens without a business metric are query_costs.
    """
    period = request.period or default_period(ctx.as_of)
    resolved = request.model_copy(update={"period": period})
    try:
        table = _ANALYSES[request.about](ctx, resolved, period)
    except NoData as nothing:
        return without_data(TOOL, nothing, _evidence(ctx, resolved, None))
    return ToolResult(
        tool=TOOL,
        columns=table.columns,
        rows=table.rows,
        totals=table.totals or {},
        evidence=_evidence(ctx, resolved, table),
    )


_ANALYSES: dict[About, Callable[[ToolContext, UnitRequest, Period], Table]] = {
    "unit_cost": lambda ctx, one, period: unit_costs(ctx, one.per, one.filters, period, one.granularity),
    "return": lambda ctx, one, period: returns(ctx, one.filters, period),
    "customers": lambda ctx, one, period: customers(ctx, one.filters, period, loss_only=one.loss_only),
    "runs": lambda ctx, one, period: training_runs(ctx, one.filters, period),
    "mfu": lambda ctx, one, period: utilisations(ctx, one.run, one.filters, period),
    "run_cost": lambda ctx, one, period: run_costs(ctx, one.filters, period),
    "quality": lambda ctx, one, period: quality(ctx, one.filters, period, one.by),
    "initiatives": lambda ctx, one, period: initiatives(ctx, one.filters, period, one.by),
    "kpis": lambda ctx, one, period: kpis(ctx, one.kpi, one.filters, period),
}


def _evidence(ctx: ToolContext, request: UnitRequest, table: Table | None) -> Evidence:
    results = table.results if table else ()
    arguments: dict[str, Any] = request.model_dump(mode="json")
    caveats = [*(table.caveats if table else ()), *(one for result in results for one in result.evidence.caveats)]
    return Evidence(
        sql=";\n\n".join(one.evidence.sql for one in results if one.evidence.sql),
        parameters=tuple(value for one in results for value in one.evidence.parameters),
        arguments=arguments,
        period=table.period if table else request.period,
        generation=ctx.store.generation,
        row_count=len(table.rows) if table else 0,
        loaded_through=ctx.store.loaded_through,
        sources=ctx.store.sources,
        caveats=tuple(dict.fromkeys(caveats)),
    )
