"""load_focus: FOCUS 1.0–1.4 bills into the store."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from tools.domain.errors import BadInput
from tools.domain.load import Defect, LoadedFile, LoadReport, Progress
from tools.domain.query import CostBasis
from tools.ingest.focus_dates import read_day_first
from tools.ingest.focus_defects import conformance, counted_defects, header_defects
from tools.ingest.focus_files import InputFile, find_files
from tools.ingest.focus_parse import parse_columns
from tools.ingest.focus_raw import Raw, stage_files
from tools.ingest.focus_rows import RowsSql, build_rows
from tools.ingest.focus_tags import stage_tag_columns
from tools.store import LoadPlan, Store, Writer


def load_focus(
    store: Store,
    paths: Sequence[Path | str],
    *,
    source: str | None = None,
    basis: CostBasis = "invoice",
    progress: Callable[[Progress], None] | None = None,
) -> LoadReport:
    """Load files, folders or globs as one load; it replaces what the store holds for their sources and billing periods.

    `source` names where the rows come from; by default each row's InvoiceIssuerName and BillingAccountId do, so that
    the same bill under another file name replaces itself.

    Raises:
        BadInput: a file can't be read; then nothing is loaded.
        StoreFault: the store can't be written.
    """
    started = time.monotonic()
    report = progress or _silent
    report(Progress("finding files", 0, None))
    files = find_files(paths)
    with store.writer() as writer, _naming(files):
        raws = stage_files(writer, files, _known_stems(writer), report)
        read = sum(raw.rows + len(raw.broken) for raw in raws)
        if read == 0:
            raise BadInput(f"no rows in {', '.join(str(file.path) for file in files[:5])}; export the bill again")
        rows, date_defects = [], list[Defect]()
        for staged in raws:
            day_first, defects = read_day_first(writer, staged)
            date_defects += defects
            facts = writer.footers([staged.file.path]) if staged.file.format == "parquet" else {}
            raw, parsed = parse_columns(writer, staged, facts, day_first=day_first)
            rows.append(build_rows(raw, parsed, facts, source=source, basis=basis))
        report(Progress("checking", 0, read))
        quarantine = _stage_quarantine(writer, rows)
        _stage_accepted(writer, rows)
        defects = [*header_defects(raws), *date_defects, *counted_defects(writer, rows)]
        return writer.commit(
            LoadPlan(
                relation="accepted",
                dataset="CostAndUsage",
                replace="billing_period",
                read=read,
                files=[_loaded(raw) for raw in raws],
                quarantine_relation=quarantine,
                defects=defects,
                progress=progress,
                check=conformance(frozenset(name for one in rows for name in one.items)),
                started=started,
            )
        )


@contextmanager
def _naming(files: Sequence[InputFile]) -> Iterator[None]:
    """Faults of the data itself say which files they may be in."""
    try:
        yield
    except BadInput as fault:
        if any(str(file.path) in str(fault) for file in files):
            raise
        names = ", ".join(str(file.path) for file in files[:5])
        raise BadInput(f"{names}{' …' if len(files) > 5 else ''}: {fault}") from None


def _silent(_: Progress) -> None:
    return None


def _known_stems(writer: Writer) -> Mapping[str, str]:
    """Content of earlier loads → the name it was loaded under: a renamed copy keeps its source."""
    return {file.content: file.stem for load in writer.manifest.loads for file in load.files if file.stem}


def _loaded(raw: Raw) -> LoadedFile:
    file: InputFile = raw.file
    return LoadedFile(
        name=file.path.name,
        size_bytes=file.size_bytes,
        sha256=file.sha256,
        content=file.content,
        rows=raw.rows + len(raw.broken),
        stem=raw.stem,
    )


def _stage_quarantine(writer: Writer, rows: Sequence[RowsSql]) -> str | None:
    """A table of the rows to keep out; None, and no condition left on the others, when there is none."""
    writer.execute("CREATE TABLE kept_out (file VARCHAR, reason VARCHAR, money DECIMAL(38,24), row VARCHAR)")
    for one in rows:
        for broken in one.raw.broken:
            writer.execute(
                "INSERT INTO kept_out VALUES (?, ?, NULL, ?)", [one.raw.file.path.name, broken.reason, broken.text]
            )
        if select := one.quarantine():
            writer.execute(f"INSERT INTO kept_out {select}")
            if not writer.execute(f"SELECT 1 FROM {one.raw.relation} WHERE ({one.reason}) IS NOT NULL LIMIT 1"):
                one.reason = None
    return "kept_out" if writer.execute("SELECT 1 FROM kept_out LIMIT 1") else None


def _stage_accepted(writer: Writer, rows: Sequence[RowsSql]) -> None:
    tagged = [(one.raw.relation, one.tags) for one in rows if one.tags]
    from_tags = stage_tag_columns(writer, tagged) if tagged else ()
    selects = [one.select(from_tags) for one in rows]
    writer.execute(f"CREATE VIEW accepted AS {' UNION ALL BY NAME '.join(selects)}")
