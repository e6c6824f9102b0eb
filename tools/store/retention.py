"""Old generations: how long they stay, so that evidence can be read again, and how they go."""

import shutil
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from tools.domain.errors import StoreFault
from tools.store.layout import Layout
from tools.store.manifest import Manifest, read_manifest
from tools.store.narrowing import drop_narrowed


class Retention(BaseModel):
    """A generation stays while it is younger than `days`, or among the last `generations`.

    None goes within `grace_hours` of being superseded: a reader may have it pinned.
    """

    model_config = ConfigDict(frozen=True)

    days: int = 30
    generations: int = 20
    grace_hours: float = 1.0


class Collected(BaseModel):
    """What a collection removed."""

    model_config = ConfigDict(frozen=True)

    generations: int = 0
    segments: int = 0
    gpu: int = 0
    records: int = 0
    quarantines: int = 0


def collect(layout: Layout, retention: Retention, now: datetime) -> Collected:
    """Remove generations that are no longer kept, then the files that no kept one names.

    Only the holder of the lock may call it. A manifest goes before the files it names: after a crash between the
    two, the next collection finds files that none names and removes those.
    """
    current = layout.current_generation()
    manifests = [_try_read(layout, number) for number in layout.known_generations() if number <= current]
    readable = [manifest for manifest in manifests if manifest is not None]
    doomed = _expired(readable, retention, now)
    for manifest in doomed:
        layout.manifest(manifest.generation).unlink(missing_ok=True)
        layout.vocabulary(manifest.generation).unlink(missing_ok=True)
    if len(readable) != len(manifests):
        return Collected(generations=len(doomed))  # a damaged manifest may name any file
    kept = [manifest for manifest in readable if manifest not in doomed]
    drop_narrowed(layout, kept)
    return Collected(
        generations=len(doomed),
        segments=_drop_folders(layout.segments, {one.id for manifest in kept for one in manifest.segments}),
        gpu=_drop_folders(layout.gpu, {one.id for manifest in kept for one in manifest.gpu}),
        records=_drop_files(layout.records, {one.id for manifest in kept for one in manifest.records}),
        quarantines=_drop_files(
            layout.quarantine, {load.id for manifest in kept for load in manifest.loads if load.quarantined}
        ),
    )


def _try_read(layout: Layout, generation: int) -> Manifest | None:
    try:
        return read_manifest(layout, generation)
    except StoreFault:
        return None


def _expired(manifests: list[Manifest], retention: Retention, now: datetime) -> list[Manifest]:
    recent = {manifest.generation for manifest in manifests[-max(1, retention.generations) :]}
    expired = []
    for manifest, successor in pairwise(manifests):
        superseded = successor.created or datetime.min.replace(tzinfo=UTC)
        old = superseded < now - timedelta(days=retention.days)
        unpinned = superseded < now - timedelta(hours=retention.grace_hours)
        if old and unpinned and manifest.generation not in recent:
            expired.append(manifest)
    return expired


def _drop_folders(folder: Path, named: set[str]) -> int:
    doomed = [path for path in folder.iterdir() if path.name not in named]
    for path in doomed:
        shutil.rmtree(path, ignore_errors=True)
    return len(doomed)


def _drop_files(folder: Path, named: set[str]) -> int:
    doomed = [path for path in folder.iterdir() if path.stem not in named]
    for path in doomed:
        path.unlink(missing_ok=True)
    return len(doomed)
