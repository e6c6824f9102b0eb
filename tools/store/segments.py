"""Writing segments: charges as Parquet files, one folder per slice, and what their footers say."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tools.store.engine import file_list, identifier, sql_type, text

if TYPE_CHECKING:
    import duckdb

PARQUET = "FORMAT parquet, COMPRESSION lz4_raw, ROW_GROUP_SIZE 122880"
MOST_SCANS = 40
MOST_ROWS_IN_MEMORY = 3_000_000
FLOATS = frozenset({"DOUBLE", "FLOAT"})


@dataclass(frozen=True)
class Slice:
    """What a load replaces as one: a source's billing period."""

    number: int
    source: str
    billing_period: date
    rows: int


@dataclass(frozen=True)
class ColumnFacts:
    """A column as the footers of a segment's files describe it."""

    name: str
    nulls: int
    constant: str | None
    """The only value as text, when every row has the same one."""
    distinct: int | None
    """The most distinct values in one row group, None where it is not known."""
    smallest: str | None = None
    largest: str | None = None
    """Bounds as text, None where a footer lacks them."""


def find_slices(connection: "duckdb.DuckDBPyConnection", relation: str) -> list[Slice]:
    """The slices of a staged relation, ordered by source and period."""
    rows = connection.execute(
        f'SELECT "x_Source", CAST("BillingPeriodStart" AS DATE) AS period, count(*) FROM {relation} '
        "GROUP BY ALL ORDER BY ALL"
    ).fetchall()
    return [Slice(number, source, period, count) for number, (source, period, count) in enumerate(rows)]


def store_columns(connection: "duckdb.DuckDBPyConnection", relation: str, dataset: str) -> dict[str, str]:
    """Each column of the segment → the expression that gives it its type.

    Raises ValueError when the relation has a column that is none of the store's, or money as a float: both are
    faults of the code that staged it.
    """
    chosen: dict[str, str] = {}
    for name, kind, *_ in connection.execute(f"DESCRIBE SELECT * FROM {relation}").fetchall():
        wanted = sql_type(name)
        if kind in FLOATS and wanted.startswith("DECIMAL"):
            raise ValueError(f"column {name} is staged as {kind}; money and quantities are staged as {wanted}")
        quoted = identifier(name)
        chosen[name] = quoted if kind == wanted else f"CAST({quoted} AS {wanted}) AS {quoted}"
    missing = {"x_Source", "x_CostBasis", "BillingPeriodStart", "ChargePeriodStart"} - chosen.keys()
    if missing:
        raise ValueError(f"the staged relation lacks {', '.join(sorted(missing))}")
    return chosen | {"x_Dataset": f'{text(dataset)} AS "x_Dataset"'}


def write_charges(
    connection: "duckdb.DuckDBPyConnection",
    relation: str,
    columns: dict[str, str],
    slices: Sequence[Slice],
    folder: Path,
) -> dict[int, list[Path]]:
    """Write each slice's files, `folder`/<number>/*.parquet.

    One scan for each slice is about three times as fast as a partitioned write, as long as there are few: files
    are mostly ordered by period, so a scan skips what is not its own.
    """
    items = ", ".join(columns.values())
    for one in slices:
        (folder / str(one.number)).mkdir(parents=True)
    if len(slices) > MOST_SCANS:
        return _write_partitioned(connection, relation, items, slices, folder)
    several_sources = len({one.source for one in slices}) > 1
    if len(slices) > 1 and sum(one.rows for one in slices) <= MOST_ROWS_IN_MEMORY:
        # A view with costly expressions is worked out once, not once for each slice.
        connection.execute(f"CREATE OR REPLACE TEMP TABLE rows_to_write AS SELECT {items} FROM {relation}")
        relation, items = "rows_to_write", "*"
    written = {}
    for one in slices:
        target = folder / str(one.number) / "charges.parquet"
        conditions = [f"\"BillingPeriodStart\" >= DATE '{one.billing_period}'"]
        conditions += [f"\"BillingPeriodStart\" < DATE '{one.billing_period + timedelta(days=1)}'"]
        conditions += [f'"x_Source" = {text(one.source)}'] if several_sources else []
        where = f" WHERE {' AND '.join(conditions)}" if len(slices) > 1 else ""
        connection.execute(f"COPY (SELECT {items} FROM {relation}{where}) TO {text(str(target))} ({PARQUET})")
        written[one.number] = [target]
    connection.execute("DROP TABLE IF EXISTS rows_to_write")
    return written


def _write_partitioned(
    connection: "duckdb.DuckDBPyConnection", relation: str, items: str, slices: Sequence[Slice], folder: Path
) -> dict[int, list[Path]]:
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE slices (x_Slice INTEGER, x_SliceSource VARCHAR, x_SlicePeriod DATE)"
    )
    connection.executemany(
        "INSERT INTO slices VALUES (?, ?, ?)", [(one.number, one.source, one.billing_period) for one in slices]
    )
    connection.execute(
        f'COPY (SELECT {items}, x_Slice FROM {relation} JOIN slices ON "x_Source" = x_SliceSource '
        f'AND CAST("BillingPeriodStart" AS DATE) = x_SlicePeriod) TO {text(str(folder / "parts"))} '
        f"({PARQUET}, PARTITION_BY (x_Slice), FILENAME_PATTERN 'charges-{{i}}')"
    )
    return {one.number: _adopt(folder, one.number) for one in slices}


def _adopt(folder: Path, number: int) -> list[Path]:
    parts = sorted((folder / "parts" / f"x_Slice={number}").glob("*.parquet"))
    return [path.rename(folder / str(number) / path.name) for path in parts]


def read_footers(connection: "duckdb.DuckDBPyConnection", files: Sequence[Path]) -> dict[str, ColumnFacts]:
    """What the files' footers say of each column, without reading a row."""
    rows: list[tuple[Any, ...]] = connection.execute(
        "SELECT path_in_schema, CAST(sum(COALESCE(stats_null_count, 0)) AS BIGINT), "
        "CASE WHEN bool_and(COALESCE(stats_null_count = 0 AND min_is_exact AND max_is_exact "
        "AND stats_min_value = stats_max_value, false)) AND min(stats_min_value) = max(stats_min_value) "
        "THEN min(stats_min_value) END, "
        "CASE WHEN bool_and(stats_distinct_count IS NOT NULL OR stats_null_count = num_values) "
        "THEN max(COALESCE(stats_distinct_count, 0)) END, "
        "CASE WHEN bool_and(stats_min_value IS NOT NULL) THEN min(stats_min_value) END, "
        "CASE WHEN bool_and(stats_max_value IS NOT NULL) THEN max(stats_max_value) END "
        f"FROM parquet_metadata({file_list(files)}) GROUP BY 1"
    ).fetchall()
    return {row[0]: ColumnFacts(*row) for row in rows}
