"""SQL that both the writer and the readers use: segments as typed relations."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from tools.domain.focus import COLUMNS, ROLLUP_DIMENSIONS, ROLLUP_SUMS
from tools.store.engine import file_list, identifier, sql_type
from tools.store.layout import Layout
from tools.store.manifest import Segment

CHARGE_DAY = 'CAST("ChargePeriodStart" AS DATE)'
PROVIDER = 'COALESCE("HostProviderName", "ServiceProviderName")'


def charge_files(layout: Layout, segment: Segment) -> list[Path]:
    return [layout.segments / segment.id / name for name in segment.files]


def daily_file(layout: Layout, segment: Segment) -> Path:
    return layout.segments / segment.id / "daily.parquet"


def charges_relation(layout: Layout, segments: Sequence[Segment]) -> str:
    """A SELECT over the charges of `segments`, with every known column and every `x_` column that one of them has."""
    extra = sorted({name for segment in segments for name in segment.columns} - {column.name for column in COLUMNS})
    wanted = [column.name for column in COLUMNS] + extra
    branches = [
        _select(wanted, columns, [file for one in group for file in charge_files(layout, one)])
        for columns, group in _alike(segments, lambda segment: segment.columns)
    ]
    return " UNION ALL ".join(branches) or _nothing(wanted, ())


def daily_relation(layout: Layout, segments: Sequence[Segment]) -> str:
    """A SELECT over the daily rollups of `segments`."""
    wanted = [*ROLLUP_DIMENSIONS, *ROLLUP_SUMS]
    own = (("ChargeDay", "DATE"), ("x_Rows", "BIGINT"))
    branches = [
        _select(wanted, columns, [daily_file(layout, one) for one in group], extra='"ChargeDay", "x_Rows", ')
        for columns, group in _alike(segments, lambda segment: segment.daily_columns)
    ]
    return " UNION ALL ".join(branches) or _nothing(wanted, own)


def _select(wanted: Iterable[str], present: Sequence[str], files: Sequence[Path], extra: str = "") -> str:
    have = set(present)
    items = ", ".join(identifier(name) if name in have else _null(name) for name in wanted)
    # Files of one branch have the same columns, so DuckDB need not open each one to learn the schema.
    return f"SELECT {extra}{items} FROM read_parquet({file_list(files)}, hive_partitioning = false)"


def _nothing(wanted: Iterable[str], own: Iterable[tuple[str, str]]) -> str:
    items = [f"CAST(NULL AS {kind}) AS {identifier(name)}" for name, kind in own] + [_null(name) for name in wanted]
    return f"SELECT {', '.join(items)} WHERE false"


def _null(name: str) -> str:
    return f"CAST(NULL AS {sql_type(name)}) AS {identifier(name)}"


def _alike(
    segments: Sequence[Segment], key: Callable[[Segment], tuple[str, ...]]
) -> list[tuple[tuple[str, ...], list[Segment]]]:
    groups: dict[tuple[str, ...], list[Segment]] = {}
    for segment in segments:
        groups.setdefault(key(segment), []).append(segment)
    return list(groups.items())
