"""What an analysis of unit economics gives: columns and rows, with the queries they rest on."""

from dataclasses import dataclass
from decimal import Decimal

from tools.domain.period import Period
from tools.domain.result import Cell, Column, ToolResult
from tools.semantic.numbers import plain


@dataclass(frozen=True)
class Table:
    """`period` is what the rows are about; `results` are the queries behind the costs."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    period: Period
    results: tuple[ToolResult, ...] = ()
    caveats: tuple[str, ...] = ()
    totals: dict[str, Decimal | None] | None = None


def amount(name: str, label: str, unit: str | None = None) -> Column:
    return Column(name=name, kind="metric", label=label, unit=unit, metric=name)


def name(key: str, label: str, plural: str = "") -> Column:
    return Column(name=key, kind="dimension", label=label, plural=plural)


def time(label: str) -> Column:
    return Column(name="Time", kind="time", label=label)


def cell(value: Decimal | None) -> Decimal | None:
    return None if value is None else plain(value)
