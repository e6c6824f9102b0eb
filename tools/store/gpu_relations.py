"""SQL over GPU segments: samples, minutes of them, and the hours that were rolled up when they were loaded."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from tools.domain.gpu import GPU_METRICS, HOUR_COLUMNS, LABELS, LANE, SAMPLE_COLUMNS
from tools.store.engine import file_list, identifier, text
from tools.store.layout import Layout
from tools.store.manifest import GpuSegment

FileOf = Callable[[GpuSegment], Path]


def samples_relation(segments: Sequence[GpuSegment], file_of: FileOf) -> str:
    """A SELECT over the samples of segments, with every known column and every `x_` column that one of them has."""
    return _union(segments, SAMPLE_COLUMNS, lambda one: one.columns, file_of)


def hours_relation(layout: Layout, segments: Sequence[GpuSegment]) -> str:
    """A SELECT over the hours of segments, one row for each hour, lane and set of labels.

    Parts of one hour that lie in several segments are put together; where sources overlap on a host (a file for each
    metric), so are theirs, under the labels of the part that covers most. Segments that meet no other are read as they
    are: putting together is what costs.
    """
    extra = _extra(segments, HOUR_COLUMNS, lambda one: one.hour_columns)
    alone: list[GpuSegment] = []
    branches = []
    for group in _meeting(segments):
        if len(group) == 1:
            alone += group
            continue
        found = _hours(layout, group, extra)
        if len({one.source for one in group}) < len(group):
            found = _together(found, ("Source", "Hour", *LANE, *LABELS, *extra), (), "sum", extra)
        if len({one.source for one in group}) > 1:
            found = _together(found, ("Hour", *LANE), ("Source", *LABELS, *extra), "max", extra)
        branches.append(found)
    if alone or not branches:
        branches.insert(0, _hours(layout, alone, extra))
    return " UNION ALL ".join(branches)


def _hours(layout: Layout, segments: Sequence[GpuSegment], extra: Sequence[str]) -> str:
    return _union(
        segments, HOUR_COLUMNS, lambda one: one.hour_columns, lambda one: layout.gpu / one.id / "hours.parquet", extra
    )


def minutes_relation(samples: str, extra: Sequence[str] = ()) -> str:
    """A SELECT that rolls samples up to minutes; worked out when it is asked, so name a short time."""
    keys = ", ".join(identifier(one) for one in ("Source", *LANE, *LABELS, *extra))
    items = ", ".join(
        f"min({value}) AS {metric}Min, avg({value}) AS {metric}Mean, quantile_disc({value}, 0.95) AS {metric}P95, "
        f"max({value}) AS {metric}Max, count({value}) AS {metric}Samples"
        for metric, value in ((one.name, identifier(one.name)) for one in GPU_METRICS)
    )
    return (
        f'SELECT date_trunc(\'minute\', "Time") AS "Minute", {keys}, count(*) AS "Samples", '
        f'max("Gpus") AS "Gpus", max("MemoryTotalGiB") AS "MemoryTotalGiB", {items} FROM ({samples}) GROUP BY ALL'
    )


def _extra(
    segments: Sequence[GpuSegment], known: Mapping[str, str], columns: Callable[[GpuSegment], Sequence[str]]
) -> list[str]:
    return sorted({name for one in segments for name in columns(one)} - known.keys())


def gpu_labels(segments: Sequence[GpuSegment]) -> list[str]:
    """The `x_` columns of segments."""
    return _extra(segments, SAMPLE_COLUMNS, lambda one: one.columns)


def _union(
    segments: Sequence[GpuSegment],
    known: Mapping[str, str],
    columns: Callable[[GpuSegment], Sequence[str]],
    file_of: FileOf,
    extra: Sequence[str] | None = None,
) -> str:
    wanted = [*known, *(_extra(segments, known, columns) if extra is None else extra)]
    groups: dict[tuple[str, ...], list[Path]] = {}
    for one in segments:
        groups.setdefault(tuple(columns(one)), []).append(file_of(one))
    branches = [
        f"SELECT {_items(wanted, known, have)} FROM read_parquet({file_list(files)}, hive_partitioning = false)"
        for have, files in groups.items()
    ]
    return " UNION ALL ".join(branches) or f"SELECT {_items(wanted, known, ())} WHERE false"


def _items(wanted: Iterable[str], known: Mapping[str, str], have: Sequence[str]) -> str:
    present = set(have)
    return ", ".join(
        identifier(name)
        if name in present
        else f"CAST({text('') if name in LANE else 'NULL'} AS {known.get(name, 'VARCHAR')}) AS {identifier(name)}"
        for name in wanted
    )


def _meeting(segments: Sequence[GpuSegment]) -> list[list[GpuSegment]]:
    """The segments, those together that have an hour of a host in common, directly or by way of others."""
    groups: list[list[GpuSegment]] = []
    for one in segments:
        touched = [group for group in groups if any(_meet(one, other) for other in group)]
        groups = [group for group in groups if group not in touched]
        groups.append([other for group in touched for other in group] + [one])
    return groups


def _meet(one: GpuSegment, two: GpuSegment) -> bool:
    return one.last_time >= _hour(two) and two.last_time >= _hour(one) and _share_hosts(one, two)


def _share_hosts(one: GpuSegment, two: GpuSegment) -> bool:
    return not one.hosts or not two.hosts or not set(one.hosts).isdisjoint(two.hosts)


def _hour(segment: GpuSegment) -> datetime:
    return segment.first_time.replace(minute=0, second=0, microsecond=0)


def _together(relation: str, keys: Sequence[str], named: Sequence[str], covered: str, extra: Sequence[str]) -> str:
    """Rows of the same keys as one; a quantile of several parts is the highest of theirs, an upper bound."""
    items = {one: identifier(one) for one in keys}
    items |= {one: f'arg_max({identifier(one)}, "CoveredSeconds")' for one in named}
    items |= {
        "Samples": 'CAST(sum("Samples") AS BIGINT)',
        "FirstTime": 'min("FirstTime")',
        "LastTime": 'max("LastTime")',
        "CoveredSeconds": f'LEAST(3600, {covered}("CoveredSeconds"))',
        "Gpus": 'max("Gpus")',
        "MemoryTotalGiB": 'max("MemoryTotalGiB")',
        "EnergyJoules": f'{covered}("EnergyJoules")',
    }
    for one in GPU_METRICS:
        items |= {f"{one.name}{kind}": f'{act}("{one.name}{kind}")' for kind, act in _ACTS.items()}
        items[f"{one.name}Mean"] = f'sum("{one.name}Mean" * "{one.name}Samples") / sum("{one.name}Samples")'
        items[f"{one.name}Samples"] = f'CAST(sum("{one.name}Samples") AS BIGINT)'
    for name in ("ThrottledSamples", "EccErrors", "XidErrors"):
        items[name] = f'CAST({covered}("{name}") AS BIGINT)'
    ordered = ", ".join(f"{items[name]} AS {identifier(name)}" for name in (*HOUR_COLUMNS, *extra))
    return f"SELECT {ordered} FROM ({relation}) GROUP BY {', '.join(identifier(one) for one in keys)}"


_ACTS = {"Min": "min", "P95": "max", "Max": "max"}
