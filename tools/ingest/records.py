"""`outlay ingest events|budgets|metrics|runs|quality|owners`: small tables beside the charges."""

import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from tools.domain.errors import BadInput
from tools.domain.load import Defect, LoadedFile, LoadReport, Progress
from tools.domain.records import RECORD_COLUMNS, RecordKind
from tools.ingest.mlflow import find_stores, stage_runs
from tools.ingest.record_fields import RecordMapping, map_record_columns
from tools.ingest.record_rows import judged, row_select
from tools.ingest.usage_files import FILE_COLUMN, find_usage_files, read_relation
from tools.ingest.usage_source import SourceColumn, source_columns
from tools.store.engine import identifier, text
from tools.store.store import Store
from tools.store.writer import RecordPlan, Writer

ROWS, KEPT, OUT = "record_rows", "records_kept", "records_quarantined"
FOCUS_DATASETS: tuple[RecordKind, ...] = ("invoices", "commitments")
"""Kinds whose columns the FOCUS specification names: those that Outlay has no use for are no news."""
MONEY = {"budgets": '"Amount"', "runs": '"Cost"', "invoices": '"BilledCost"', "commitments": '"Cost"'}


def load_records(
    store: Store,
    kind: RecordKind,
    paths: Sequence[Path | str],
    *,
    columns: Mapping[str, str] | None = None,
    source: str | None = None,
    progress: Callable[[Progress], None] | None = None,
) -> LoadReport:
    """Load files of one kind of records as one load; what the store holds of their sources and kind is replaced.

    `columns` maps a file's column to a FIELD or dimension (--map). Without `source` each file is a source of its own,
    named after the file. A folder of MLflow's file store gives its runs.

    Raises:
        BadInput: a file or mapping that can't be used; nothing is loaded then.
    """
    with store.writer() as writer:
        return stage_and_commit(writer, kind, paths, columns=columns, source=source, progress=progress)


def load_all_records(
    store: Store, files: Mapping[RecordKind, Path], *, progress: Callable[[Progress], None] | None = None
) -> list[LoadReport]:
    """Load a file of each of several kinds, each a load of its own, while the store is held once."""
    with store.writer() as writer:
        return [stage_and_commit(writer, kind, [path], progress=progress) for kind, path in files.items()]


def stage_and_commit(
    writer: Writer,
    kind: RecordKind,
    paths: Sequence[Path | str],
    *,
    columns: Mapping[str, str] | None = None,
    source: str | None = None,
    progress: Callable[[Progress], None] | None = None,
) -> LoadReport:
    """What `load_records` does, by a writer that is open."""
    started = time.monotonic()
    say = progress or (lambda _: None)
    say(Progress("reading", 0, None))
    relation, files, sources = _find(writer, kind, paths)
    mapping, described = _mapped(writer, kind, relation, columns or {}, files)
    currency = only_currency(writer)
    name = text(source) if source else _source_of_file(sources)
    select = row_select(kind, relation, mapping, described, name, currency)
    for view in (OUT, KEPT):
        writer.execute(f"DROP VIEW IF EXISTS {view}")
    writer.execute(f"CREATE OR REPLACE TABLE {ROWS} AS {select}")
    _judge(writer, kind)
    read, kept = (int(writer.execute(f"SELECT count(*) FROM {one}")[0][0]) for one in (ROWS, KEPT))
    plan = RecordPlan(
        kind=kind,
        relation=KEPT,
        read=read,
        files=files,
        quarantine_relation=OUT,
        defects=_notes(kind, mapping, currency, kept),
        progress=progress,
        started=started,
    )
    return writer.commit_records(plan)


def only_currency(writer: Writer) -> str | None:
    """The currency of all charges in the store, None when there are none or several."""
    found = {total.currency for segment in writer.manifest.segments for total in segment.totals}
    return found.pop() if len(found) == 1 else None


def _find(
    writer: Writer, kind: RecordKind, paths: Sequence[Path | str]
) -> tuple[str, list[LoadedFile], dict[str, str]]:
    """The relation over all rows, the files, and the source of each path in `outlay_file`."""
    if kind == "runs" and (stores := find_stores(paths)):
        if len(stores) < len(paths):
            raise BadInput("MLflow's folders and other files can't be one load; load them one after the other")
        staged, files, sources = stage_runs(stores, writer.staging)
        return f"SELECT * FROM read_json({text(str(staged))}, format = 'newline_delimited')", files, sources
    found = find_usage_files(paths)
    return (
        read_relation(writer, found),
        [one.loaded() for one in found],
        {str(one.path): one.path.name.split(".")[0] for one in found},
    )


def _mapped(
    writer: Writer, kind: RecordKind, relation: str, given: Mapping[str, str], files: Sequence[LoadedFile]
) -> tuple[RecordMapping, dict[str, SourceColumn]]:
    where = ", ".join(one.name for one in files[:3])
    columns = source_columns(writer, relation, given)
    names = [one for one in columns if one != FILE_COLUMN]
    if len(names) == 1 and any(separator in names[0] for separator in ",;\t|"):
        raise BadInput(
            f"{where} can't be split into columns ({names[0]}): some line has more or fewer cells than the first, "
            "or a quote that is not closed; export it again"
        )
    return map_record_columns(kind, names, given, where), columns


def _source_of_file(sources: Mapping[str, str]) -> str:
    branches = " ".join(f"WHEN {text(path)} THEN {text(source)}" for path, source in sources.items())
    return f'CASE s."{FILE_COLUMN}" {branches} END'


def _judge(writer: Writer, kind: RecordKind) -> None:
    """Stage what is kept, and what is not with its reason."""
    sources = ", ".join(text(row[0]) for row in writer.execute(f'SELECT DISTINCT "Source" FROM {ROWS}'))
    held = f'SELECT * FROM ({writer.records(kind)}) WHERE "Source" NOT IN ({sources or "NULL"})'
    writer.execute(f"CREATE OR REPLACE TABLE {ROWS}_judged AS {judged(kind, ROWS, held)}")
    columns = ", ".join(identifier(name) for name in RECORD_COLUMNS[kind])
    writer.execute(f"CREATE OR REPLACE VIEW {KEPT} AS SELECT {columns} FROM {ROWS}_judged WHERE fault IS NULL")
    writer.execute(
        f"CREATE OR REPLACE VIEW {OUT} AS SELECT parse_filename(file) AS file, fault AS reason, "
        f"{MONEY.get(kind, 'NULL')} AS money, raw AS row FROM {ROWS}_judged WHERE fault IS NOT NULL"
    )


def _notes(kind: RecordKind, mapping: RecordMapping, currency: str | None, kept: int) -> list[Defect]:
    if kind in FOCUS_DATASETS:
        return []
    notes = [
        Defect(
            column=column,
            rows=kept,
            defect="note",
            detail=f"neither a FIELD nor a dimension, left out; keep it with --map {column}=x_NAME",
        )
        for column in mapping.left_out
    ]
    if kind == "budgets" and "currency" not in mapping.fields and currency:
        detail = f"no column says the currency; {currency} was taken, as all charges are in it"
        notes.append(Defect(column="currency", rows=kept, defect="note", detail=detail))
    return notes
