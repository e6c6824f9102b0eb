"""The rows of a result laid out for drawing: places along an axis, and a series for each name on them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

from agent.answer.facts import all_rows_shown, dimensions, granularity_of
from agent.answer.pieces import cell_text
from agent.charts.spec import Series
from tools.domain.result import Column, ToolResult

REST = "other"
"""What a query calls the rows over time that its limit cut off."""


@dataclass(frozen=True)
class Layout:
    """Which columns say where a row stands: on a time axis or by its name, and in which series."""

    time: Column | None
    place: tuple[Column, ...]
    series: tuple[Column, ...]

    @property
    def over_time(self) -> bool:
        return self.time is not None


@dataclass(frozen=True)
class Grid:
    """A value for each place and series; `unknown` names the rows whose value is not known."""

    places: tuple[str, ...]
    series: tuple[Series, ...]
    times: tuple[datetime, ...]
    unknown: tuple[str, ...]


def time_column(result: ToolResult) -> Column | None:
    """The column of dates to draw along; weekdays come back every week, so they are names."""
    column = next((c for c in result.columns if c.kind == "time"), None)
    if column is None or granularity_of(result) == "weekday":
        return None
    index = result.column_index(column.name)
    return column if all(_moment(row[index]) is not None for row in result.rows) else None


def names(result: ToolResult) -> tuple[Column, ...]:
    """The columns that tell the rows apart, beside the time axis."""
    time = time_column(result)
    found = tuple(column for column in dimensions(result) if column is not time)
    if time is not None and _tells_apart(result, time):
        return ()
    telling = tuple(c for c in found if len({cell_text(result, row, c) for row in range(len(result.rows))}) > 1)
    return telling or (() if time else found[:1])


def layout_of(result: ToolResult, *, split: bool) -> Layout:
    """`split`: the first name is the place and the others are the series, instead of one bar for each row."""
    time, found = time_column(result), names(result)
    if time is not None:
        return Layout(time, (), found)
    return Layout(None, found[:1], found[1:]) if split else Layout(None, found, ())


def grid_of(result: ToolResult, value: Column, layout: Layout) -> Grid:
    """The cells of one column, laid out; places and series in the order of the rows, times in their own."""
    rows = range(len(result.rows))
    at = [_place(result, row, layout) for row in rows]
    of = [_joined(result, row, layout.series) or value.label for row in rows]
    places = tuple(sorted(set(at))) if layout.over_time else tuple(dict.fromkeys(at))
    cells = {(place, name): row for row, (place, name) in enumerate(zip(at, of, strict=True))}
    index = result.column_index(value.name)
    return Grid(
        places=tuple(_place_text(result, place, cells, layout) for place in places),
        series=tuple(_series(result, value, name, places, cells, layout) for name in dict.fromkeys(of)),
        times=tuple(moment for place in places if (moment := _moment(place))) if layout.over_time else (),
        unknown=tuple(_row_name(result, row) for row in rows if not isinstance(result.rows[row][index], Decimal)),
    )


def _series(
    result: ToolResult,
    value: Column,
    name: str,
    places: Sequence[str],
    cells: dict[tuple[str, str], int],
    layout: Layout,
) -> Series:
    rows = [cells.get((place, name)) for place in places]
    found = [None if row is None else result.rows[row][result.column_index(value.name)] for row in rows]
    return Series(
        name=name,
        values=tuple(cell if isinstance(cell, Decimal) else None for cell in found),
        labels=tuple("" if row is None else _figure(result, row, value) for row in rows),
        is_rest=bool(layout.series) and any(row is not None and _is_rest(result, row, layout) for row in rows),
    )


def _figure(result: ToolResult, row: int, value: Column) -> str:
    """A cell as people read it; what a rate is per stands on the axis."""
    text = cell_text(result, row, value)
    return text.partition(" per ")[0] if "/" in (value.unit or "") else text


def _is_rest(result: ToolResult, row: int, layout: Layout) -> bool:
    if row == result.other_row:
        return True
    cells = [result.rows[row][result.column_index(column.name)] for column in layout.series]
    return layout.over_time and REST in cells and not all_rows_shown(result)


def _place(result: ToolResult, row: int, layout: Layout) -> str:
    if layout.time is not None:
        return str(result.rows[row][result.column_index(layout.time.name)])
    return _joined(result, row, layout.place)


def _place_text(result: ToolResult, place: str, cells: dict[tuple[str, str], int], layout: Layout) -> str:
    if layout.time is None:
        return place
    row = next(row for (at, _), row in cells.items() if at == place)
    return cell_text(result, row, layout.time)


def _joined(result: ToolResult, row: int, columns: Sequence[Column]) -> str:
    if columns and row == result.other_row:
        return cell_text(result, row, columns[0])
    return ", ".join(cell_text(result, row, column) for column in columns)


def _row_name(result: ToolResult, row: int) -> str:
    return _joined(result, row, dimensions(result)) or "the figure"


def _tells_apart(result: ToolResult, column: Column) -> bool:
    index = result.column_index(column.name)
    return len({row[index] for row in result.rows}) == len(result.rows)


def _moment(cell: object) -> datetime | None:
    try:
        moment = datetime.fromisoformat(str(cell))
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
