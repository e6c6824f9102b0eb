"""The one writer: stages a load in DuckDB, writes its segments, and swaps the generation last."""

import shutil
import time
from collections.abc import Callable, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal
from uuid import uuid4

from tools.domain.errors import BadInput, StoreFault
from tools.domain.load import Defect, LoadedFile, LoadReport, Progress, Reason
from tools.store.durable import sync_file, sync_folder, sync_tree
from tools.store.engine import identifier, text
from tools.store.facts import finish_segment
from tools.store.layout import Layout
from tools.store.manifest import Dataset, Load, Manifest, Segment, make_current, read_manifest, write_manifest
from tools.store.relations import charges_relation
from tools.store.segments import ColumnFacts, find_slices, read_footers, store_columns, write_charges
from tools.store.vocabulary import merge_vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterator

    import duckdb


MOST_MONEY = 10**14


@dataclass(frozen=True)
class LoadPlan:
    """A staged load.

    `relation` is a table or view with the store's columns (missing ones allowed) and any `x_` column; x_Source,
    x_CostBasis, BillingPeriodStart and ChargePeriodStart are never NULL in it. `quarantine_relation` has `file`,
    `reason`, `money` (readable amount or NULL) and `row` (JSON or the line as it stands).
    """

    relation: str
    dataset: Dataset
    replace: Literal["billing_period", "interval"]
    read: int
    files: Sequence[LoadedFile] = ()
    quarantine_relation: str | None = None
    defects: Sequence[Defect] = ()
    progress: Callable[[Progress], None] | None = None
    check: Callable[["LoadFacts"], Sequence[Defect]] | None = None
    """Asked for further defects once the rows are written and counted."""
    started: float = field(default_factory=time.monotonic)


@dataclass(frozen=True)
class LoadFacts:
    """What was written, for a check of conformance that reads no row twice."""

    rows: int
    nulls: dict[str, int]
    """Column → rows without a value; a column that is missing has none."""
    values: Callable[[str], list[tuple[str | None, int]]]
    """A rollup dimension → its values with their rows."""


@dataclass
class Writer:
    """Holds the store's lock. `connection` is for staging; nothing is visible to readers before `commit`."""

    layout: Layout
    manifest: Manifest
    staging: Path
    connection: "duckdb.DuckDBPyConnection"

    def execute(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Run one statement of staging; gives its rows.

        Raises:
            BadInput: DuckDB can't read the data; the message is its own first line.
        """
        with engine_faults():
            cursor = self.connection.execute(sql, list(parameters))
            return cursor.fetchall() if cursor.description else []

    def execute_as_written(self, sql: str) -> None:
        """Run a statement without DuckDB's optimizer: wide expressions over few rows cost more to plan than to run."""
        self.execute("PRAGMA disable_optimizer")
        try:
            self.execute(sql)
        finally:
            self.execute("PRAGMA enable_optimizer")

    def columns_of(self, relation: str) -> dict[str, str]:
        """A relation's columns and their SQL types."""
        return {row[0]: row[1] for row in self.execute(f"DESCRIBE SELECT * FROM {relation}")}

    def footers(self, files: Sequence[Path]) -> dict[str, ColumnFacts]:
        """What Parquet files say of their columns, without reading a row."""
        with engine_faults():
            return read_footers(self.connection, files)

    def commit(self, plan: LoadPlan) -> LoadReport:
        """Write the load as one generation and make it current.

        Raises:
            BadInput: values that can't be added up or written.
            StoreFault: rows would get lost, or the disk is full.
        """
        with engine_faults():
            return _Commit(self, plan).run()


@contextmanager
def engine_faults() -> "Iterator[None]":
    """Turn DuckDB's faults into ours."""
    import duckdb

    try:
        yield
    except duckdb.OutOfMemoryException as fault:
        raise StoreFault(
            f"the load needs more memory or temporary disk space than there is: {_first_line(fault)}"
        ) from None
    except (duckdb.BinderException, duckdb.CatalogException, duckdb.ParserException):
        raise  # a fault of our SQL, not of the data
    except duckdb.Error as fault:
        raise BadInput(f"the data can't be read: {_first_line(fault)}") from None
    except OSError as fault:
        raise StoreFault(f"the store can't be written: {fault}") from None


class _Commit:
    def __init__(self, writer: Writer, plan: LoadPlan) -> None:
        self.writer, self.plan = writer, plan
        self.connection, self.layout, self.manifest = writer.connection, writer.layout, writer.manifest
        self.load_id = f"{datetime.now(UTC):%Y%m%dT%H%M%S}-{uuid4().hex[:8]}"
        self.folder = writer.staging / self.load_id

    def run(self) -> LoadReport:
        plan = self.plan
        relation, old = self._with_kept_rows()
        slices = find_slices(self.connection, relation)
        new_rows = sum(one.rows for one in slices) - self.kept_rows
        self._report("writing", 0, plan.read)
        quarantined, reasons = self._quarantine()
        if new_rows + quarantined != plan.read:
            raise StoreFault(
                f"{plan.read} rows were read, but {new_rows} accepted and {quarantined} quarantined; nothing was loaded"
            )
        segments, facts = self._write(relation, slices, old)
        gone = {(one.source, one.billing_period) for one in slices} | {(one.source, one.billing_period) for one in old}
        replaced = [
            one
            for one in self.manifest.segments
            if one.dataset == plan.dataset and (one.source, one.billing_period) in gone
        ]
        defects = (*plan.defects, *(plan.check(facts) if plan.check else ()))
        load = Load(
            id=self.load_id,
            at=datetime.now(UTC),
            files=tuple(plan.files),
            read=plan.read,
            accepted=new_rows,
            quarantined=quarantined,
            sources=tuple(sorted({one.source for one in slices})),
            reasons=reasons,
            defects=defects,
        )
        self._publish(segments, replaced, load)
        self._report("done", plan.read, plan.read)
        return LoadReport(
            read=plan.read,
            accepted=new_rows,
            quarantined=quarantined,
            replaced=sum(one.rows for one in replaced) - self.kept_rows,
            reasons=reasons,
            defects=defects,
            periods=tuple(sorted({one.billing_period.isoformat() for one in slices})),
            sources=load.sources,
            generation=self.writer.manifest.generation,
            seconds=round(time.monotonic() - plan.started, 3),
        )

    def _with_kept_rows(self) -> tuple[str, list[Segment]]:
        """The relation to write, and the segments it takes rows over from (replace="interval")."""
        self.kept_rows, self.keeps = 0, dict[tuple[str, date], tuple[str, ...]]()
        if self.plan.replace == "billing_period":
            return self.plan.relation, []
        spans = self.connection.execute(
            'SELECT "x_Source", min("ChargePeriodStart"), '
            'max(GREATEST(COALESCE("ChargePeriodEnd", "ChargePeriodStart"), '
            '"ChargePeriodStart" + INTERVAL 1 MICROSECOND)), '
            f'list(DISTINCT CAST("BillingPeriodStart" AS DATE)) FROM {self.plan.relation} GROUP BY 1'
        ).fetchall()
        old, conditions = [], []
        for source, start, end, periods in spans:
            conditions.append(
                f'("x_Source" = {text(source)} AND "ChargePeriodStart" >= TIMESTAMP \'{start}\' '
                f"AND \"ChargePeriodStart\" < TIMESTAMP '{end}')"
            )
            old += [
                one
                for one in self.manifest.segments
                if one.source == source
                and one.dataset == self.plan.dataset
                and (one.billing_period in periods or (one.first_start < end and one.last_start >= start))
            ]
        if not old:
            return self.plan.relation, []
        kept = f"SELECT * FROM ({charges_relation(self.layout, old)}) WHERE NOT ({' OR '.join(conditions)})"
        present = {name for one in old for name in one.columns} | set(self.writer.columns_of(self.plan.relation))
        names = ", ".join(identifier(name) for name in self.writer.columns_of(f"({kept})") if name in present)
        self.connection.execute(f"CREATE OR REPLACE TEMP VIEW kept_rows AS SELECT {names} FROM ({kept})")
        counts = self.connection.execute(
            'SELECT "x_Source", CAST("BillingPeriodStart" AS DATE), count(*) FROM kept_rows GROUP BY ALL'
        ).fetchall()
        self.kept_rows = sum(count for *_, count in counts)
        for source, period, _ in counts:
            loads = [load for one in old if (one.source, one.billing_period) == (source, period) for load in one.loads]
            self.keeps[source, period] = tuple(dict.fromkeys(loads))
        self.connection.execute(
            f"CREATE OR REPLACE TEMP VIEW merged_rows AS SELECT * FROM {self.plan.relation} "
            "UNION ALL BY NAME FROM kept_rows"
        )
        return "merged_rows", old

    def _quarantine(self) -> tuple[int, tuple[Reason, ...]]:
        if self.plan.quarantine_relation is None:
            return 0, ()
        self.folder.mkdir(parents=True, exist_ok=True)
        target = self.folder / "quarantine.parquet"
        self.connection.execute(
            "COPY (SELECT CAST(file AS VARCHAR) AS file, CAST(reason AS VARCHAR) AS reason, "
            f"CAST(money AS DECIMAL(38,24)) AS money, CAST(row AS VARCHAR) AS row, '{self.load_id}' AS load "
            f"FROM {self.plan.quarantine_relation}) TO {text(str(target))} (FORMAT parquet, COMPRESSION zstd)"
        )
        rows = self.connection.execute(
            f"SELECT reason, count(*), sum(money), left(min(row), 500) FROM read_parquet({text(str(target))}) "
            "GROUP BY 1 ORDER BY 2 DESC, 1"
        ).fetchall()
        reasons = tuple(
            Reason(reason=why, rows=count, money=money, example=row or "") for why, count, money, row in rows
        )
        return sum(one.rows for one in reasons), reasons

    def _write(self, relation: str, slices: Sequence[Any], old: Sequence[Segment]) -> tuple[list[Segment], LoadFacts]:
        columns = store_columns(self.connection, relation, self.plan.dataset)
        files = write_charges(self.connection, relation, columns, slices, self.folder) if slices else {}
        segments, nulls, done = [], dict.fromkeys(columns, 0), 0
        for one in slices:
            loads = tuple(dict.fromkeys((self.load_id, *self.keeps.get((one.source, one.billing_period), ()))))
            segment, footers = finish_segment(
                self.connection,
                one,
                files[one.number],
                segment_id=f"{self.load_id}-{one.number}",
                dataset=self.plan.dataset,
                loads=loads,
            )
            segments.append(segment)
            for name in columns:
                nulls[name] += footers[name].nulls
            done += one.rows
            self._report("summing up", done, self.plan.read)
        return segments, LoadFacts(sum(one.rows for one in slices), nulls, self._values_in(segments))

    def _values_in(self, segments: Sequence[Segment]) -> Callable[[str], list[tuple[str | None, int]]]:
        def values(column: str) -> list[tuple[str | None, int]]:
            counts: dict[str | None, int] = {}
            for number, segment in enumerate(segments):
                if column not in segment.daily_columns:
                    counts[None] = counts.get(None, 0) + segment.rows
                    continue
                path = text(str(self.folder / str(number) / "daily.parquet"))
                sql = f'SELECT {identifier(column)}, CAST(sum("x_Rows") AS BIGINT) FROM read_parquet({path}) GROUP BY 1'
                for value, rows in self.connection.execute(sql).fetchall():
                    counts[value] = counts.get(value, 0) + rows
            return list(counts.items())

        return values

    def _publish(self, segments: Sequence[Segment], replaced: Sequence[Segment], load: Load) -> None:
        """Bring everything to the disk, then name it in a manifest, then swap CURRENT: in this order."""
        layout, generation = self.layout, self.manifest.generation + 1
        for number, segment in enumerate(segments):
            folder = self.folder / str(number)
            sync_tree(folder)
            folder.rename(layout.segments / segment.id)
        sync_folder(layout.segments)
        if load.quarantined:
            sync_file(self.folder / "quarantine.parquet")
            (self.folder / "quarantine.parquet").rename(layout.quarantine / f"{load.id}.parquet")
            sync_folder(layout.quarantine)
        gone = {one.id for one in replaced}
        kept = (*(one for one in self.manifest.segments if one.id not in gone), *segments)
        manifest = Manifest(
            generation=generation,
            created=load.at,
            segments=tuple(sorted(kept, key=lambda one: (one.source, one.dataset, one.billing_period))),
            loads=(*_loads_that_matter(self.manifest.loads, kept, load), load),
        )
        _refuse_overflow(manifest.segments)
        words = [layout.segments / one.id / "vocabulary.parquet" for one in kept]
        merge_vocabulary(self.connection, words, layout.vocabulary(generation))
        sync_file(layout.vocabulary(generation))
        write_manifest(layout, manifest)
        make_current(layout, generation)
        self.writer.manifest = manifest

    def _report(self, stage: str, rows: int, total: int | None) -> None:
        if self.plan.progress:
            self.plan.progress(Progress(stage, rows, total))


def _loads_that_matter(loads: Sequence[Load], segments: Sequence[Segment], new: Load) -> list[Load]:
    """Earlier loads that still have rows in the store, or quarantined rows that nothing has come to replace."""
    alive = {name for segment in segments for name in segment.loads}
    same_files = {file.sha256 for file in new.files}
    same_names = {file.name for file in new.files}
    kept = []
    for load in loads:
        reloaded = {file.sha256 for file in load.files} <= same_files
        never_accepted = load.accepted == 0 and not {file.name for file in load.files} <= same_names
        if not reloaded and (load.id in alive or never_accepted):
            kept.append(load)
    return kept


def _refuse_overflow(segments: Sequence[Segment]) -> None:
    """Totals are decimals of 14 whole digits; what adds up to more can't be asked for."""
    for name in ("BilledCost", "EffectiveCost"):
        amounts = [abs(int(getattr(total, name) or 0)) for segment in segments for total in segment.totals]
        if sum(amounts) >= MOST_MONEY:
            raise BadInput(
                f"with this load {name} adds up to 10^14 or more, which the store can't sum; check the amounts"
            )


def _first_line(fault: Exception) -> str:
    return str(fault).splitlines()[0][:400]


def clear_staging(layout: Layout, manifest: Manifest) -> None:
    """Remove what killed writers left: staging, generations after the current one, and files that none names.

    Only the holder of the lock may call it.
    """
    shutil.rmtree(layout.staging, ignore_errors=True)
    layout.staging.mkdir(parents=True, exist_ok=True)
    for generation in layout.known_generations():
        if generation > manifest.generation:
            layout.manifest(generation).unlink(missing_ok=True)
            layout.vocabulary(generation).unlink(missing_ok=True)


__all__ = ["LoadFacts", "LoadPlan", "Writer", "clear_staging", "engine_faults", "read_manifest"]
