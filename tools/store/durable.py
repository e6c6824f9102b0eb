"""Files that survive a crash whole or not at all."""

import os
from pathlib import Path
from uuid import uuid4


def write_durably(path: Path, data: bytes) -> None:
    """Replace `path` atomically: after a crash it holds the old bytes or the new ones, never a mixture."""
    aside = path.with_name(f".{path.name}.{uuid4().hex}")
    with aside.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    os.replace(aside, path)
    sync_folder(path.parent)


def sync_tree(folder: Path) -> None:
    """Bring every file below `folder`, and the folders themselves, to the disk."""
    for path in folder.rglob("*"):
        if path.is_dir():
            sync_folder(path)
        else:
            sync_file(path)
    sync_folder(folder)


def sync_file(path: Path) -> None:
    _sync(path, os.O_RDONLY)


def sync_folder(path: Path) -> None:
    """Make renames inside `path` durable; a no-op where folders can't be synced (Windows)."""
    if os.name == "posix":
        _sync(path, os.O_RDONLY | os.O_DIRECTORY)


def _sync(path: Path, flags: int) -> None:
    handle = os.open(path, flags)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
