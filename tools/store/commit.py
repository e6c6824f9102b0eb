"""From a staged load to a new generation: write, count, check, publish. Readers see it once CURRENT is swapped."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from tools.domain.errors import BadInput, StoreFault
from tools.domain.load import LoadReport
from tools.store.durable import sync_file, sync_folder, sync_tree
from tools.store.engine import identifier, text
from tools.store.facts import finish_segment
from tools.store.intervals import Merged, merge_kept_rows
from tools.store.layout import Layout
from tools.store.load_report import begin_load, load_report, tell
from tools.store.loads import loads_that_matter, publish_quarantine, write_quarantine
from tools.store.manifest import Load, Manifest, Segment, make_current, write_manifest
from tools.store.plan import LoadFacts, LoadPlan
from tools.store.segments import ColumnFacts, Slice, find_slices, store_columns, write_charges
from tools.store.vocabulary import merge_vocabulary

if TYPE_CHECKING:
    import duckdb

FINISHERS = 2
MOST_MONEY = 10**14
"""Totals are decimals of 14 whole digits."""


def commit_load(
    connection: "duckdb.DuckDBPyConnection", layout: Layout, manifest: Manifest, staging: Path, plan: LoadPlan
) -> tuple[LoadReport, Manifest]:
    """Write the load and make it current; gives the report and the new generation.

    Raises:
        BadInput: amounts that can't be added up.
        StoreFault: rows would get lost.
    """
    return _Commit(connection, layout, manifest, staging, plan).run()


class _Commit:
    def __init__(
        self, connection: "duckdb.DuckDBPyConnection", layout: Layout, manifest: Manifest, staging: Path, plan: LoadPlan
    ) -> None:
        self.connection, self.layout, self.manifest, self.plan = connection, layout, manifest, plan
        self.load_id, self.folder = begin_load(staging)

    def run(self) -> tuple[LoadReport, Manifest]:
        plan = self.plan
        merged = merge_kept_rows(self.connection, self.layout, self.manifest, plan)
        slices = find_slices(self.connection, merged.relation)
        accepted = sum(one.rows for one in slices) - merged.kept_rows
        self._report("writing", 0)
        quarantined, reasons = write_quarantine(self.connection, self.folder, self.load_id, plan.quarantine_relation)
        if accepted + quarantined != plan.read:
            raise StoreFault(
                f"{plan.read} rows were read, but {accepted} accepted and {quarantined} quarantined; nothing was loaded"
            )
        segments, facts = self._write(merged, slices)
        load = Load(
            id=self.load_id,
            at=datetime.now(UTC),
            files=tuple(plan.files),
            read=plan.read,
            accepted=accepted,
            quarantined=quarantined,
            sources=tuple(sorted({one.source for one in slices})),
            reasons=reasons,
            defects=(*plan.defects, *(plan.check(facts) if plan.check else ())),
        )
        replaced = self._replaced(slices, merged)
        manifest = self._next_generation(segments, replaced, load)
        self._publish(segments, manifest, load)
        self._report("done", plan.read)
        report = load_report(
            load,
            periods=tuple(sorted({one.billing_period.isoformat() for one in slices})),
            replaced=sum(one.rows for one in replaced) - merged.kept_rows,
            generation=manifest.generation,
            started=plan.started,
        )
        return report, manifest

    def _write(self, merged: Merged, slices: Sequence[Slice]) -> tuple[list[Segment], LoadFacts]:
        columns = store_columns(self.connection, merged.relation, self.plan.dataset)
        files = write_charges(self.connection, merged.relation, columns, slices, self.folder)
        segments, nulls, done = [], dict.fromkeys(columns, 0), 0
        with ThreadPoolExecutor(FINISHERS) as pool:
            finished = pool.map(lambda one: self._finish(one, files[one.number], merged), slices)
            for one, (segment, footers) in zip(slices, finished, strict=True):
                segments.append(segment)
                for name in columns:
                    nulls[name] += footers[name].nulls
                done += one.rows
                self._report("summing up", done)
        return segments, LoadFacts(done, nulls, self._values_in(segments))

    def _finish(self, one: Slice, files: Sequence[Path], merged: Merged) -> tuple[Segment, dict[str, ColumnFacts]]:
        """Each on a cursor of its own: finishing is many short queries, which leave cores idle one after another."""
        with self.connection.cursor() as cursor:
            return finish_segment(
                cursor,
                one,
                files,
                segment_id=f"{self.load_id}-{one.number}",
                dataset=self.plan.dataset,
                loads=(self.load_id, *merged.loads.get((one.source, one.billing_period), ())),
            )

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

    def _replaced(self, slices: Sequence[Slice], merged: Merged) -> list[Segment]:
        gone = {(one.source, one.billing_period) for one in slices}
        gone |= {(one.source, one.billing_period) for one in merged.old}
        same_dataset = [one for one in self.manifest.segments if one.dataset == self.plan.dataset]
        return [one for one in same_dataset if (one.source, one.billing_period) in gone]

    def _next_generation(self, segments: Sequence[Segment], replaced: Sequence[Segment], load: Load) -> Manifest:
        gone = {one.id for one in replaced}
        kept = [*(one for one in self.manifest.segments if one.id not in gone), *segments]
        _refuse_overflow(kept)
        alive = {name for one in kept for name in one.loads}
        alive |= {name for one in self.manifest.gpu for name in one.loads}
        alive |= {one.load for one in self.manifest.records}
        return Manifest(
            generation=self.manifest.generation + 1,
            created=load.at,
            segments=tuple(sorted(kept, key=lambda one: (one.source, one.dataset, one.billing_period))),
            records=self.manifest.records,
            gpu=self.manifest.gpu,
            loads=(*loads_that_matter(self.manifest.loads, alive, load), load),
        )

    def _publish(self, segments: Sequence[Segment], manifest: Manifest, load: Load) -> None:
        """Bring everything to the disk, then name it in a manifest, then swap CURRENT: in this order."""
        layout, words = self.layout, self.layout.vocabulary(manifest.generation)
        for number, segment in enumerate(segments):
            sync_tree(self.folder / str(number))
            (self.folder / str(number)).rename(layout.segments / segment.id)
        sync_folder(layout.segments)
        publish_quarantine(layout, self.folder, load)
        merge_vocabulary(self.connection, [layout.segments / one.id for one in manifest.segments], words)
        sync_file(words)
        write_manifest(layout, manifest)
        make_current(layout, manifest.generation)

    def _report(self, stage: str, rows: int) -> None:
        tell(self.plan.progress, stage, rows, self.plan.read)


def _refuse_overflow(segments: Sequence[Segment]) -> None:
    for name in ("BilledCost", "EffectiveCost"):
        amounts = [abs(int(getattr(total, name) or 0)) for segment in segments for total in segment.totals]
        if sum(amounts) >= MOST_MONEY:
            raise BadInput(f"{name} adds up to 10^14 or more with this load, which can't be summed; check the amounts")
