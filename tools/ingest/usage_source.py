"""A usage file's columns as SQL: nested JSON flattened, numbers and times read exactly, what can't be read named."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from tools.store.engine import identifier, text
from tools.store.writer import Writer

Kind = Literal["integer", "decimal", "float", "boolean", "time", "zoned", "date", "text", "nested"]
MOST_TOKENS = 10**15
"""Per record and kind; more is a fault of the export."""
_INTEGERS = re.compile(r"^U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?$")


@dataclass(frozen=True)
class SourceColumn:
    """A column as an SQL expression over the source's rows."""

    sql: str
    kind: Kind

    @property
    def as_text(self) -> str:
        """The trimmed text; NULL for nothing."""
        if self.kind == "nested":
            return f"CAST(to_json({self.sql}) AS VARCHAR)"
        return f"NULLIF(trim(CAST({self.sql} AS VARCHAR)), '')"

    @property
    def present(self) -> str:
        """Whether there is a value at all; exports write missing numbers as NaN, null or None too."""
        if self.kind in ("integer", "decimal", "boolean", "time", "zoned", "date"):
            return f"{self.sql} IS NOT NULL"
        if self.kind == "float":
            # Not by text: DuckDB takes a Parquet column's bounds, which leave NaN out, for those of its text.
            return f"({self.sql} IS NOT NULL AND NOT isnan({self.sql}))"
        return f"lower({self.as_text}) NOT IN ('nan', 'null', 'none')"

    def number(self, sql_type: str) -> str:
        """An exact decimal, read by way of its shortest text; NULL when it can't be."""
        if self.kind in ("integer", "decimal"):
            return f"TRY_CAST({self.sql} AS {sql_type})"
        return f"TRY_CAST({self.as_text} AS {sql_type})"

    @property
    def count(self) -> str:
        """A whole number from 0 to 10^15 as BIGINT; NULL when it is none."""
        if self.kind == "integer":
            return f"TRY_CAST({self.sql} AS BIGINT)"
        number = self.number("DECIMAL(38,18)")
        return f"CASE WHEN {number} = floor({number}) THEN TRY_CAST({number} AS BIGINT) END"

    @property
    def time(self) -> str:
        """A UTC timestamp from ISO text, dates, or (milli-, micro-) seconds since 1970; NULL when unreadable."""
        if self.kind in ("time", "date"):
            return f"TRY_CAST({self.sql} AS TIMESTAMP)"
        if self.kind == "zoned":
            return f"({self.sql} AT TIME ZONE 'UTC')"
        epoch = self.number("DECIMAL(38,6)")
        since = (
            f"CASE WHEN {epoch} >= 1e16 THEN NULL WHEN {epoch} >= 1e14 THEN make_timestamp(CAST({epoch} AS BIGINT)) "
            f"WHEN {epoch} >= 1e11 THEN make_timestamp(CAST({epoch} * 1000 AS BIGINT)) "
            f"WHEN {epoch} >= 1e8 THEN make_timestamp(CAST({epoch} * 1000000 AS BIGINT)) END"
        )
        if self.kind in ("integer", "decimal", "float"):
            return f"({since})"
        written = self.as_text
        return (
            f"COALESCE(TRY_CAST({written} AS TIMESTAMPTZ) AT TIME ZONE 'UTC', "
            f"try_strptime({written}, ['%Y%m%d', '%Y-%m-%d %H', '%Y-%m-%dT%H', '%Y-%m-%d %H:%M UTC']), {since})"
        )

    @property
    def truth(self) -> str:
        """A boolean; NULL when it can't be told."""
        if self.kind == "boolean":
            return self.sql
        written = f"lower({self.as_text})"
        return (
            f"CASE WHEN {written} IN ('true', 't', 'yes', 'y', '1', '1.0', 'batch') THEN true "
            f"WHEN {written} IN ('false', 'f', 'no', 'n', '0', '0.0', 'default', 'standard') THEN false END"
        )


def constant(value: str) -> SourceColumn:
    """The value that --set gives every record."""
    return SourceColumn(f"CAST({text(value)} AS VARCHAR)", "text")


def source_columns(writer: Writer, relation: str, whole: Mapping[str, str]) -> dict[str, SourceColumn]:
    """The relation's columns by name; a JSON object becomes one column per leaf (`usage.input_tokens`).

    Columns named in `whole` are not taken apart.
    """
    columns: dict[str, SourceColumn] = {}
    for name, kind in writer.columns_of(f"({relation})").items():
        if kind.startswith("STRUCT") and name not in whole:
            columns |= _leaves(writer, relation, name)
        else:
            columns[name] = SourceColumn(f"s.{identifier(name)}", kind_of(kind))
    return columns


def kind_of(sql_type: str) -> Kind:
    """How a column of an SQL type is read."""
    if _INTEGERS.match(sql_type):
        return "integer"
    if sql_type.startswith("DECIMAL"):
        return "decimal"
    if sql_type in ("DOUBLE", "FLOAT"):
        return "float"
    if sql_type == "TIMESTAMP WITH TIME ZONE":
        return "zoned"
    if sql_type.startswith("TIMESTAMP"):
        return "time"
    if sql_type in ("BOOLEAN", "DATE"):
        return "boolean" if sql_type == "BOOLEAN" else "date"
    return "nested" if sql_type.startswith(("STRUCT", "MAP", "JSON")) or sql_type.endswith("[]") else "text"


def _leaves(writer: Writer, relation: str, name: str) -> dict[str, SourceColumn]:
    quoted = identifier(name)
    rows = writer.execute(f"SELECT CAST(json_group_structure(to_json({quoted})) AS VARCHAR) FROM ({relation})")
    structure = json.loads(rows[0][0] or "null") if rows else None
    found: dict[str, SourceColumn] = {}
    for path in _paths(structure):
        keys = "".join('."' + key.replace('"', '\\"') + '"' for key in path)
        sql = f"json_extract_string(to_json(s.{quoted}), {text('$' + keys)})"
        found[".".join((name, *path))] = SourceColumn(sql, "text")
    return found


def _paths(structure: Any) -> Iterator[tuple[str, ...]]:
    if not isinstance(structure, dict):
        yield ()
        return
    for key, inner in structure.items():
        for path in _paths(inner):
            yield (key, *path)
