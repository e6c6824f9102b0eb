"""What placeholders say of rows: names, figures, shares, changes, superlatives, totals, extremes."""

from collections.abc import Callable
from decimal import Decimal

from agent.answer.change_text import reason_pieces
from agent.answer.display import count_text, has_numeral, is_currency, percent_text, value_text
from agent.answer.facts import companion, dimensions, granularity_of, metrics, named_rows, query_of
from agent.answer.fill_result import OF_RESULT
from agent.answer.grammar import Kind, Reference
from agent.answer.pieces import Piece, bound_cell, cell_text, column_of, part_piece, value_at
from agent.answer.quotation import quotation_text
from tools.domain.answer import Figure
from tools.domain.result import Cell, Column, ToolResult

_WHEN = {
    "hour": "at",
    "day": "on",
    "weekday": "on",
    "week": "in the",
    "month": "in",
    "quarter": "in",
    "year": "in",
}
HEAD_COLUMNS = 2
"""Of a listing of names only these are told in text; the table has the rest."""

_SAID_ELSEWHERE = {
    "lookup_prices": ("Model", "ValidFrom"),
    "unit_economics": ("ValueUnit", "Start", "Note"),
    "budget_status": ("ThresholdOn", "From", "Through", "Currency"),
}
"""Columns that the headline or the table tell; PricedPer is told by a figure with a unit."""
_EDGES = {
    "From": "from ",
    "Through": "through ",
    "OverInputTokens": "above input tokens ",
    "PricedPer": "in ",
    "ExhaustedOn": "used up on ",
    "UsedUpOn": "used up on ",
    "Ends": "ends on ",
    "Owner": "owner ",
    "Formula": "formula: ",
    "Needs": "needs ",
}


def _cell(reference: Reference, result: ToolResult) -> tuple[Piece, ...]:
    column = column_of(result, reference.column)
    return (bound_cell(reference.handle, result, reference.row, column, cell_text(result, reference.row, column)),)


def _name(reference: Reference, result: ToolResult) -> tuple[Piece, ...]:
    if not reference.column:
        return _whole_name(reference, result)
    column = column_of(result, reference.column)
    text = _edge(column) + cell_text(result, reference.row, column)
    piece = bound_cell(reference.handle, result, reference.row, column, text)
    if reference.row == result.other_row:
        return (Piece(piece.text, is_words=True),)
    return (piece if has_numeral(piece.text) else Piece(piece.text),)


def _whole_name(reference: Reference, result: ToolResult) -> tuple[Piece, ...]:
    """All that names a row, with a comma between; of a listing only what is set, of a row without figures the head."""
    elsewhere = _SAID_ELSEWHERE.get(result.tool, ())
    columns = [column for column in dimensions(result) if column.name not in elsewhere]
    if "PricedPer" in {column.name for column in columns} and any(column.unit for column in metrics(result)):
        columns = [column for column in columns if column.name != "PricedPer"]
    if result.tool != "query_costs":
        columns = [c for c in columns if result.rows[reference.row][result.column_index(c.name)] is not None] or columns
    if not metrics(result):
        columns = columns[:HEAD_COLUMNS]
    pieces: list[Piece] = []
    for column in columns:
        name = _name(Reference(reference.handle, "name", reference.row, column.name), result)
        pieces += [*([Piece(", ")] if pieces else []), *name]
    return tuple(pieces)


def _edge(column: Column) -> str:
    """A listing's first and last day are told from each other in a sentence too."""
    return _EDGES.get(column.name, "")


def _quotation(reference: Reference, result: ToolResult) -> tuple[Piece, ...]:
    """A block of its own, parted by empty lines from what stands before and after it."""
    column = column_of(result, reference.column)
    passage = str(result.rows[reference.row][result.column_index(column.name)] or "")
    block = Figure(
        text=quotation_text(passage),
        value=passage,
        unit=None,
        result=reference.handle,
        row=reference.row,
        column=column.name,
    )
    return Piece("\n\n"), Piece(block.text, block), Piece("\n")


def _share(reference: Reference, result: ToolResult) -> tuple[Piece, ...]:
    return (*_cell(reference, result), Piece(" of the total", is_words=True))


def _rank(reference: Reference, result: ToolResult) -> tuple[Piece, ...]:
    text = f"{reference.row + 1}."
    figure = Figure(
        text=text, value=str(reference.row + 1), unit=None, result=reference.handle, row=reference.row, column="rank"
    )
    return (Piece(text, figure),)


def _label(reference: Reference, result: ToolResult) -> tuple[Piece, ...]:
    return (Piece(column_of(result, reference.column).label, is_words=True),)


def _total(reference: Reference, result: ToolResult) -> tuple[Piece, ...]:
    column = column_of(result, reference.column)
    text = value_text(result.totals[column.name], column.unit)
    return bound_cell(reference.handle, result, -1, column, text), Piece(f" {_overall(column)}", is_words=True)


def _total_change(reference: Reference, result: ToolResult) -> tuple[Piece, ...]:
    column = column_of(result, reference.column)
    return Piece(f"{_overall(column)} ", is_words=True), *_moved(reference.handle, result, -1, column)


def _change(reference: Reference, result: ToolResult) -> tuple[Piece, ...]:
    return _moved(reference.handle, result, reference.row, column_of(result, reference.column))


def _superlative(reference: Reference, result: ToolResult) -> tuple[Piece, ...]:
    query = query_of(result)
    word = "lowest" if query and query.order == "ascending" else "highest"
    column = column_of(result, reference.column)
    count = tuple(part_piece(reference.handle, result, part) for part in OF_RESULT["row_count"](result, None))
    return Piece(f"the {word} {column.label} of ", is_words=True), *count, Piece(", "), *_cell(reference, result)


def _extreme(reference: Reference, result: ToolResult) -> tuple[Piece, ...]:
    column = column_of(result, reference.column)
    index = result.column_index(column.name)
    pick: Callable[..., int] = max if reference.kind == "highest" else min
    row = pick(named_rows(result), key=lambda i: _number(result.rows[i][index]))
    names: list[Piece] = []
    for dimension in dimensions(result):
        names += [*_name(Reference(reference.handle, "name", row, dimension.name), result), Piece(", ")]
    value = bound_cell(reference.handle, result, row, column, cell_text(result, row, column))
    word = _WHEN.get(granularity_of(result) or "", "for")
    return Piece(f"{reference.kind} {word} ", is_words=True), *names, value


def _moved(handle: str, result: ToolResult, row: int, column: Column) -> tuple[Piece, ...]:
    """`rose by $1,234.50 (12.3 %), from $10,000.00 to $11,234.50`; row -1 is the total."""
    before, change, ratio = (companion(result, column.name, k) for k in ("previous", "change", "change_ratio"))
    now, then = value_at(result, row, column), value_at(result, row, before) if before else None
    moved = value_at(result, row, change) if change else None
    current = bound_cell(handle, result, row, column, value_text(now, column.unit))
    if before is None or change is None or moved is None or then is None or now is None:
        earlier = bound_cell(handle, result, row, before, value_text(then, column.unit)) if before else Piece("unknown")
        return current, Piece(", before "), earlier
    previous = bound_cell(handle, result, row, before, value_text(then, column.unit))
    if moved == 0:
        return Piece("did not change, "), current
    by = bound_cell(handle, result, row, change, _change_text(abs(moved), column.unit))
    verb = Piece("rose by " if moved > 0 else "fell by ", is_words=True)
    relative = value_at(result, row, ratio) if ratio else None
    percent: tuple[Piece, ...] = ()
    if ratio and relative is not None and column.unit != "ratio":
        percent = (Piece(" ("), bound_cell(handle, result, row, ratio, percent_text(abs(relative))), Piece(")"))
    return verb, by, *percent, Piece(", from "), previous, Piece(" to "), current


def _change_text(size: Decimal, unit: str | None) -> str:
    if unit != "ratio":
        return value_text(size, unit)
    return f"{count_text((size * 100).quantize(Decimal('0.1')))} percentage points"


def _overall(column: Column) -> str:
    unit = column.unit or ""
    return "overall" if unit == "ratio" or "/" in unit or not (is_currency(unit) or unit) else "in total"


def _number(cell: Cell) -> Decimal:
    return cell if isinstance(cell, Decimal) else Decimal(0)


def _reasons(reference: Reference, result: ToolResult) -> tuple[Piece, ...]:
    return reason_pieces(reference.handle, result)


OF_ROWS: dict[Kind, Callable[[Reference, ToolResult], tuple[Piece, ...]]] = {
    "name": _name,
    "rank": _rank,
    "cell": _cell,
    "quotation": _quotation,
    "share": _share,
    "label": _label,
    "total": _total,
    "total_change": _total_change,
    "change": _change,
    "superlative": _superlative,
    "highest": _extreme,
    "lowest": _extreme,
    "reasons": _reasons,
}
