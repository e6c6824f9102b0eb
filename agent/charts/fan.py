"""The intervals of a forecast, for a fan around its line."""

from decimal import Decimal

from agent.answer.facts import dimensions, is_forecast
from agent.answer.pieces import column_of
from agent.charts.places import Grid, Layout, grid_of
from agent.charts.spec import Band, Series
from tools.domain.result import ToolResult

LEVELS = ("95", "80")
"""The widest first, so that the narrower is drawn over it."""
_NOT_GROUPS = ("Time", "Basis")


def has_bands(result: ToolResult) -> bool:
    """Whether it is a forecast without groups, of which some row has an interval."""
    if not is_forecast(result) or any(column.name not in _NOT_GROUPS for column in dimensions(result)):
        return False
    position = result.column_index("High80")
    return any(row[position] is not None for row in result.rows)


def bands_of(result: ToolResult, grid: Grid, layout: Layout) -> tuple[Band, ...]:
    """A band for each level; it opens from the last actual value before it."""
    line = grid.series[0]
    return tuple(
        Band(
            f"{level} % interval",
            _limit(result, f"Low{level}", line, layout),
            _limit(result, f"High{level}", line, layout),
        )
        for level in LEVELS
    )


def _limit(result: ToolResult, name: str, line: Series, layout: Layout) -> tuple[Decimal | None, ...]:
    values = list(grid_of(result, column_of(result, name), layout).series[0].values)
    first = next((index for index, value in enumerate(values) if value is not None), None)
    if first:
        values[first - 1] = line.values[first - 1]
    return tuple(values)
