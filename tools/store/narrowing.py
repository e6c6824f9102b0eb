"""Narrowing: a generation as if only the rows of one scope had ever been loaded.

Segments never change, so each is narrowed once and kept; a new generation only narrows what it added. Everything that
is told of a segment (days, columns, totals, coverage, vocabulary) is worked out again from the rows that are left, by
the code that a load uses, so that no figure, name or hint can stem from a row outside.
"""

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

from pydantic import ValidationError

from tools.domain.errors import StoreFault
from tools.domain.load import Reason
from tools.domain.scope import Scope
from tools.store.durable import sync_file, sync_folder, sync_tree, write_durably
from tools.store.engine import connect_writer, file_list, identifier, text
from tools.store.facts import finish_segment
from tools.store.faults import engine_faults
from tools.store.gpu import finish_gpu_segment
from tools.store.gpu_files import write_samples
from tools.store.layout import Layout
from tools.store.manifest import GpuSegment, Load, Manifest, RecordSet, Segment, read_manifest, write_manifest
from tools.store.permission import permitted_quarantine, permitted_records, permitted_rows
from tools.store.records import describe_set, write_set
from tools.store.relations import charge_files
from tools.store.segments import PARQUET, Slice
from tools.store.vocabulary import merge_vocabulary

if TYPE_CHECKING:
    import duckdb

PATIENCE_SECONDS = 600.0
FACTS = "segment.json"
NOTHING = b"null"
"""What stands for the facts of a segment that has no row inside the scope."""


def narrow(layout: Layout, manifest: Manifest, scope: Scope) -> tuple[Layout, Manifest]:
    """Where the generation's rows inside `scope` lie, and their manifest; made now if nobody has asked for it before.

    Raises:
        StoreFault: the folder can't be written, or another process has been at it for too long.
    """
    from filelock import FileLock, Timeout

    own = layout.scoped(scope.digest)
    if not (manifest.segments or manifest.records or manifest.gpu or manifest.loads):
        return own, manifest
    if known := _known(own, manifest):
        return own, known
    own.create()
    try:
        with FileLock(own.lock, timeout=PATIENCE_SECONDS), engine_faults():
            return own, _known(own, manifest) or _Narrowing(layout, own, scope).run(manifest)
    except Timeout:
        raise StoreFault(f"another process has held {own.lock} for too long; wait for it, or end it") from None


def drop_narrowed(layout: Layout, kept: Sequence[Manifest]) -> None:
    """Remove narrowed generations whose own is no longer kept. Only for the holder of the store's lock."""
    generations = {manifest.generation for manifest in kept}
    segments = {segment.id for manifest in kept for segment in manifest.segments}
    loads = {load.id for manifest in kept for load in manifest.loads}
    records = {one.id for manifest in kept for one in manifest.records}
    gpu = {one.id for manifest in kept for one in manifest.gpu}
    for own in [Layout(path) for path in layout.scopes.iterdir()] if layout.scopes.is_dir() else []:
        for number in set(own.known_generations()) - generations:
            own.manifest(number).unlink(missing_ok=True)
            own.vocabulary(number).unlink(missing_ok=True)
        if not own.known_generations():
            shutil.rmtree(own.root, ignore_errors=True)
            continue
        _drop_folders(own.segments, segments)
        _drop_folders(own.gpu, gpu)
        _drop_files(own.quarantine, loads)
        _drop_files(own.records, records)


def _drop_folders(folder: Path, named: set[str]) -> None:
    for path in folder.iterdir() if folder.is_dir() else ():
        if path.name not in named:
            shutil.rmtree(path, ignore_errors=True)


def _drop_files(folder: Path, named: set[str]) -> None:
    for path in folder.iterdir() if folder.is_dir() else ():
        if path.stem not in named:
            path.unlink(missing_ok=True)


def _known(own: Layout, manifest: Manifest) -> Manifest | None:
    """The narrowed generation when it is there and was made from this very manifest."""
    if not own.manifest(manifest.generation).exists():
        return None
    found = read_manifest(own, manifest.generation)
    return found if found.created == manifest.created else None


class _Narrowing:
    def __init__(self, layout: Layout, own: Layout, scope: Scope) -> None:
        self._layout, self._own, self._scope = layout, own, scope
        shutil.rmtree(own.staging, ignore_errors=True)
        self._staging = own.staging / uuid4().hex
        self._staging.mkdir(parents=True)

    def run(self, manifest: Manifest) -> Manifest:
        connection = connect_writer(self._staging)
        try:
            segments = [one for whole in manifest.segments if (one := self._segment(connection, whole))]
            gpu = [inside for whole in manifest.gpu if (inside := self._gpu(connection, whole))]
            records = [own for whole in manifest.records if (own := self._records(connection, whole))]
            loads = [load for whole in manifest.loads if whole.quarantined and (load := self._load(connection, whole))]
            words = self._own.vocabulary(manifest.generation)
            merge_vocabulary(connection, [self._own.segments / one.id for one in segments], words)
        finally:
            connection.close()
            shutil.rmtree(self._staging, ignore_errors=True)
        sync_file(words)
        narrowed = manifest.model_copy(
            update={
                "segments": tuple(segments),
                "records": tuple(records),
                "gpu": tuple(gpu),
                "loads": tuple(loads),
            }
        )
        write_manifest(self._own, narrowed)
        return narrowed

    def _segment(self, connection: "duckdb.DuckDBPyConnection", whole: Segment) -> Segment | None:
        known = self._own.segments / whole.id / FACTS
        if not known.exists():
            self._write(connection, whole)
        content = known.read_bytes()
        try:
            return None if content == NOTHING else Segment.model_validate_json(content)
        except ValidationError:
            raise StoreFault(f"{known} is damaged; remove {self._own.root} and ask again") from None

    def _write(self, connection: "duckdb.DuckDBPyConnection", whole: Segment) -> None:
        """The segment's rows inside the scope and their facts, in one rename; NOTHING when there are none."""
        folder = self._staging / whole.id
        folder.mkdir()
        file = folder / "charges.parquet"
        source = f"read_parquet({file_list(charge_files(self._layout, whole))}, hive_partitioning = false)"
        items = ", ".join(identifier(name) for name in whole.columns)
        condition = permitted_rows(self._scope, whole.columns)
        connection.execute(f"COPY (SELECT {items} FROM {source} WHERE {condition}) TO {text(str(file))} ({PARQUET})")
        rows = _count(connection, f"read_parquet({file_list([file])})")
        if rows:
            one = Slice(0, whole.source, whole.billing_period, rows)
            segment, _ = finish_segment(
                connection, one, [file], segment_id=whole.id, dataset=whole.dataset, loads=whole.loads
            )
        else:
            file.unlink()
        write_durably(folder / FACTS, segment.model_dump_json().encode() if rows else NOTHING)
        sync_tree(folder)
        folder.rename(self._own.segments / whole.id)
        sync_folder(self._own.segments)

    def _gpu(self, connection: "duckdb.DuckDBPyConnection", whole: GpuSegment) -> GpuSegment | None:
        known = self._own.gpu / whole.id / FACTS
        if not known.exists():
            self._write_gpu(connection, whole)
        content = known.read_bytes()
        try:
            return None if content == NOTHING else GpuSegment.model_validate_json(content)
        except ValidationError:
            raise StoreFault(f"{known} is damaged; remove {self._own.root} and ask again") from None

    def _write_gpu(self, connection: "duckdb.DuckDBPyConnection", whole: GpuSegment) -> None:
        """The segment's samples inside the scope and their rollup, in one rename; NOTHING when there are none."""
        folder = self._staging / whole.id
        folder.mkdir()
        source = f"read_parquet({file_list([self._layout.gpu / whole.id / 'samples.parquet'])})"
        inside = f"SELECT * FROM {source} WHERE {permitted_rows(self._scope, whole.columns)}"
        samples = write_samples(connection, inside, folder / "samples.parquet")
        if samples is None:
            write_durably(folder / FACTS, NOTHING)
        else:
            one = finish_gpu_segment(connection, whole.id, whole.source, whole.month, samples, whole.loads)
            write_durably(folder / FACTS, one.model_dump_json().encode())
        sync_tree(folder)
        folder.rename(self._own.gpu / whole.id)
        sync_folder(self._own.gpu)

    def _records(self, connection: "duckdb.DuckDBPyConnection", whole: RecordSet) -> RecordSet | None:
        """A source's records that are certain to be inside; None when there are none."""
        target = self._own.record_file(whole.id)
        source = f"read_parquet({file_list([self._layout.record_file(whole.id)])})"
        inside = f"(SELECT * FROM {source} WHERE {permitted_records(self._scope)})"
        write_set(connection, inside, whole.kind, target)
        narrowed = describe_set(connection, whole, target)
        if not narrowed.rows:
            target.unlink()
            return None
        sync_file(target)
        sync_folder(target.parent)
        return narrowed

    def _load(self, connection: "duckdb.DuckDBPyConnection", load: Load) -> Load | None:
        """A load with those of its quarantined rows that are certain to be inside; None when there are none."""
        target = self._own.quarantine / f"{load.id}.parquet"
        source = f"read_parquet({file_list([self._layout.quarantine / target.name])})"
        inside = f"SELECT * FROM {source} WHERE {permitted_quarantine(self._scope)}"
        connection.execute(f"COPY ({inside}) TO {text(str(target))} (FORMAT parquet, COMPRESSION zstd)")
        found = connection.execute(
            f"SELECT reason, count(*), sum(money), left(min(row), 500) FROM read_parquet({file_list([target])}) "
            "GROUP BY 1 ORDER BY 2 DESC, 1"
        ).fetchall()
        if not found:
            target.unlink()
            return None
        sync_file(target)
        reasons = tuple(Reason(reason=why, rows=n, money=money, example=row or "") for why, n, money, row in found)
        rows = sum(one.rows for one in reasons)
        return load.model_copy(
            update={"read": rows, "accepted": 0, "quarantined": rows, "reasons": reasons, "defects": (), "sources": ()}
        )


def _count(connection: "duckdb.DuckDBPyConnection", relation: str) -> int:
    row = connection.execute(f"SELECT count(*) FROM {relation}").fetchone()
    return int(row[0]) if row else 0
