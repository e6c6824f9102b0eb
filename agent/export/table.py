"""The result of an answer that is exported, and its columns and rows as other programs read them."""

from agent.answer.facts import NAME_KINDS
from agent.answer.pieces import cell_text
from tools.domain.answer import Answer
from tools.domain.errors import BadInput
from tools.domain.result import Cell, Column, ToolResult


def exported(answer: Answer, handle: str | None = None) -> tuple[str, ToolResult]:
    """The result named by its handle, or the first one with rows. Raises BadInput."""
    with_rows = {name: result for name, result in answer.results.items() if result.rows}
    if not with_rows:
        raise BadInput("there is nothing to export: the answer has no rows")
    if handle is None:
        return next(iter(with_rows.items()))
    if handle not in with_rows:
        raise BadInput(f"the answer has no result {handle!r} with rows; there is {', '.join(with_rows)}")
    return handle, with_rows[handle]


def heading(column: Column) -> str:
    """`x_Model`, `EffectiveCost (USD)`: an amount never goes without its unit."""
    return f"{column.name} ({column.unit})" if column.unit else column.name


def cells(result: ToolResult, row: int) -> list[Cell]:
    """A row's exact values; the row that sums up the rest goes by the words that no value can take for itself."""
    found = list(result.rows[row])
    if row == result.other_row:
        for index, column in enumerate(result.columns):
            if column.kind in NAME_KINDS:
                found[index] = cell_text(result, row, column)
    return found
