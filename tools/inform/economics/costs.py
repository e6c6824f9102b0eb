"""Daily costs for a question about unit economics, by the query that answers questions about spend."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from tools.domain.errors import NoData
from tools.domain.period import Period
from tools.domain.query import CostQuery
from tools.domain.result import ToolResult
from tools.domain.scope import Filter
from tools.inform.spend import query_costs
from tools.registry import ToolContext
from tools.semantic.numbers import total

EFFECTIVE, MODEL_USAGE, REQUESTS = "EffectiveCost", "ModelUsageCost", "Requests"


@dataclass(frozen=True)
class Daily:
    """Amounts by day, what they are in, and the result they were read from."""

    values: dict[date, Decimal]
    unit: str | None
    result: ToolResult

    def amount(self, period: Period) -> Decimal | None:
        return total(value for day, value in self.values.items() if period.contains(day))


def daily(ctx: ToolContext, metrics: Sequence[str], filters: Sequence[Filter], period: Period) -> list[Daily]:
    """Each metric by day. Raises NoData when there is nothing at all."""
    query = CostQuery(metrics=tuple(metrics), filters=tuple(filters), period=period, granularity="day")
    result = query_costs.run(ctx, query)
    if result.no_data is not None:
        raise NoData(
            result.no_data,
            result.no_data_reason or "absent",
            column=result.missing_column,
            available=result.suggestions,
        )
    when = result.column_index("Time")
    return [_daily(result, metric, when) for metric in metrics]


def by_value(ctx: ToolContext, dimension: str, filters: Sequence[Filter], period: Period) -> ToolResult:
    """Effective cost by one dimension. Raises NoData when there is none."""
    result = query_costs.run(ctx, CostQuery(group_by=(dimension,), filters=tuple(filters), period=period))
    if result.no_data is not None:
        raise NoData(result.no_data, result.no_data_reason or "absent", column=result.missing_column)
    return result


def _daily(result: ToolResult, metric: str, when: int) -> Daily:
    at = result.column_index(metric)
    values = {date.fromisoformat(str(row[when])): value for row in result.rows if isinstance(value := row[at], Decimal)}
    return Daily(values, result.columns[at].unit, result)
