"""From staged GPU samples to a new generation: write, roll up, replace, join what is small, publish."""

import shutil
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from tools.domain.errors import StoreFault
from tools.domain.load import Defect, LoadedFile, LoadReport, Progress
from tools.domain.period import first_of_next_month
from tools.store.durable import sync_folder, sync_tree
from tools.store.engine import file_list, text
from tools.store.gpu_files import SampleFile, write_hours, write_samples
from tools.store.gpu_relations import samples_relation
from tools.store.layout import Layout
from tools.store.load_report import begin_load, load_report, tell
from tools.store.loads import loads_that_matter, publish_quarantine, write_quarantine
from tools.store.manifest import GpuSegment, Load, Manifest
from tools.store.publishing import publish_beside_charges

if TYPE_CHECKING:
    import duckdb

SMALL_ROWS, MOST_SMALL = 200_000, 16
"""Segments below so many rows are joined once a source has more than so many of them in a month."""
MOST_HOSTS = 256


@dataclass(frozen=True)
class GpuPart:
    """Samples of one source: `select` gives columns of SAMPLE_COLUMNS besides Source, and any `x_`; Time is never NULL.

    What the store holds of the source between its first and its last sample is replaced.
    """

    source: str
    select: str
    times: str | None = None
    """A cheaper SELECT of Time alone that leaves none of theirs out; other times in it do no harm."""


@dataclass(frozen=True)
class GpuPlan:
    """A staged load. `spans`: a record may have become several samples, so that the two are not counted alike."""

    parts: Sequence[GpuPart]
    read: int
    spans: bool = False
    files: Sequence[LoadedFile] = ()
    quarantine_relation: str | None = None
    """Read only when there are records that are no sample."""
    defects: Sequence[Defect] = ()
    progress: Callable[[Progress], None] | None = None
    started: float = field(default_factory=time.monotonic)


def commit_gpu(
    connection: "duckdb.DuckDBPyConnection", layout: Layout, manifest: Manifest, staging: Path, plan: GpuPlan
) -> tuple[LoadReport, Manifest]:
    """Write the load and make it current; gives the report and the new generation.

    Raises:
        StoreFault: rows would get lost.
    """
    return _GpuCommit(connection, layout, manifest, staging, plan).run()


class _GpuCommit:
    def __init__(
        self, connection: "duckdb.DuckDBPyConnection", layout: Layout, manifest: Manifest, staging: Path, plan: GpuPlan
    ) -> None:
        self._connection, self._layout, self._manifest, self._plan = connection, layout, manifest, plan
        self._load, self._folder = begin_load(staging)
        self._new: list[GpuSegment] = []
        self._number = 0

    def run(self) -> tuple[LoadReport, Manifest]:
        plan = self._plan
        for part in plan.parts:
            self._write_part(part)
        written = sum(one.rows for one in self._new)
        is_whole = written == plan.read and not plan.spans
        relation = None if is_whole else plan.quarantine_relation
        quarantined, reasons = write_quarantine(self._connection, self._folder, self._load, relation)
        accepted = plan.read - quarantined
        if accepted != written and not plan.spans:
            raise StoreFault(
                f"{plan.read} samples were read, but {written} accepted and {quarantined} quarantined; "
                "nothing was loaded"
            )
        load = Load(
            id=self._load,
            at=datetime.now(UTC),
            files=tuple(plan.files),
            read=plan.read,
            accepted=accepted,
            quarantined=quarantined,
            sources=tuple(sorted({one.source for one in self._new})),
            reasons=reasons,
            defects=tuple(plan.defects),
        )
        months = tuple(sorted({one.month.isoformat() for one in self._new}))
        kept, replaced = self._kept()
        following = self._next_generation(self._joined([*kept, *self._new]), load)
        self._publish(following, load)
        report = load_report(
            load, periods=months, replaced=replaced, generation=following.generation, started=plan.started
        )
        return report, following

    def _write_part(self, part: GpuPart) -> None:
        select = f'SELECT {text(part.source)} AS "Source", * FROM ({part.select})'
        times = part.times or part.select
        found = self._connection.execute(f'SELECT min("Time"), max("Time") FROM ({times})').fetchall()
        first, last = found[0]
        month = first.date().replace(day=1) if first else None
        while month is not None and month <= last.date():
            after = first_of_next_month(month)
            inside = f"\"Time\" >= TIMESTAMP '{month}' AND \"Time\" < TIMESTAMP '{after}'"
            only = after > last.date() and month <= first.date()
            self._add(part.source, month, select if only else f"{select} WHERE {inside}")
            month = after

    def _add(
        self, source: str, month: date, select: str, loads: tuple[str, ...] = (), into: list[GpuSegment] | None = None
    ) -> None:
        """Write a segment, unless `select` gives no row."""
        name = f"{self._load}-{self._number}"
        self._number += 1
        folder = self._folder / name
        folder.mkdir()
        samples = write_samples(self._connection, select, folder / "samples.parquet")
        if samples is None:
            folder.rmdir()
            return
        tell(self._plan.progress, "summing up", samples.rows, self._plan.read)
        segment = finish_gpu_segment(self._connection, name, source, month, samples, loads or (self._load,))
        (self._new if into is None else into).append(segment)

    def _kept(self) -> tuple[list[GpuSegment], int]:
        """The segments that stay, with what is left of those that the load replaces in part; and the rows replaced."""
        spans: dict[str, tuple[datetime, datetime]] = {}
        for one in self._new:
            first, last = spans.get(one.source, (one.first_time, one.last_time))
            spans[one.source] = min(first, one.first_time), max(last, one.last_time)
        kept: list[GpuSegment] = []
        replaced = 0
        for one in self._manifest.gpu:
            first, last = spans.get(one.source, (datetime.max, datetime.min))
            if one.last_time < first or one.first_time > last:
                kept.append(one)
                continue
            before = sum(each.rows for each in kept)
            if one.first_time < first or one.last_time > last:
                outside = f"\"Time\" < TIMESTAMP '{first}' OR \"Time\" > TIMESTAMP '{last}'"
                rest = f"SELECT * FROM ({self._relation([one])}) WHERE {outside}"
                self._add(one.source, one.month, rest, one.loads, kept)
            replaced += one.rows - (sum(each.rows for each in kept) - before)
        return kept, replaced

    def _joined(self, segments: Sequence[GpuSegment]) -> list[GpuSegment]:
        """The segments, those joined into one that are small and many."""
        small: dict[tuple[str, date], list[GpuSegment]] = defaultdict(list)
        for one in segments:
            if one.rows < SMALL_ROWS:
                small[one.source, one.month].append(one)
        kept = list(segments)
        for (source, month), group in small.items():
            if len(group) <= MOST_SMALL:
                continue
            loads = tuple(sorted({load for one in group for load in one.loads}))
            self._add(source, month, self._relation(group), loads, kept)
            for one in group:
                kept.remove(one)
                shutil.rmtree(self._folder / one.id, ignore_errors=True)
        return kept

    def _relation(self, segments: Sequence[GpuSegment]) -> str:
        """Samples of segments, whether they are published or still in this load's folder."""
        return samples_relation(segments, self._samples_file)

    def _samples_file(self, segment: GpuSegment) -> Path:
        new = self._folder / segment.id / "samples.parquet"
        return new if new.exists() else self._layout.gpu / segment.id / "samples.parquet"

    def _next_generation(self, segments: Sequence[GpuSegment], load: Load) -> Manifest:
        manifest = self._manifest
        alive = {name for one in manifest.segments for name in one.loads}
        alive |= {name for one in segments for name in one.loads} | {one.load for one in manifest.records}
        return manifest.model_copy(
            update={
                "generation": manifest.generation + 1,
                "created": load.at,
                "gpu": tuple(sorted(segments, key=lambda one: (one.source, one.first_time))),
                "loads": (*loads_that_matter(manifest.loads, alive, load), load),
            }
        )

    def _publish(self, manifest: Manifest, load: Load) -> None:
        named = {one.id for one in manifest.gpu}
        for folder in self._folder.iterdir():
            if folder.name in named:
                sync_tree(folder)
                folder.rename(self._layout.gpu / folder.name)
        sync_folder(self._layout.gpu)
        publish_quarantine(self._layout, self._folder, load)
        publish_beside_charges(self._connection, self._layout, manifest)


def finish_gpu_segment(
    connection: "duckdb.DuckDBPyConnection",
    segment_id: str,
    source: str,
    month: date,
    samples: SampleFile,
    loads: tuple[str, ...],
) -> GpuSegment:
    """Add the hourly rollup beside a segment's samples; gives the manifest's entry."""
    hours = samples.path.with_name("hours.parquet")
    columns = write_hours(connection, samples, source, hours)
    relation = f"read_parquet({file_list([hours])})"
    hosts = 'list_sort(list(DISTINCT "Host"))' if "Host" in columns else "['']"
    rows, first, last, named = connection.execute(
        f'SELECT count(*), min("FirstTime"), max("LastTime"), {hosts} FROM {relation}'
    ).fetchall()[0]
    return GpuSegment(
        id=segment_id,
        source=source,
        month=month,
        loads=loads,
        rows=samples.rows,
        hour_rows=rows,
        size_bytes=sum(file.stat().st_size for file in samples.path.parent.iterdir()),
        columns=samples.columns,
        hour_columns=columns,
        first_time=first,
        last_time=last,
        hosts=tuple(named) if len(named) <= MOST_HOSTS else (),
    )
