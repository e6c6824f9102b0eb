"""Charge lines as columns: blocks that share their names, joined into one Arrow table with exact decimal money.

Amounts are whole numbers of 10⁻¹⁰ of the currency unit, quantities of 10⁻⁶ of their unit, until they become decimals.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tools.demo.calendar import Calendar, Ints

UNITS = 10**10
MONEY_SCALE, QUANTITY_SCALE = 10, 6
_DAY_SECONDS = 86_400


@dataclass(frozen=True)
class Block:
    """Lines with the same names. `start` is seconds since 1970; each line lasts `seconds`, or to the month's end."""

    start: Ints
    seconds: int | None
    text: Mapping[str, str | None]
    money: Mapping[str, Ints]
    quantity: Mapping[str, Ints] = field(default_factory=dict)
    tags: Mapping[str, str] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.start)

    def where(self, keep: Any) -> "Block":
        """The lines for which `keep` is true."""
        return Block(
            self.start[keep],
            self.seconds,
            self.text,
            {name: values[keep] for name, values in self.money.items()},
            {name: values[keep] for name, values in self.quantity.items()},
            self.tags,
        )


def day_starts(calendar: Calendar) -> Ints:
    """Seconds since 1970 of each day's midnight."""
    first = (calendar.start - date(1970, 1, 1)).days
    return (np.arange(calendar.days, dtype=np.int64) + first) * _DAY_SECONDS


def hour_starts(calendar: Calendar) -> Ints:
    return (day_starts(calendar)[:, None] + np.arange(24, dtype=np.int64) * 3600).ravel()


def seconds_of(day: date) -> int:
    return (day - date(1970, 1, 1)).days * _DAY_SECONDS


def decimals(units: Ints, scale: int) -> pa.Array:
    """Whole units as decimal128 of that scale, without a detour through floats or text."""
    halves = np.empty((len(units), 2), dtype=np.int64)
    halves[:, 0], halves[:, 1] = units, units >> 63
    return pa.Decimal128Array.from_buffers(pa.decimal128(28, scale), len(units), [None, pa.py_buffer(halves)])


def timestamps(seconds: Ints) -> pa.Array:
    return pa.array(seconds, type=pa.timestamp("s")).cast(pa.timestamp("us"))


def named(values: Sequence[str | None], lengths: Sequence[int]) -> pa.Array:
    """A dictionary column: each value repeated as often as its length says."""
    known = {value: code for code, value in enumerate(dict.fromkeys(v for v in values if v is not None))}
    codes = np.repeat(np.array([known.get(value, -1) if value is not None else -1 for value in values]), lengths)
    indices = pa.array(codes, type=pa.int32(), mask=codes < 0)
    return pa.DictionaryArray.from_arrays(indices, pa.array(list(known), type=pa.string()))


def tag_texts(blocks: Sequence[Block]) -> pa.Array:
    """Tags as JSON text; a block without tags has NULL."""
    texts = [json.dumps(dict(block.tags)) if block.tags else None for block in blocks]
    return named(texts, [len(block) for block in blocks])


def tag_maps(blocks: Sequence[Block]) -> pa.Array:
    """Tags as a map column, as AWS exports them; a block without tags has an empty map."""
    kinds = pa.array([list(block.tags.items()) for block in blocks], type=pa.map_(pa.string(), pa.string()))
    return kinds.take(pa.array(np.repeat(np.arange(len(blocks)), [len(block) for block in blocks])))


def table(blocks: Sequence[Block], calendar: Calendar, *, tags: pa.Array | None, names: Sequence[str]) -> pa.Table:
    """One table in order of time, with the columns of `names` that the blocks carry, periods and tags included."""
    lengths = [len(block) for block in blocks]
    start = np.concatenate([block.start for block in blocks])
    month = _month_number(start, calendar)
    edges = np.array([seconds_of(calendar.month(number)) for number in range(15)], dtype=np.int64)
    fixed = np.repeat(np.array([block.seconds or 0 for block in blocks], dtype=np.int64), lengths)
    columns: dict[str, pa.Array] = {
        "ChargePeriodStart": timestamps(start),
        "ChargePeriodEnd": timestamps(np.where(fixed > 0, start + fixed, edges[month + 1])),
        "BillingPeriodStart": timestamps(edges[month]),
        "BillingPeriodEnd": timestamps(edges[month + 1]),
    }
    if tags is not None:
        columns["Tags"] = tags
    for name in dict.fromkeys(name for block in blocks for name in block.text):
        columns[name] = named([block.text.get(name) for block in blocks], lengths)
    for name in dict.fromkeys(name for block in blocks for name in block.money):
        columns[name] = _amounts(name, [block.money.get(name) for block in blocks], lengths, MONEY_SCALE)
    for name in dict.fromkeys(name for block in blocks for name in block.quantity):
        columns[name] = _amounts(name, [block.quantity.get(name) for block in blocks], lengths, QUANTITY_SCALE)
    ordered = pa.table({name: columns[name] for name in names if name in columns})
    return ordered.take(pa.array(np.argsort(start, kind="stable")))


def as_text(lines: pa.Table) -> pa.Table:
    """Times with a zone mark and decimals in full, so that a CSV holds exactly what was computed."""
    columns = {}
    for name in lines.column_names:
        column = lines[name]
        if pa.types.is_timestamp(column.type):
            column = pc.strftime(column.cast(pa.timestamp("s")), format="%Y-%m-%dT%H:%M:%SZ")
        elif pa.types.is_decimal(column.type) or pa.types.is_dictionary(column.type):
            column = column.cast(pa.string())
        columns[name] = column
    return pa.table(columns)


def months_of(lines: pa.Table, calendar: Calendar) -> list[tuple[date, pa.Table]]:
    """The table cut by billing month; it is ordered by time."""
    start = lines["ChargePeriodStart"].cast(pa.timestamp("s")).cast(pa.int64()).to_numpy()
    bounds = np.searchsorted(start, [seconds_of(first) for first, _ in calendar.months()] + [2**62])
    pairs = zip(calendar.months(), bounds[:-1], bounds[1:], strict=True)
    return [(span[0], lines.slice(low, high - low)) for span, low, high in pairs if high > low]


def _month_number(start: Ints, calendar: Calendar) -> Ints:
    edges = np.array([seconds_of(calendar.month(number)) for number in range(15)], dtype=np.int64)
    return np.searchsorted(edges, start, side="right") - 1


def _amounts(name: str, parts: Sequence[Ints | None], lengths: Sequence[int], scale: int) -> pa.Array:
    """Decimals; NULL where a block lacks the amount, which only unit prices and quantities may."""
    filled = [np.zeros(n, dtype=np.int64) if part is None else part for part, n in zip(parts, lengths, strict=True)]
    values = decimals(np.concatenate(filled), scale)
    absent = np.repeat(np.array([part is None for part in parts]), lengths)
    if not absent.any():
        return values
    return pc.if_else(pa.array(absent), pa.scalar(None, type=values.type), values)
