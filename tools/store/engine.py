"""DuckDB connections: in memory for readers, with room to spill for the writer."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tools.domain.focus import BY_NAME, SQL_TYPES

if TYPE_CHECKING:
    import duckdb

READER_MEMORY = "1GiB"
WRITER_MEMORY = "1GiB"


def connect_reader() -> "duckdb.DuckDBPyConnection":
    """An empty in-memory database that reads immutable Parquet files and never looks for extensions."""
    return _connect(READER_MEMORY, {"preserve_insertion_order": "false"})


def connect_writer(staging: Path) -> "duckdb.DuckDBPyConnection":
    """An in-memory database for staging that spills into `staging`."""
    connection = _connect(
        WRITER_MEMORY, {"preserve_insertion_order": "false", "temp_directory": str(staging / "spill")}
    )
    connection.execute(f"ATTACH {text(str(staging / 'staging.duckdb'))} AS staging")
    connection.execute("USE staging")
    return connection


def _connect(memory: str, more: dict[str, str]) -> "duckdb.DuckDBPyConnection":
    import duckdb

    config = {
        "memory_limit": memory,
        "threads": str(os.cpu_count() or 1),
        "autoinstall_known_extensions": "false",
        "python_enable_replacements": "false",
    }
    connection = duckdb.connect(":memory:", config={**config, **more})
    connection.execute("SET TimeZone = 'UTC'; SET parquet_metadata_cache = true; SET enable_progress_bar = false;")
    return connection


def identifier(name: str) -> str:
    """A name, quoted for SQL."""
    return '"' + name.replace('"', '""') + '"'


def text(value: str) -> str:
    """A string literal for SQL."""
    return "'" + value.replace("'", "''") + "'"


def file_list(paths: Sequence[Path]) -> str:
    """A list literal of files for read_parquet."""
    return "[" + ", ".join(text(str(path)) for path in paths) + "]"


def sql_type(column: str) -> str:
    """A store column's type; `x_` columns that Outlay does not know are text."""
    known = BY_NAME.get(column)
    return SQL_TYPES[known.kind] if known else "VARCHAR"


def rows_of(cursor: "duckdb.DuckDBPyConnection") -> list[dict[str, Any]]:
    """All rows by column name."""
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
