"""A result as Parquet: numbers as DECIMAL wide enough for each, days as DATE, hours as TIMESTAMP in UTC."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from agent.answer.display import is_currency
from agent.answer.facts import TEXT_KINDS
from agent.export.table import cells
from tools.domain.errors import BadInput
from tools.domain.result import Cell, Column, ToolResult

MONEY_SCALE, QUANTITY_SCALE = 24, 18
"""As the store keeps them; a ratio that needs more digits gets them."""
NARROW, WIDEST = 38, 76
"""Digits of a 128-bit and of a 256-bit decimal."""


def write_parquet(path: Path, result: ToolResult, about: Mapping[str, str]) -> None:
    """Write the rows, each column with its unit, and `about` (answer, question, period, …) as the file's metadata."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    rows = [cells(result, row) for row in range(len(result.rows))]
    columns = [
        _column(pa, column, [row[index] for row in rows], is_exact_time=result.other_row is None)
        for index, column in enumerate(result.columns)
    ]
    fields = [
        pa.field(column.name, array.type, metadata={"unit": column.unit or "", "label": column.label})
        for column, array in zip(result.columns, columns, strict=True)
    ]
    schema = pa.schema(fields, metadata=dict(about))
    pq.write_table(pa.Table.from_arrays(columns, schema=schema), path)


def _column(pa: Any, column: Column, values: Sequence[Cell], *, is_exact_time: bool) -> Any:
    if column.kind in TEXT_KINDS:
        moments = [_moment(value) for value in values] if column.kind == "time" and is_exact_time else [None]
        if all(moments):
            return _times(pa, [moment for moment in moments if moment])
        return pa.array(values, pa.string())
    numbers = [value if isinstance(value, Decimal) else None for value in values]
    return pa.array(numbers, _decimal(pa, column, [number for number in numbers if number is not None]))


def _times(pa: Any, moments: Sequence[datetime]) -> Any:
    if all(moment.time().isoformat() == "00:00:00" for moment in moments):
        return pa.array([moment.date() for moment in moments], pa.date32())
    return pa.array([moment.replace(tzinfo=UTC) for moment in moments], pa.timestamp("s", tz="UTC"))


def _decimal(pa: Any, column: Column, numbers: Sequence[Decimal]) -> Any:
    """DECIMAL(38,24) for money, (38,18) for the rest; wider where the digits ask for it, so that nothing is rounded."""
    scale = MONEY_SCALE if is_currency((column.unit or "").split("/")[0]) else QUANTITY_SCALE
    scale = max([scale, *(-_exponent(number) for number in numbers)])
    whole = max((number.adjusted() + 1 for number in numbers if number), default=1)
    digits = max(whole, 1) + scale
    if digits <= NARROW:
        return pa.decimal128(NARROW, scale)
    if digits <= WIDEST:
        return pa.decimal256(WIDEST, scale)
    raise BadInput(f"{column.name} has figures of {digits} digits, more than Parquet's {WIDEST}; export CSV instead")


def _exponent(number: Decimal) -> int:
    exponent = number.as_tuple().exponent
    return exponent if isinstance(exponent, int) else 0


def _moment(value: Cell) -> datetime | None:
    try:
        return datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
