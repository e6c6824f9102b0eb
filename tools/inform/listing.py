"""A listing: a table of what is in the store, as a ToolResult."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from pydantic import BaseModel

from tools.domain.errors import NoDataReason
from tools.domain.result import Cell, Column, ColumnKind, Evidence, ToolResult
from tools.registry import SqlValue, ToolContext
from tools.semantic.numbers import plain


@dataclass(frozen=True)
class Listing:
    """Rows of Python values, with the SQL they come from where there is one."""

    columns: tuple[Column, ...]
    rows: Sequence[Sequence[Any]]
    sql: str = ""
    parameters: tuple[SqlValue, ...] = ()
    empty: str = "there is nothing to list"
    reason: NoDataReason = "absent"


def name(key: str, label: str, plural: str = "") -> Column:
    return Column(name=key, kind="dimension", label=label, plural=plural)


def amount(key: str, label: str, unit: str | None = None, kind: ColumnKind = "metric") -> Column:
    return Column(name=key, kind=kind, label=label, unit=unit, metric=key)


def listed(ctx: ToolContext, tool: str, request: BaseModel, listing: Listing) -> ToolResult:
    """The listing as a tool's result; without rows it is `no_data`."""
    evidence = Evidence(
        sql=listing.sql,
        parameters=listing.parameters,
        arguments=request.model_dump(mode="json"),
        generation=ctx.store.generation,
        row_count=len(listing.rows),
        loaded_through=ctx.store.loaded_through,
        sources=ctx.store.sources,
    )
    if not listing.rows:
        return ToolResult(tool=tool, evidence=evidence, no_data=listing.empty, no_data_reason=listing.reason)
    rows = tuple(tuple(_cell(value) for value in row) for row in listing.rows)
    return ToolResult(tool=tool, columns=listing.columns, rows=rows, evidence=evidence)


def _cell(value: Any) -> Cell:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return plain(Decimal(value)) if isinstance(value, Decimal | int) else str(value)
