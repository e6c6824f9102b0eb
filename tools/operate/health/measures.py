"""What the parts of the health check measure: each a share of the period, or why there is none."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from tools.domain.errors import NoData, ToolFault
from tools.domain.period import Period
from tools.domain.query import CostQuery
from tools.domain.result import ToolResult
from tools.inform.anomalies.find import AnomaliesRequest, find_anomalies
from tools.inform.freshness import late_providers
from tools.inform.spend import query_costs
from tools.operate.budgets import OVER, BudgetRequest, budget_status
from tools.optimize.find_savings import find_savings
from tools.optimize.request import SavingsRequest
from tools.registry import ToolContext
from tools.semantic.numbers import EXACT, over

Measure = Callable[[ToolContext, Period], "Measured"]
MOST = 200
"""Anomalies that are looked at."""


@dataclass(frozen=True)
class Measured:
    """A share, exact, and what it was read from; None with what is lacking."""

    share: Decimal | None
    lacks: str | None = None
    result: ToolResult | None = None


def _visibility(ctx: ToolContext, period: Period) -> Measured:
    known = len(ctx.store.reach)
    late = len(late_providers(ctx, Period(start=period.start, end=ctx.as_of)))
    return Measured(over(Decimal(known - late), Decimal(known))) if known else Measured(None, "charges of a provider")


def _metric(name: str) -> Measure:
    def measure(ctx: ToolContext, period: Period) -> Measured:
        result = query_costs.run(ctx, CostQuery(metrics=(name,), period=period))
        if result.no_data is not None or not result.rows:
            return Measured(None, result.no_data or "data", result)
        value = result.rows[0][result.column_index(name)]
        return Measured(value if isinstance(value, Decimal) else None, "data", result)

    return measure


def _priced(ctx: ToolContext, period: Period) -> Measured:
    result = query_costs.run(ctx, CostQuery(metrics=("Tokens", "UnpricedTokens"), period=period))
    if result.no_data is not None or not result.rows:
        return Measured(None, "token usage", result)
    tokens, unpriced = (_number(result, name) for name in ("Tokens", "UnpricedTokens"))
    return Measured(over(EXACT.subtract(tokens, unpriced), tokens), "token usage", result)


def _anomalies(ctx: ToolContext, period: Period) -> Measured:
    result = find_anomalies.run(ctx, AnomaliesRequest(period=period, limit=MOST))
    if result.no_data is not None:
        return Measured(None, result.no_data, result)
    index = result.column_index("Impact")
    moved = sum((abs(_decimal(row[index])) for row in result.rows), Decimal(0))
    return Measured(_of_cost(ctx, period, moved), "effective cost", result)


def _waste(ctx: ToolContext, period: Period) -> Measured:
    result = find_savings.run(ctx, SavingsRequest(period=period, by="lever"))
    saved = result.totals.get("MonthlySaving") or Decimal(0)
    return Measured(_of_cost(ctx, period, saved), "effective cost", result)


def _budgets(ctx: ToolContext, period: Period) -> Measured:
    result = budget_status.run(ctx, BudgetRequest())
    if result.no_data is not None:
        return Measured(None, result.no_data, result)
    index = result.column_index("Status")
    kept = sum(row[index] not in OVER for row in result.rows)
    return Measured(over(Decimal(kept), Decimal(len(result.rows))), None, result)


MEASURES: Mapping[str, Measure] = {
    "visibility": _visibility,
    "data quality": _priced,
    "allocation": _metric("AllocationCoverage"),
    "anomalies": _anomalies,
    "waste": _waste,
    "commitment use": _metric("CommitmentUtilization"),
    "commitment coverage": _metric("CommitmentCoverage"),
    "budgets": _budgets,
}


def measured(ctx: ToolContext, name: str, period: Period) -> Measured:
    """A part's share; what a tool refuses is what is lacking."""
    try:
        return MEASURES[name](ctx, period)
    except (NoData, ToolFault) as fault:
        return Measured(None, str(fault))


def _of_cost(ctx: ToolContext, period: Period, amount: Decimal) -> Decimal | None:
    cost = query_costs.run(ctx, CostQuery(period=period))
    return over(amount, _number(cost, "EffectiveCost")) if cost.rows else None


def _number(result: ToolResult, column: str) -> Decimal:
    return _decimal(result.rows[0][result.column_index(column)])


def _decimal(cell: object) -> Decimal:
    return cell if isinstance(cell, Decimal) else Decimal(0)
