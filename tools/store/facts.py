"""What a manifest records of a segment, read from its rollup and a few columns of its charges."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tools.domain.errors import BadInput
from tools.store.engine import file_list, rows_of
from tools.store.manifest import Coverage, CurrencyTotal, Dataset, Segment
from tools.store.relations import PROVIDER
from tools.store.rollup import write_daily
from tools.store.segments import ColumnFacts, Slice, read_footers
from tools.store.vocabulary import write_vocabulary

if TYPE_CHECKING:
    import duckdb

MOST_MISSING_DAYS = 400


@dataclass(frozen=True)
class Written:
    """A slice's new folder, before it has a place in the store."""

    segment: Segment
    folder: Path


def finish_segment(
    connection: "duckdb.DuckDBPyConnection",
    one: Slice,
    files: Sequence[Path],
    *,
    segment_id: str,
    dataset: Dataset,
    loads: tuple[str, ...],
) -> tuple[Segment, dict[str, ColumnFacts]]:
    """Add rollup and vocabulary beside the charges; gives the manifest's entry and the footers' facts."""
    written = _scalar(connection, f"SELECT count(*) FROM read_parquet({file_list(files)})")
    if written != one.rows:
        raise BadInput(
            f"{one.rows} rows of {one.source} were found, but {written} at a second reading: a file is damaged"
        )
    footers = read_footers(connection, files)
    folder = files[0].parent
    daily = folder / "daily.parquet"
    daily_columns = write_daily(connection, files, footers, one.rows, daily)
    write_vocabulary(connection, files, footers, one.rows, folder / "vocabulary.parquet")
    days = _days(connection, daily)
    first_start, last_start = _starts(connection, files)
    segment = Segment(
        id=segment_id,
        source=one.source,
        dataset=dataset,
        billing_period=one.billing_period,
        loads=loads,
        files=tuple(path.name for path in files),
        rows=one.rows,
        daily_rows=_scalar(connection, f"SELECT count(*) FROM read_parquet({file_list([daily])})"),
        size_bytes=sum(path.stat().st_size for path in folder.iterdir()),
        columns=tuple(footers),
        empty=tuple(name for name, fact in footers.items() if fact.nulls == one.rows),
        daily_columns=daily_columns,
        bases=_bases(connection, daily),
        first_day=days[0],
        last_day=days[-1],
        missing_days=_missing(days),
        first_start=first_start,
        last_start=last_start,
        totals=_totals(connection, daily, daily_columns),
        coverage=_coverage(connection, files, footers, one),
        unpriced_rows=_unpriced(connection, daily, daily_columns),
    )
    return segment, footers


def _scalar(connection: "duckdb.DuckDBPyConnection", sql: str) -> Any:
    row = connection.execute(sql).fetchone()
    return row[0] if row else None


def _days(connection: "duckdb.DuckDBPyConnection", daily: Path) -> list[date]:
    """Rising. Raises BadInput when the footers of a damaged file promised other days than its rows have."""
    sql = f'SELECT DISTINCT "ChargeDay" FROM read_parquet({file_list([daily])}) ORDER BY 1'
    days = [day for (day,) in connection.execute(sql).fetchall()]
    if not days or not all(isinstance(day, date) and 1990 <= day.year < 2100 for day in days):
        raise BadInput("the rows have no day between 1990 and 2100, though the file's footer says so: it is damaged")
    return days


def _missing(days: Sequence[date]) -> tuple[date, ...]:
    have = set(days)
    span = (days[-1] - days[0]).days
    if span > MOST_MISSING_DAYS:
        return ()
    return tuple(day for day in (days[0] + timedelta(days=n) for n in range(span)) if day not in have)


def _starts(connection: "duckdb.DuckDBPyConnection", files: Sequence[Path]) -> tuple[datetime, datetime]:
    sql = f'SELECT min("ChargePeriodStart"), max("ChargePeriodStart") FROM read_parquet({file_list(files)})'
    row = connection.execute(sql).fetchone()
    assert row is not None
    return row[0], row[1]


def _bases(connection: "duckdb.DuckDBPyConnection", daily: Path) -> tuple[str, ...]:
    sql = f'SELECT DISTINCT "x_CostBasis" FROM read_parquet({file_list([daily])}) ORDER BY 1'
    return tuple(basis for (basis,) in connection.execute(sql).fetchall())


def _totals(connection: "duckdb.DuckDBPyConnection", daily: Path, columns: Sequence[str]) -> tuple[CurrencyTotal, ...]:
    sums = [f'sum("{name}") AS "{name}"' for name in ("BilledCost", "EffectiveCost") if name in columns]
    items = ", ".join(['"BillingCurrency" AS currency', 'CAST(sum("x_Rows") AS BIGINT) AS rows', *sums])
    sql = f"SELECT {items} FROM read_parquet({file_list([daily])}) GROUP BY 1 ORDER BY 1"
    return tuple(CurrencyTotal(**row) for row in rows_of(connection.execute(sql)))


def _unpriced(connection: "duckdb.DuckDBPyConnection", daily: Path, columns: Sequence[str]) -> int:
    if "x_PriceSource" not in columns:
        return 0
    rows = f"read_parquet({file_list([daily])})"
    sql = f'SELECT COALESCE(sum("x_Rows"), 0) FROM {rows} WHERE "x_PriceSource" = \'unpriced\''
    return int(_scalar(connection, sql))


def _coverage(
    connection: "duckdb.DuckDBPyConnection", files: Sequence[Path], footers: Mapping[str, ColumnFacts], one: Slice
) -> tuple[Coverage, ...]:
    """Monthly lines cover every day up to their ChargePeriodEnd, clipped to the billing period."""

    def column(name: str, kind: str = "VARCHAR") -> str:
        return f'"{name}"' if name in footers else f'CAST(NULL AS {kind}) AS "{name}"'

    wanted = ["HostProviderName", "ServiceProviderName", "ChargeCategory", "ConsumedUnit", "x_TokenType"]
    items = [column(name) for name in wanted]
    items += [column("x_Requests", "DECIMAL(38,18)"), column("EffectiveCost", "DECIMAL(38,24)")]
    items += [column("ChargePeriodEnd", "TIMESTAMP"), '"ChargePeriodStart"', '"x_CostBasis"']
    usage = '"x_TokenType" IS NOT NULL OR "x_Requests" IS NOT NULL OR COALESCE("ConsumedUnit" = \'Tokens\', false)'
    end = 'GREATEST(COALESCE("ChargePeriodEnd" - INTERVAL 1 MICROSECOND, "ChargePeriodStart"), "ChargePeriodStart")'
    rows = connection.execute(
        f'SELECT "x_CostBasis", {PROVIDER}, "ServiceProviderName", "EffectiveCost" IS NOT NULL AS has_cost, '
        f'({usage}) AS has_usage, COALESCE("x_Requests" > 0, false) AS has_requests, '
        f'CAST(min("ChargePeriodStart") AS DATE), CAST(max({end}) AS DATE) '
        f"FROM (SELECT {', '.join(items)} FROM read_parquet({file_list(files)}, hive_partitioning = false)) "
        f"WHERE COALESCE(\"ChargeCategory\", 'Usage') = 'Usage' AND {PROVIDER} IS NOT NULL GROUP BY ALL ORDER BY ALL"
    ).fetchall()
    found = []
    for basis, host, service, has_cost, has_usage, has_requests, start, stop in rows:
        first, last = _clip(start, stop, one.billing_period)
        if first <= last:
            names = tuple(dict.fromkeys(name for name in (host, service) if name))
            found.append(
                Coverage(
                    basis=basis,
                    names=names,
                    first=first,
                    last=last,
                    has_cost=has_cost,
                    has_usage=has_usage,
                    has_requests=has_requests,
                )
            )
    return tuple(found)


def _clip(first: date, last: date, billing_period: date) -> tuple[date, date]:
    index = billing_period.year * 12 + billing_period.month
    month_after = date(index // 12, index % 12 + 1, min(billing_period.day, 28))
    return max(first, billing_period), min(last, month_after - timedelta(days=1))
