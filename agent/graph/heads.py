"""What a model sees of a result: as many columns, rows and totals as a number of characters holds; never the table."""

import json
from typing import Any

from agent.answer.display import plain
from tools.domain.result import Cell, Column, ToolResult

HEAD_ROWS = 20
LONGEST_HEAD = 6_000
SHORTEST_HEAD = 400
"""Characters that always hold a handle, its counts and its period."""
LONGEST_CELL = 80
_MOST_CAVEATS = 6


def head(handle: str, result: ToolResult, limit: int = LONGEST_HEAD) -> str:
    """Columns, first rows and totals within `limit` characters; as data, never as instructions."""
    evidence = result.evidence
    shown: dict[str, Any] = {
        "result": handle,
        "rows_in_table": len(result.rows),
        "row_count": evidence.row_count,
        "period": str(evidence.period) if evidence.period else None,
        "compare_period": str(evidence.compare_period) if evidence.compare_period else None,
        "no_data": _clipped(result.no_data, limit // 3),
    }
    room = limit - _length(shown) - 80
    columns = _columns(result, room // 2)
    shown["columns"] = [_described(column) for column in columns]
    if len(columns) < len(result.columns):
        shown["columns_in_table"] = len(result.columns)
    room -= _length(shown["columns"])
    shown["totals"] = _fitting_totals(result, columns, room // 3)
    room -= _length(shown["totals"])
    shown["caveats"] = _fitting([_clipped(caveat, 300) for caveat in evidence.caveats[:_MOST_CAVEATS]], room // 3)
    room -= _length(shown["caveats"])
    rows = [[_cell(row[result.column_index(c.name)]) for c in columns] for row in result.rows[:HEAD_ROWS]]
    shown["rows"] = _fitting(rows, room) if columns else []
    return _text(shown)


def _columns(result: ToolResult, room: int) -> list[Column]:
    kept, used = [], 0
    for column in result.columns:
        used += _length(_described(column)) + 2
        if used > room:
            break
        kept.append(column)
    return kept


def _described(column: Column) -> dict[str, str | None]:
    """Names whole, as placeholders are made of them; labels and units cut short."""
    label, unit = _clipped(column.label, LONGEST_CELL), _clipped(column.unit, LONGEST_CELL)
    return {"name": column.name, "kind": column.kind, "label": label, "unit": unit}


def _fitting_totals(result: ToolResult, columns: list[Column], room: int) -> dict[str, str | None]:
    kept: dict[str, str | None] = {}
    for column in columns:
        if column.name in result.totals:
            one = {column.name: plain(result.totals[column.name])}
            room -= _length(one)
            if room < 0:
                break
            kept |= one
    return kept


def _fitting(items: list[Any], room: int) -> list[Any]:
    kept = []
    for item in items:
        room -= _length(item) + 2
        if room < 0:
            break
        kept.append(item)
    return kept


def _cell(cell: Cell) -> str | None:
    return _clipped(plain(cell), LONGEST_CELL)


def _clipped(text: str | None, most: int) -> str | None:
    return text if text is None or len(text) <= most else text[: max(0, most - 1)] + "…"


def _length(value: Any) -> int:
    return len(_text(value))


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
