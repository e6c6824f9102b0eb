"""`outlay ingest … --watch`: load files again whenever they have changed and have come to rest."""

import glob
import os
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

Look = tuple[tuple[str, int, int], ...]
"""Every file with its size in bytes and the nanosecond it was last written."""


def look_at(paths: Sequence[str]) -> Look:
    """The files behind paths, folders and globs as they are now; those that are gone are left out."""
    return tuple(sorted(seen for path in paths for file in _files(path) if (seen := _seen(file)) is not None))


def changes(paths: Sequence[str], *, every: float, sleep: Callable[[float], None] = time.sleep) -> Iterator[Look]:
    """What is there, each time that it differs from the last time and stayed the same for one interval.

    A file that is still being written is left alone until it rests. Endless; `every` is in seconds.
    """
    given: Look | None = None
    before = look_at(paths)
    while True:
        sleep(every)
        now = look_at(paths)
        if now and now == before and now != given:
            given = now
            yield now
        before = now


def _files(path: str) -> Iterator[Path]:
    given = Path(path).expanduser()
    matches = [given] if given.exists() else [Path(match) for match in glob.glob(str(given), recursive=True)]
    for one in matches:
        if one.is_dir():
            yield from (
                Path(parent) / name for parent, _, names in os.walk(one) for name in names if name[0] not in "._"
            )
        else:
            yield one


def _seen(file: Path) -> tuple[str, int, int] | None:
    try:
        status = file.stat()
    except OSError:
        return None
    return str(file), status.st_size, status.st_mtime_ns
