"""How a load of any kind begins and what it reports: its name and folder, its progress, its report."""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from tools.domain.load import LoadReport, Progress
from tools.store.manifest import Load


def begin_load(staging: Path) -> tuple[str, Path]:
    """A new load's id, which sorts by time, and its empty folder."""
    load_id = f"{datetime.now(UTC):%Y%m%dT%H%M%S}-{uuid4().hex[:8]}"
    folder = staging / load_id
    folder.mkdir()
    return load_id, folder


def tell(progress: Callable[[Progress], None] | None, stage: str, rows: int, total: int) -> None:
    """Where the load stands, for who wants to know."""
    if progress:
        progress(Progress(stage, rows, total))


def load_report(load: Load, *, periods: tuple[str, ...], replaced: int, generation: int, started: float) -> LoadReport:
    """What a published load did; `started` is of the monotonic clock."""
    return LoadReport(
        read=load.read,
        accepted=load.accepted,
        quarantined=load.quarantined,
        replaced=replaced,
        reasons=load.reasons,
        defects=load.defects,
        periods=periods,
        sources=load.sources,
        generation=generation,
        seconds=round(time.monotonic() - started, 3),
    )
