"""Holds: a name that one process has among all, and lets go of when it dies, however it dies."""

import hashlib
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from threading import Lock
from typing import Protocol

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from tools.domain.errors import StoreFault
from tools.operate.remediation.journal import Busy

FOLDER = "holds"


class Holds(Protocol):
    def held(self, what: str) -> AbstractContextManager[None]:
        """Does not wait. Raises Busy, StoreFault."""
        ...


class FileHolds:
    """By locked files, one a name; the operating system unlocks those of a process that is gone."""

    def __init__(self, state: Path) -> None:
        self._folder = state / FOLDER

    @contextmanager
    def held(self, what: str) -> Iterator[None]:
        """Raises Busy, StoreFault."""
        from filelock import FileLock, Timeout

        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            lock = FileLock(self._folder / f"{_hash(what).hex()}.lock", timeout=0)
            lock.acquire()
        except Timeout:
            raise _busy(what) from None
        except OSError as fault:
            raise StoreFault(f"{what} can't be held in {self._folder}: {fault.strerror}") from None
        try:
            yield
        finally:
            lock.release()


class DatabaseHolds:
    """By PostgreSQL's advisory locks, all on one connection, which the server drops with its process."""

    def __init__(self, engine: Engine) -> None:
        self._engine, self._lock = engine, Lock()
        self._connection: Connection | None = None
        self._held: set[str] = set()

    @contextmanager
    def held(self, what: str) -> Iterator[None]:
        """Raises Busy, StoreFault."""
        with self._lock:
            self._take(what)
        try:
            yield
        finally:
            with self._lock:
                self._let_go(what)

    def _take(self, what: str) -> None:
        # One session may take its own lock twice, so that threads are told apart here.
        if what in self._held:
            raise _busy(what)
        try:
            if self._connection is None:
                self._connection = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
            taken = self._connection.exec_driver_sql("SELECT pg_try_advisory_lock(%s)", (_number(what),)).scalar()
        except SQLAlchemyError as fault:
            raise StoreFault(f"{what} can't be held in the database: {type(fault).__name__}") from None
        if not taken:
            self._close_when_idle()
            raise _busy(what)
        self._held.add(what)

    def _let_go(self, what: str) -> None:
        self._held.discard(what)
        if self._connection is None:
            return
        try:
            self._connection.exec_driver_sql("SELECT pg_advisory_unlock(%s)", (_number(what),))
        except SQLAlchemyError:  # a lost connection has let go of everything
            self._connection.invalidate()
        self._close_when_idle()

    def _close_when_idle(self) -> None:
        if not self._held and self._connection is not None:
            self._connection.close()
            self._connection = None


def _busy(what: str) -> Busy:
    return Busy(f"another process works on {what} right now; try again when it is done")


def _hash(what: str) -> bytes:
    return hashlib.sha256(what.encode(errors="surrogatepass")).digest()


def _number(what: str) -> int:
    return int.from_bytes(_hash(what)[:8], "big", signed=True)
