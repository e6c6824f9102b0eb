"""Closed months, one immutable file each, named by month and digest: `closings/2026-10.3f79c0a1b2d4.json`."""

import hashlib
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from pydantic import ValidationError

from tools.domain.closing import Closing
from tools.domain.errors import StoreFault

FOLDER = "closings"
PATIENCE_SECONDS = 60.0
_NAME = re.compile(r"(\d{4}-\d{2})\.([0-9a-f]{12})\.json")


class ClosingStore:
    """The closed months of a home. A month is closed when its file is there, whole: it is renamed into place."""

    def __init__(self, state: Path) -> None:
        self.folder = state / FOLDER

    def all(self) -> tuple[Closing, ...]:
        """Every closed month, oldest first. Raises StoreFault for a file that is not what it was issued as."""
        if not self.folder.is_dir():
            return ()
        return tuple(self._read(path) for path in sorted(self.folder.iterdir()) if _NAME.fullmatch(path.name))

    def of(self, month: date) -> Closing | None:
        return next((one for one in self.all() if one.month == month), None)

    def file_of(self, month: date) -> Path | None:
        """Where a closed month is kept."""
        found = self.folder.glob(f"{month:%Y-%m}.*.json") if self.folder.is_dir() else ()
        return next((path for path in found if _NAME.fullmatch(path.name)), None)

    def issue(self, closing: Closing) -> Path:
        """Keep a month that is not closed yet, wholly or not at all; for the holder of the lock."""
        content = closing.model_dump_json(by_alias=True).encode()
        path = self.folder / f"{closing.month:%Y-%m}.{_digest(content)}.json"
        aside = path.with_name(f".{path.name}.{os.getpid()}")
        try:
            with aside.open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            aside.chmod(0o444)
            aside.replace(path)
            _sync(self.folder)
        except OSError as fault:
            raise StoreFault(f"{path} can't be written: {fault.strerror}; nothing is closed") from None
        finally:
            aside.unlink(missing_ok=True)
        return path

    @contextmanager
    def lock(self) -> Iterator[None]:
        """One closing at a time. Raises StoreFault when another process is at it for too long."""
        from filelock import FileLock, Timeout

        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with FileLock(self.folder / ".lock", timeout=PATIENCE_SECONDS):
                yield
        except Timeout:
            raise StoreFault(f"another process is closing a month in {self.folder}; wait for it, or end it") from None
        except PermissionError as fault:
            raise StoreFault(f"{self.folder} can't be written: {fault.strerror}") from None

    def _read(self, path: Path) -> Closing:
        try:
            content = path.read_bytes()
            if _digest(content) != path.name.split(".")[1]:
                raise StoreFault(f"{path} was changed after it was issued; put the file back from a backup")
            return Closing.model_validate_json(content)
        except OSError as fault:
            raise StoreFault(f"{path} can't be read: {fault.strerror}") from None
        except ValidationError as fault:
            raise StoreFault(f"{path} is no closing that this version reads: {fault.errors()[0]['msg']}") from None


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:12]


def _sync(folder: Path) -> None:
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
