"""`outlay ingest gpu`: files of GPU samples into the store, with their hourly rollup."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from tools.domain.errors import BadInput
from tools.domain.load import Defect, LoadReport, Progress
from tools.ingest.gpu_fields import GpuMapping, load_gpu_fields, map_gpu_columns
from tools.ingest.gpu_rows import GpuRows, declared_unit, number, sample_rows
from tools.ingest.gpu_source import BROKEN, GpuFiles, stage_gpu_files
from tools.ingest.usage_files import FILE_COLUMN, find_usage_files
from tools.ingest.usage_source import SourceColumn, source_columns
from tools.store.engine import identifier
from tools.store.store import Store
from tools.store.writer import GpuPart, GpuPlan, Writer

OUT = "gpu_quarantined"
HIGHEST_FRACTION = 1.5
"""Shares without a declared unit are percent when one of them is above this."""


@dataclass(frozen=True)
class _Staged:
    """One source, ready to be written."""

    files: GpuFiles
    rows: GpuRows
    notes: tuple[Defect, ...]


def load_gpu(
    store: Store,
    paths: Sequence[Path | str],
    *,
    columns: Mapping[str, str] | None = None,
    assign: Mapping[str, str] | None = None,
    source: str | None = None,
    progress: Callable[[Progress], None] | None = None,
) -> LoadReport:
    """Load files of GPU samples as one load; what the store holds of their sources for the time they cover is replaced.

    `columns` maps a file's column to a FIELD (a unit may be part of it: memory_used_mib) or `x_` column (--map),
    `assign` gives every sample a value (--set); `time_zero` says from when on a file's seconds count. Without `source`
    each file is a source of its own. In the report `read` and `accepted` count records of the files; one with an
    `end_time` makes a sample for each hour.

    Raises:
        BadInput: a file or mapping that can't be used; nothing is loaded then.
    """
    started = time.monotonic()
    say = progress or (lambda _: None)
    found = find_usage_files(paths)
    with store.writer() as writer:
        say(Progress("reading", 0, None))
        staged = [
            _prepare(writer, one, columns or {}, assign or {}, place)
            for place, one in enumerate(stage_gpu_files(writer, found, source))
        ]
        read = sum(one.files.rows + one.files.broken for one in staged)
        say(Progress("writing", 0, read))
        _quarantine(writer, staged)
        return writer.commit_gpu(
            GpuPlan(
                parts=[GpuPart(one.files.source, one.rows.select, one.rows.times) for one in staged],
                read=read,
                spans=any(one.rows.spans for one in staged),
                files=[one.loaded() for one in found],
                quarantine_relation=OUT,
                defects=[note for one in staged for note in one.notes],
                progress=progress,
                started=started,
            )
        )


def _prepare(
    writer: Writer, files: GpuFiles, given: Mapping[str, str], assign: Mapping[str, str], number_of_source: int
) -> _Staged:
    where = ", ".join(one.path.name for one in files.files[:3])
    columns = source_columns(writer, files.relation, given)
    names = [one for one in columns if one != FILE_COLUMN]
    mapping = map_gpu_columns(names, given, assign, where)
    factors, notes = _factors(writer, files, mapping, columns)
    if mapping.left_out:
        notes.append(_left_out(mapping.left_out, files.rows))
    relation = _with_end(files, mapping, columns)
    rows = sample_rows(relation, mapping, columns, factors)
    if rows.spans:
        # Taking spans apart costs more than keeping their samples, which are read several times.
        table = f"gpu_spans_{number_of_source}"
        writer.execute(f"CREATE OR REPLACE TABLE {table} AS {rows.select}")
        rows = replace(rows, select=f"SELECT * FROM {table}")
    return _Staged(replace(files, relation=relation), rows, tuple(notes))


def _factors(
    writer: Writer, files: GpuFiles, mapping: GpuMapping, columns: Mapping[str, SourceColumn]
) -> tuple[dict[str, float], list[Defect]]:
    """What each FIELD is multiplied by, and how shares of no declared unit were read."""
    units = load_gpu_fields().units
    factors: dict[str, float] = {}
    notes = []
    for name, (column, target) in mapping.fields.items():
        unit = declared_unit(column, target)
        if unit is not None:
            factors[name] = units[target.kind][unit]
        elif target.kind == "share":
            highest = _highest(writer, files, columns[column], column)
            is_percent = highest is not None and highest > HIGHEST_FRACTION
            factors[name] = units["share"]["percent" if is_percent else "fraction"]
            notes.append(_how_read(column, name, is_percent, highest, files.rows))
    return factors, notes


def _highest(writer: Writer, files: GpuFiles, source: SourceColumn, column: str) -> float | None:
    """The largest value of a column: from Parquet's footers where they have it, else by reading it."""
    if files.parquet and source.kind in ("float", "integer", "decimal"):
        facts = writer.footers([one.path for one in files.files]).get(column)
        if facts is not None and facts.largest is not None:
            return float(facts.largest)
    found = writer.execute(f"SELECT max({number(source)}) FROM ({files.relation}) s")[0][0]
    return None if found is None else float(found)


def _how_read(column: str, name: str, is_percent: bool, highest: float | None, rows: int) -> Defect:
    unit = "percent" if is_percent else "fraction"
    other = "fraction" if is_percent else "percent"
    detail = f"read as a {unit}, as its highest value is {highest}; --map {column}={name}_{other} says otherwise"
    return Defect(column=column, rows=rows, defect="note", detail=detail)


def _left_out(columns: Sequence[str], rows: int) -> Defect:
    names = ", ".join(columns)
    return Defect(
        column=columns[0],
        rows=rows,
        defect="note",
        detail=f"neither FIELDs nor dimensions, left out: {names}; keep one with --map COLUMN=x_NAME",
    )


def _with_end(files: GpuFiles, mapping: GpuMapping, columns: Mapping[str, SourceColumn]) -> str:
    """The relation with `span_last`, the moment at which the file ends, for spans that go on at its end."""
    zero = mapping.constants.get("time_zero")
    if zero is None or not mapping.has("end_time"):
        return files.relation
    if "time" not in mapping.fields or "end_time" not in mapping.fields:
        raise BadInput("--set time_zero needs columns mapped to time and end_time")
    ends = (number(columns[mapping.fields[name][0]]) for name in ("time", "end_time"))
    last = f"SELECT max(GREATEST({', '.join(ends)})) FROM ({files.relation}) s"
    since = f"TIMESTAMP '{zero}' + to_microseconds(CAST(({last}) * 1000000 AS BIGINT))"
    return f"SELECT *, {since} AS {identifier('span_last')} FROM ({files.relation})"


def _quarantine(writer: Writer, staged: Sequence[_Staged]) -> None:
    """A view over what can't be kept; it is read only when rows are missing."""
    broken = f"SELECT file, reason, NULL AS money, line AS row FROM {BROKEN}"
    faults = (f"SELECT file, reason, NULL AS money, row FROM ({one.rows.faults})" for one in staged)
    writer.execute(f"CREATE OR REPLACE VIEW {OUT} AS {' UNION ALL '.join((broken, *faults))}")
