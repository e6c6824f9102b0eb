"""A placeholder's text, with each numeral bound as a Figure."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from agent.answer.dates import bucket_text, period_text
from agent.answer.display import (
    count_text,
    escaped,
    has_numeral,
    is_currency,
    name_text,
    percent_text,
    plain,
    value_text,
)
from agent.answer.facts import companion, dimensions, granularity_of, named_rows, noun, query_of
from agent.answer.grammar import Kind, Reference
from agent.answer.headline import Part, filter_parts, headline_parts
from tools.domain.answer import Figure
from tools.domain.period import Period
from tools.domain.result import Cell, Column, ToolResult


@dataclass(frozen=True)
class Piece:
    """A stretch of rendered text. `is_words`: code's own words, which may take a capital at a sentence's start."""

    text: str
    figure: Figure | None = None
    is_words: bool = False


def render(reference: Reference, result: ToolResult, as_of: date | None) -> tuple[Piece, ...]:
    """What a bound placeholder reads as."""
    if reference.kind in _OF_RESULT:
        parts = _OF_RESULT[reference.kind](result, as_of)
        return tuple(_part(reference.handle, result, part) for part in parts if part.text)
    return _OF_CELLS[reference.kind](reference, result)


def cell_text(result: ToolResult, row: int, column: Column) -> str:
    """A cell as people read it, in text and in tables; not escaped for Markdown."""
    cell = result.rows[row][result.column_index(column.name)]
    if column.kind == "time":
        return name_text(bucket_text(cell, granularity_of(result)) if isinstance(cell, str) else cell)
    if column.kind == "dimension":
        return _rest_name(result, row, column) or name_text(cell)
    return value_text(cell, column.unit) if cell is None or isinstance(cell, Decimal) else name_text(cell)


def period_value(period: Period) -> str:
    """A period as a figure's value: ISO 8601, end exclusive."""
    return f"{period.start}/{period.end}"


def _rest_name(result: ToolResult, row: int, column: Column) -> str | None:
    """The row that sums up the rest is named in words that no value of the data can take for itself."""
    if row != result.other_row:
        return None
    first = dimensions(result)[0]
    return f"all other {noun(result, 2)}" if column.name == first.name else "all"


def _part(handle: str, result: ToolResult, part: Part) -> Piece:
    if not part.bound_to or not has_numeral(part.text):
        return Piece(part.text, is_words=True)
    value = bound_value(result, part.bound_to)
    return Piece(part.text, Figure(text=part.text, value=value, unit=None, result=handle, row=-1, column=part.bound_to))


def bound_value(result: ToolResult, bound_to: str) -> str:
    """The exact value of what is bound by name: row_count, period, argument:limit, no_data, …"""
    evidence = result.evidence
    if bound_to == "row_count":
        return str(evidence.row_count)
    if bound_to == "period" and evidence.period:
        return period_value(evidence.period)
    if bound_to == "compare_period" and evidence.compare_period:
        return period_value(evidence.compare_period)
    if bound_to == "no_data":
        return result.no_data or ""
    query = query_of(result)
    if bound_to == "argument:limit" and query:
        return str(query.limit)
    if bound_to == "argument:threshold" and query and query.threshold:
        return plain(query.threshold.value) or ""
    if bound_to.startswith("argument:filters.") and query:
        return ", ".join(query.filters[int(bound_to.rpartition(".")[2])].values)
    raise KeyError(bound_to)


def _period(result: ToolResult, as_of: date | None) -> tuple[Part, ...]:
    period = result.evidence.period
    return (Part(period_text(period, as_of), "period"),) if period else ()


def _compare_period(result: ToolResult, as_of: date | None) -> tuple[Part, ...]:
    period = result.evidence.compare_period
    return (Part("compared with "), Part(period_text(period), "compare_period")) if period else ()


def _filters(result: ToolResult, as_of: date | None) -> tuple[Part, ...]:
    parts = filter_parts(result)
    return tuple(piece for i, part in enumerate(parts) for piece in ((Part(", "), part) if i else (part,)))


def _row_count(result: ToolResult, as_of: date | None) -> tuple[Part, ...]:
    count = result.evidence.row_count
    return Part(f"{count:,}", "row_count"), Part(f" {noun(result, count)}")


def _limit(result: ToolResult, as_of: date | None) -> tuple[Part, ...]:
    return Part(bound_value(result, "argument:limit"), "argument:limit"), Part(" asked for")


def _limit_note(result: ToolResult, as_of: date | None) -> tuple[Part, ...]:
    verb = "There is only " if result.evidence.row_count == 1 else "There are only "
    limit = bound_value(result, "argument:limit")
    return Part(verb), *_row_count(result, as_of), Part(", not the "), Part(limit, "argument:limit"), Part(" asked for")


def _message(result: ToolResult, as_of: date | None) -> tuple[Part, ...]:
    return (Part(message_text(result), "no_data"),)


def message_text(result: ToolResult) -> str:
    """The message of a result without data, which code wrote, on one line."""
    return " ".join((result.no_data or "").split())


def _cell(reference: Reference, result: ToolResult) -> tuple[Piece, ...]:
    column = _column(result, reference.column)
    return (_bound(reference.handle, result, reference.row, column, cell_text(result, reference.row, column)),)


def _name(reference: Reference, result: ToolResult) -> tuple[Piece, ...]:
    column = _column(result, reference.column)
    text = escaped(cell_text(result, reference.row, column))
    piece = _bound(reference.handle, result, reference.row, column, text)
    if reference.row == result.other_row:
        return (Piece(piece.text, is_words=True),)
    return (piece if has_numeral(piece.text) else Piece(piece.text),)


def _share(reference: Reference, result: ToolResult) -> tuple[Piece, ...]:
    return (*_cell(reference, result), Piece(" of the total", is_words=True))


def _rank(reference: Reference, result: ToolResult) -> tuple[Piece, ...]:
    text = f"{reference.row + 1}."
    figure = Figure(
        text=text, value=str(reference.row + 1), unit=None, result=reference.handle, row=reference.row, column="rank"
    )
    return (Piece(text, figure),)


def _label(reference: Reference, result: ToolResult) -> tuple[Piece, ...]:
    return (Piece(_column(result, reference.column).label, is_words=True),)


def _total(reference: Reference, result: ToolResult) -> tuple[Piece, ...]:
    column = _column(result, reference.column)
    text = value_text(result.totals[column.name], column.unit)
    return _bound(reference.handle, result, -1, column, text), Piece(f" {_overall(column)}", is_words=True)


def _total_change(reference: Reference, result: ToolResult) -> tuple[Piece, ...]:
    column = _column(result, reference.column)
    return Piece(f"{_overall(column)} ", is_words=True), *_moved(reference.handle, result, -1, column)


def _change(reference: Reference, result: ToolResult) -> tuple[Piece, ...]:
    return _moved(reference.handle, result, reference.row, _column(result, reference.column))


def _superlative(reference: Reference, result: ToolResult) -> tuple[Piece, ...]:
    query = query_of(result)
    word = "lowest" if query and query.order == "ascending" else "highest"
    column = _column(result, reference.column)
    count = tuple(_part(reference.handle, result, part) for part in _row_count(result, None))
    return Piece(f"the {word} {column.label} of ", is_words=True), *count, Piece(", "), *_cell(reference, result)


def _extreme(reference: Reference, result: ToolResult) -> tuple[Piece, ...]:
    column = _column(result, reference.column)
    index = result.column_index(column.name)
    pick: Callable[..., int] = max if reference.kind == "highest" else min
    row = pick(named_rows(result), key=lambda i: _number(result.rows[i][index]))
    names: list[Piece] = []
    for dimension in dimensions(result):
        names += [*_name(Reference(reference.handle, "name", row, dimension.name), result), Piece(", ")]
    value = _bound(reference.handle, result, row, column, cell_text(result, row, column))
    word = "on" if granularity_of(result) in ("day", "weekday") else "in" if granularity_of(result) else "for"
    return Piece(f"{reference.kind} {word} ", is_words=True), *names, value


def _moved(handle: str, result: ToolResult, row: int, column: Column) -> tuple[Piece, ...]:
    """`rose by $1,234.50 (12.3 %), from $10,000.00 to $11,234.50`; row -1 is the total."""
    before, change, ratio = (companion(result, column.name, k) for k in ("previous", "change", "change_ratio"))
    now, then = value_at(result, row, column), value_at(result, row, before) if before else None
    moved = value_at(result, row, change) if change else None
    current = _bound(handle, result, row, column, value_text(now, column.unit))
    if before is None or change is None or moved is None or then is None or now is None:
        earlier = _bound(handle, result, row, before, value_text(then, column.unit)) if before else Piece("unknown")
        return current, Piece(", before "), earlier
    previous = _bound(handle, result, row, before, value_text(then, column.unit))
    if moved == 0:
        return Piece("did not change, "), current
    by = _bound(handle, result, row, change, _change_text(abs(moved), column.unit))
    verb = Piece("rose by " if moved > 0 else "fell by ", is_words=True)
    relative = value_at(result, row, ratio) if ratio else None
    percent: tuple[Piece, ...] = ()
    if ratio and relative is not None and column.unit != "ratio":
        percent = (Piece(" ("), _bound(handle, result, row, ratio, percent_text(abs(relative))), Piece(")"))
    return verb, by, *percent, Piece(", from "), previous, Piece(" to "), current


def value_at(result: ToolResult, row: int, column: Column) -> Decimal | None:
    """A number of a row, or of the totals for row -1; None when unknown."""
    cell = result.totals.get(column.name) if row < 0 else result.rows[row][result.column_index(column.name)]
    return cell if isinstance(cell, Decimal) else None


def _change_text(size: Decimal, unit: str | None) -> str:
    if unit != "ratio":
        return value_text(size, unit)
    return f"{count_text((size * 100).quantize(Decimal('0.1')))} percentage points"


def _bound(handle: str, result: ToolResult, row: int, column: Column, text: str) -> Piece:
    cell: Cell = result.totals.get(column.name) if row < 0 else result.rows[row][result.column_index(column.name)]
    value = plain(cell)
    figure = Figure(
        text=text,
        value=value if value is not None else "unknown",
        unit=column.unit,
        result=handle,
        row=row,
        column=column.name,
    )
    return Piece(text, figure)


def _overall(column: Column) -> str:
    unit = column.unit or ""
    return "overall" if unit == "ratio" or "/" in unit or not (is_currency(unit) or unit) else "in total"


def _column(result: ToolResult, name: str) -> Column:
    return result.columns[result.column_index(name)]


def _number(cell: Cell) -> Decimal:
    return cell if isinstance(cell, Decimal) else Decimal(0)


_OF_RESULT: dict[Kind, Callable[[ToolResult, date | None], tuple[Part, ...]]] = {
    "headline": headline_parts,
    "period": _period,
    "compare_period": _compare_period,
    "filters": _filters,
    "row_count": _row_count,
    "limit": _limit,
    "limit_note": _limit_note,
    "message": _message,
}
_OF_CELLS: dict[Kind, Callable[[Reference, ToolResult], tuple[Piece, ...]]] = {
    "name": _name,
    "rank": _rank,
    "cell": _cell,
    "share": _share,
    "label": _label,
    "total": _total,
    "total_change": _total_change,
    "change": _change,
    "superlative": _superlative,
    "highest": _extreme,
    "lowest": _extreme,
}
