"""Initiatives ranked by what they return: benefit against cost of each project, use case or product.

ROI = (benefit − cost) / cost, over the days for which both are known. Source: finops.org/kpi, value-for-ai-initiatives.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

from tools.domain.errors import NoData
from tools.domain.period import Period
from tools.domain.query import CostQuery
from tools.domain.records import BusinessMetric
from tools.domain.result import Cell, ToolResult
from tools.domain.scope import Filter
from tools.inform.economics.business import build_series
from tools.inform.economics.costs import EFFECTIVE
from tools.inform.economics.quality import query_costs_of
from tools.inform.economics.returns import Return, benefits
from tools.inform.economics.table import Table, amount, cell, name
from tools.registry import ToolContext
from tools.semantic.numbers import total

KINDS = {"x_Project": "project", "x_UseCase": "use case", "x_Product": "product", "x_Team": "team"}
"""Dimensions that an initiative may be, in the order in which they are taken when none is named."""


def initiatives(ctx: ToolContext, filters: Sequence[Filter], period: Period, by: str | None) -> Table:
    """One row per initiative with a benefit, the highest return on investment first; one without cost comes last.

    Raises NoData when no benefit is loaded by such a dimension, or none has a day in the period.
    """
    by, rows = _by(benefits(ctx), by)
    costs = _costs(ctx, by, filters, period)
    at, currency = costs.column_index(EFFECTIVE), costs.columns[costs.column_index(EFFECTIVE)].unit
    spent: dict[str, dict[date, Decimal]] = {}
    for row in costs.rows:
        day, value = row[costs.column_index("Time")], row[at]
        if row[costs.column_index(by)] is not None and isinstance(value, Decimal):
            spent.setdefault(str(row[costs.column_index(by)]).lower(), {})[date.fromisoformat(str(day))] = value
    named = {row.slice[by].lower(): row.slice[by] for row in rows}
    loaded = _loaded(ctx, period)
    ranked: list[tuple[str, Return]] = []
    for key, who in named.items():
        series = build_series(rows[0].metric, [row for row in rows if row.slice[by].lower() == key], ())
        span = series.clipped(loaded)
        if span is not None and (not filters or key in spent):
            cost = total(value for day, value in spent.get(key, {}).items() if span.contains(day))
            ranked.append((who, Return(cost, series.amount(span), span.days)))
    if not ranked:
        raise NoData(f"no {KINDS.get(by, by)} has a benefit in {period.start} to {period.last_day}", "absent")
    ranked.sort(key=lambda one: (one[1].ratio is None, -(one[1].ratio or 0), one[0]))
    columns = (
        name(by, KINDS.get(by, by), f"{KINDS.get(by, by)}s"), amount(EFFECTIVE, "cost", currency),
        amount("Benefit", "benefit", currency), amount("Net", "benefit less cost", currency),
        amount("ReturnOnInvestment", "return on investment", "ratio"),
        amount("PaybackDays", "days of benefit that pay for the cost", "days"),
    )  # fmt: skip
    totals = {
        EFFECTIVE: cell(total(one.cost for _, one in ranked)), "Benefit": cell(total(one.benefit for _, one in ranked))
    }  # fmt: skip
    caveats = _caveats(rows[0].metric, by, set(spent) - set(named), spent, currency)
    return Table(columns, tuple(_row(who, one) for who, one in ranked), period, (costs,), caveats, totals)


def _row(who: str, one: Return) -> tuple[Cell, ...]:
    return (who, *map(cell, (one.cost, one.benefit, one.net, one.ratio, one.payback_days)))


def _by(every: Sequence[BusinessMetric], asked: str | None) -> tuple[str, list[BusinessMetric]]:
    """The dimension that tells initiatives apart, and the rows of the first benefit that is loaded by it."""
    wanted = (asked,) if asked else tuple(KINDS)
    for by in wanted:
        rows = [row for row in every if by in row.slice]
        names = sorted({row.metric for row in rows}, key=lambda one: ("revenue" not in one, one))
        if names:
            return by, [row for row in rows if row.metric == names[0]]
    kind = KINDS.get(asked or "x_Project", asked or "")
    raise NoData(
        f"no benefit is loaded by {kind}; load it with a column {asked or 'x_Project'}: "
        "outlay ingest metrics FILE (date, metric benefit, value, x_Project)",
        "absent",
    )


def _costs(ctx: ToolContext, by: str, filters: Sequence[Filter], period: Period) -> ToolResult:
    return query_costs_of(ctx, CostQuery(group_by=(by,), filters=tuple(filters), period=period, granularity="day"))


def _loaded(ctx: ToolContext, period: Period) -> Period:
    first, through = ctx.store.loaded_from, ctx.store.loaded_through
    loaded = None
    if first is not None and through is not None:
        loaded = Period(start=first, end=through + timedelta(days=1)).overlap(period)
    if loaded is None:
        raise NoData(f"nothing is loaded for {period.start} to {period.last_day}", "not_loaded")
    return loaded


def _caveats(
    metric: str, by: str, others: set[str], spent: dict[str, dict[date, Decimal]], currency: str | None
) -> tuple[str, ...]:
    kind, label = KINDS.get(by, by), metric.replace("_", " ")
    caveats = [f"return on investment is ({label} − cost) / cost, each {kind}'s own, over the days both are known"]
    if others:
        rest = total(value for one in others for value in spent[one].values()) or Decimal(0)
        caveats.append(f"{len(others)} with {rest:,.2f} {currency} of cost have no {label} loaded and are not ranked")
    return tuple(caveats)
