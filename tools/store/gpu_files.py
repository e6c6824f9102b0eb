"""Writing one GPU segment: its samples as Parquet, and their hourly rollup."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from tools.domain.gpu import GPU_METRICS, HOUR_COLUMNS, LABELS, LANE, SAMPLE_COLUMNS
from tools.store.engine import file_list, identifier, text
from tools.store.segments import ColumnFacts, read_footers

if TYPE_CHECKING:
    import duckdb

PARQUET = "FORMAT parquet, COMPRESSION lz4_raw, ROW_GROUP_SIZE 122880, DICTIONARY_SIZE_LIMIT 5000"
"""Trying a dictionary on measured values that hardly repeat costs a fifth of the writing."""
ROWS_AT_ONCE = 2_000_000
"""An exact quantile keeps every value of every group: so many rows' values fit into the writer's memory."""
ORDERED_SHARE = 0.2
"""Row groups that span less than this share of a segment's time let a window of it be read alone."""
HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class SampleFile:
    """A written file of samples and what its footer says."""

    path: Path
    rows: int
    facts: Mapping[str, ColumnFacts]

    @property
    def columns(self) -> tuple[str, ...]:
        """Columns with a value, in the file's order."""
        return tuple(name for name, one in self.facts.items() if one.nulls < self.rows)


def sample_type(column: str) -> str:
    return SAMPLE_COLUMNS.get(column, "VARCHAR")


def hour_type(column: str) -> str:
    return HOUR_COLUMNS.get(column, "VARCHAR")


def write_samples(connection: "duckdb.DuckDBPyConnection", select: str, target: Path) -> SampleFile | None:
    """Write what `select` gives, ordered well enough by time for the rollup; None (and no file) when it has no row."""
    connection.execute(f"COPY ({select}) TO {text(str(target))} ({PARQUET})")
    found = _described(connection, target)
    if not found.rows:
        target.unlink()
        return None
    if found.rows > ROWS_AT_ONCE and not _is_ordered(connection, target):
        ordered = target.with_name("ordered.parquet")
        source = f"read_parquet({file_list([target])}, hive_partitioning = false)"
        connection.execute(f'COPY (SELECT * FROM {source} ORDER BY "Time") TO {text(str(ordered))} ({PARQUET})')
        ordered.replace(target)
        found = _described(connection, target)
    return found


def write_hours(
    connection: "duckdb.DuckDBPyConnection", samples: SampleFile, source_name: str, target: Path
) -> tuple[str, ...]:
    """Write the hourly rollup of a segment's samples; gives its columns."""
    facts, have = samples.facts, set(samples.columns)
    labels = [one for one in samples.columns if one in (*LANE, *LABELS) or one.startswith("x_")]
    varying = [one for one in labels if facts[one].constant is None]
    measured = _measures(have)
    groups = ", ".join(['date_trunc(\'hour\', "Time") AS "Hour"', *(identifier(one) for one in varying)])
    items = ", ".join(f"{sql} AS {identifier(name)}" for name, sql in measured.items())
    source = f"read_parquet({file_list([samples.path])}, hive_partitioning = false)"
    connection.execute("DROP TABLE IF EXISTS gpu_hours_raw")
    for number, window in enumerate(_windows(connection, samples)):
        select = f"SELECT {groups}, {items} FROM {source}{window} GROUP BY ALL"
        connection.execute(f"{'INSERT INTO gpu_hours_raw' if number else 'CREATE TABLE gpu_hours_raw AS'} {select}")
    constants = [one for one in labels if one not in varying]
    columns = ("Source", "Hour", *labels, "CoveredSeconds", *(one for one in measured if one != "Seconds"))
    given = {one: text(facts[one].constant or "") for one in constants} | {"Source": text(source_name)}
    chosen = ", ".join(
        f"CAST({given.get(one, identifier(one))} AS {hour_type(one)}) AS {identifier(one)}" for one in columns
    )
    connection.execute(
        f'COPY (SELECT {chosen} FROM ({_covered(varying)}) ORDER BY "Hour") TO {text(str(target))} '
        "(FORMAT parquet, COMPRESSION zstd)"
    )
    connection.execute("DROP TABLE gpu_hours_raw")
    return columns


def _described(connection: "duckdb.DuckDBPyConnection", path: Path) -> SampleFile:
    row = connection.execute(f"SELECT count(*) FROM read_parquet({file_list([path])})").fetchone()
    names = [one[0] for one in connection.execute(f"DESCRIBE FROM read_parquet({file_list([path])})").fetchall()]
    facts = read_footers(connection, [path])
    return SampleFile(path, int(row[0]) if row else 0, {name: facts[name] for name in names if name in facts})


def _is_ordered(connection: "duckdb.DuckDBPyConnection", path: Path) -> bool:
    row = connection.execute(
        "SELECT avg(epoch(high) - epoch(low)) <= ? * (max(epoch(high)) - min(epoch(low))) FROM ("
        "SELECT CAST(stats_min_value AS TIMESTAMP) AS low, CAST(stats_max_value AS TIMESTAMP) AS high "
        f"FROM parquet_metadata({file_list([path])}) WHERE path_in_schema = 'Time')",
        [ORDERED_SHARE],
    ).fetchone()
    return bool(row and row[0])


def _windows(connection: "duckdb.DuckDBPyConnection", samples: SampleFile) -> Sequence[str]:
    """Conditions that part the samples into whole hours of about `ROWS_AT_ONCE` rows."""
    if samples.rows <= ROWS_AT_ONCE:
        return ("",)
    source = f"read_parquet({file_list([samples.path])})"
    counted = connection.execute(
        f"SELECT date_trunc('hour', \"Time\") AS hour, count(*) FROM {source} GROUP BY 1 ORDER BY 1"
    ).fetchall()
    spans: list[tuple[datetime, datetime]] = []
    held = ROWS_AT_ONCE
    for hour, rows in counted:
        if held + rows > ROWS_AT_ONCE:
            spans.append((hour, hour + HOUR))
            held = 0
        spans[-1] = (spans[-1][0], hour + HOUR)
        held += rows
    return [f" WHERE \"Time\" >= TIMESTAMP '{first}' AND \"Time\" < TIMESTAMP '{after}'" for first, after in spans]


def _measures(have: set[str]) -> dict[str, str]:
    """Column of the rollup → its aggregate, for what the samples have."""
    found = {"Samples": "count(*)", "FirstTime": 'min("Time")', "LastTime": 'max("Time")'}
    for name in ("Gpus", "MemoryTotalGiB"):
        if name in have:
            found[name] = f"max({identifier(name)})"
    for metric in GPU_METRICS:
        if metric.name in have:
            value = identifier(metric.name)
            found |= {
                f"{metric.name}Min": f"min({value})",
                f"{metric.name}Mean": f"avg({value})",
                f"{metric.name}P95": f"quantile_disc({value}, 0.95)",
                f"{metric.name}Max": f"max({value})",
                f"{metric.name}Samples": f"count({value})",
            }
    if "EnergyJoules" in have:
        # A counter that was set back in between (a driver reload) says nothing of the hour.
        found["EnergyJoules"] = (
            'CASE WHEN arg_max("EnergyJoules", "Time") = max("EnergyJoules") '
            'AND arg_min("EnergyJoules", "Time") = min("EnergyJoules") '
            'THEN max("EnergyJoules") - min("EnergyJoules") END'
        )
    if "Throttled" in have:
        found["ThrottledSamples"] = 'count(*) FILTER ("Throttled")'
    if "EccErrors" in have:
        found["EccErrors"] = 'max("EccErrors") - min("EccErrors")'
    if "XidErrors" in have:
        found["XidErrors"] = 'CAST(sum("XidErrors") AS BIGINT)'
    found["Seconds"] = 'sum("Seconds")' if "Seconds" in have else "CAST(NULL AS DOUBLE)"
    return found


def _covered(varying: Sequence[str]) -> str:
    """The rollup with `CoveredSeconds`.

    A lane's usual interval is the median over its hours of the mean distance between two samples; a lane with one
    sample an hour goes by the distance from hour to hour.
    """
    lane = [identifier(one) for one in varying if one in LANE]
    by_lane = f"PARTITION BY {', '.join(lane)}" if lane else ""
    same = " AND ".join(f"i.{one} IS NOT DISTINCT FROM r.{one}" for one in lane) or "true"
    inside = 'CASE WHEN "Samples" > 1 THEN epoch("LastTime" - "FirstTime") / ("Samples" - 1) END'
    between = f'epoch("FirstTime" - lag("FirstTime") OVER ({by_lane} ORDER BY "FirstTime"))'
    spaced = f"SELECT *, {inside} AS inside, {between} AS between_hours FROM gpu_hours_raw"
    keys = ", ".join(lane)
    intervals = (
        f"SELECT {keys + ', ' if keys else ''}COALESCE(median(NULLIF(inside, 0)), median(between_hours), 0) AS seconds "
        f"FROM ({spaced}){' GROUP BY ' + keys if keys else ''}"
    )
    return (
        'SELECT r.*, LEAST(3600, COALESCE(r."Seconds", r."Samples" * i.seconds)) AS "CoveredSeconds" '
        f"FROM gpu_hours_raw r LEFT JOIN ({intervals}) i ON {same}"
    )
