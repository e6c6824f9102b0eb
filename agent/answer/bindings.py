"""Figures looked up again in the results, apart from how they were rendered."""

from collections.abc import Mapping

from agent.answer.display import plain
from agent.answer.pieces import bound_value
from tools.domain.answer import Figure
from tools.domain.result import Cell, Column, ToolResult


def figure_fault(figure: Figure, results: Mapping[str, ToolResult]) -> str | None:
    """What is wrong with a figure's binding, or None."""
    result = results.get(figure.result)
    if result is None:
        return f"{figure.text} is bound to {figure.result}, which is not there"
    column = next((c for c in result.columns if c.name == figure.column), None)
    if column is None:
        return _unlike(figure, _by_name(figure, result), None)
    if figure.row >= len(result.rows) or figure.row < -1:
        return f"{figure.text} is bound to row {figure.row} of {figure.result}, which is not there"
    return _unlike(figure, value_of(cell_of(result, figure.row, column)), column.unit)


def cell_of(result: ToolResult, row: int, column: Column) -> Cell:
    """A cell, or the total for row -1."""
    return result.totals.get(column.name) if row == -1 else result.rows[row][result.column_index(column.name)]


def value_of(cell: Cell) -> str:
    """A cell as a figure's value: exact, without exponent."""
    value = plain(cell)
    return "unknown" if value is None else value


def _by_name(figure: Figure, result: ToolResult) -> str | None:
    if figure.column == "rank":
        return str(figure.row + 1) if 0 <= figure.row < len(result.rows) else None
    try:
        return bound_value(result, figure.column)
    except (KeyError, ValueError, IndexError):
        return None


def _unlike(figure: Figure, value: str | None, unit: str | None) -> str | None:
    if value is None:
        return f"{figure.text} is bound to {figure.column} of {figure.result}, which is not there"
    if figure.value != value:
        return f"{figure.text} has the value {figure.value}, but {figure.result} has {value}"
    if figure.unit != unit:
        return f"{figure.text} has the unit {figure.unit}, but {figure.result} has {unit}"
    return None
