"""Records beside the charges: one immutable file per source and kind, named by the manifest like a segment."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from tools.domain.errors import StoreFault
from tools.domain.load import Defect, LoadedFile, LoadReport, Progress
from tools.domain.records import RECORD_COLUMNS, RECORD_DAY, RecordKind
from tools.store.durable import sync_file, sync_folder
from tools.store.engine import file_list, identifier, text
from tools.store.layout import Layout
from tools.store.load_report import begin_load, load_report
from tools.store.loads import loads_that_matter, publish_quarantine, write_quarantine
from tools.store.manifest import Load, Manifest, RecordSet
from tools.store.publishing import publish_beside_charges

if TYPE_CHECKING:
    import duckdb

PARQUET_RECORDS = "FORMAT parquet, COMPRESSION zstd"


@dataclass(frozen=True)
class RecordPlan:
    """Staged records: `relation` has the columns of RECORD_COLUMNS[kind], in its types; Source is never NULL.

    Each source in it replaces what the store holds of that source and kind.
    """

    kind: RecordKind
    relation: str
    read: int
    files: Sequence[LoadedFile] = ()
    quarantine_relation: str | None = None
    defects: Sequence[Defect] = ()
    progress: Callable[[Progress], None] | None = None
    started: float = field(default_factory=time.monotonic)


def records_relation(layout: Layout, sets: Sequence[RecordSet], kind: RecordKind) -> str:
    """A SELECT over the records of a kind, with all of its columns."""
    files = [layout.record_file(one.id) for one in sets if one.kind == kind]
    if not files:
        items = ", ".join(
            f"CAST(NULL AS {kind_}) AS {identifier(name)}" for name, kind_ in RECORD_COLUMNS[kind].items()
        )
        return f"SELECT {items} WHERE false"
    columns = ", ".join(identifier(name) for name in RECORD_COLUMNS[kind])
    return f"SELECT {columns} FROM read_parquet({file_list(files)}, hive_partitioning = false)"


def commit_records(
    connection: "duckdb.DuckDBPyConnection", layout: Layout, manifest: Manifest, staging: Path, plan: RecordPlan
) -> tuple[LoadReport, Manifest]:
    """Write the records and make them current; gives the report and the new generation.

    Raises:
        StoreFault: rows would get lost.
    """
    load_id, folder = begin_load(staging)
    sets = _write_sets(connection, folder, load_id, plan)
    accepted = sum(one.rows for one in sets)
    quarantined, reasons = write_quarantine(connection, folder, load_id, plan.quarantine_relation)
    if accepted + quarantined != plan.read:
        raise StoreFault(
            f"{plan.read} rows were read, but {accepted} accepted and {quarantined} quarantined; nothing was loaded"
        )
    load = Load(
        id=load_id,
        at=datetime.now(UTC),
        files=tuple(plan.files),
        read=plan.read,
        accepted=accepted,
        quarantined=quarantined,
        sources=tuple(sorted(one.source for one in sets)),
        reasons=reasons,
        defects=tuple(plan.defects),
    )
    months = _months(connection, plan)
    replaced = [one for one in manifest.records if one.kind == plan.kind and one.source in load.sources]
    following = _next_generation(manifest, sets, replaced, load)
    _publish(connection, layout, folder, sets, following, load)
    return _reported(load, months, replaced, following, plan), following


def write_set(connection: "duckdb.DuckDBPyConnection", relation: str, kind: RecordKind, target: Path) -> None:
    """Write records to a file, ordered by their day and key."""
    columns = ", ".join(f"CAST({identifier(n)} AS {t}) AS {identifier(n)}" for n, t in RECORD_COLUMNS[kind].items())
    order = ", ".join(f"CAST({identifier(name)} AS VARCHAR)" for name in (RECORD_DAY[kind], *RECORD_COLUMNS[kind]))
    connection.execute(
        f"COPY (SELECT {columns} FROM {relation} ORDER BY {order}) TO {text(str(target))} ({PARQUET_RECORDS})"
    )


def describe_set(connection: "duckdb.DuckDBPyConnection", one: RecordSet, file: Path) -> RecordSet:
    """The set with its rows and days as its file has them."""
    day = f"CAST({identifier(RECORD_DAY[one.kind])} AS DATE)"
    found = connection.execute(f"SELECT count(*), min({day}), max({day}) FROM read_parquet({file_list([file])})")
    rows, first, last = found.fetchall()[0]
    return one.model_copy(update={"rows": rows, "first_day": first, "last_day": last})


def _write_sets(
    connection: "duckdb.DuckDBPyConnection", folder: Path, load_id: str, plan: RecordPlan
) -> list[RecordSet]:
    sets = []
    names = connection.execute(f'SELECT DISTINCT "Source" FROM {plan.relation} ORDER BY 1').fetchall()
    for number, (source,) in enumerate(names):
        one = RecordSet(id=f"{load_id}-{number}", kind=plan.kind, source=source, load=load_id, rows=0)
        file = folder / f"{one.id}.parquet"
        own = f'(SELECT * FROM {plan.relation} WHERE "Source" = {text(source)})'
        write_set(connection, own, plan.kind, file)
        sets.append(describe_set(connection, one, file))
    return sets


def _next_generation(
    manifest: Manifest, sets: Sequence[RecordSet], replaced: Sequence[RecordSet], load: Load
) -> Manifest:
    kept = [*(one for one in manifest.records if one not in replaced), *sets]
    alive = {name for one in manifest.segments for name in one.loads}
    alive |= {name for one in manifest.gpu for name in one.loads} | {one.load for one in kept}
    return Manifest(
        generation=manifest.generation + 1,
        created=load.at,
        segments=manifest.segments,
        records=tuple(sorted(kept, key=lambda one: (one.kind, one.source))),
        gpu=manifest.gpu,
        loads=(*loads_that_matter(manifest.loads, alive, load), load),
    )


def _publish(
    connection: "duckdb.DuckDBPyConnection",
    layout: Layout,
    folder: Path,
    sets: Sequence[RecordSet],
    manifest: Manifest,
    load: Load,
) -> None:
    """As for charges: everything is on the disk before a manifest names it, and named before CURRENT is swapped."""
    for one in sets:
        file = folder / f"{one.id}.parquet"
        sync_file(file)
        file.rename(layout.record_file(one.id))
    sync_folder(layout.records)
    publish_quarantine(layout, folder, load)
    publish_beside_charges(connection, layout, manifest)


def _months(connection: "duckdb.DuckDBPyConnection", plan: RecordPlan) -> tuple[str, ...]:
    month = f"CAST(date_trunc('month', {identifier(RECORD_DAY[plan.kind])}) AS DATE)"
    rows = connection.execute(f"SELECT DISTINCT {month} FROM {plan.relation} ORDER BY 1").fetchall()
    return tuple(day.isoformat() for (day,) in rows if day)


def _reported(
    load: Load, months: tuple[str, ...], replaced: Sequence[RecordSet], manifest: Manifest, plan: RecordPlan
) -> LoadReport:
    return load_report(
        load,
        periods=months,
        replaced=sum(one.rows for one in replaced),
        generation=manifest.generation,
        started=plan.started,
    )
