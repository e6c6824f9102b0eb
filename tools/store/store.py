"""Store: the door to the cost facts of one home."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from tools.domain.errors import StoreFault
from tools.domain.scope import Scope
from tools.store.basis import BasisPolicy
from tools.store.engine import connect_writer
from tools.store.layout import Layout
from tools.store.leftovers import clear_leftovers
from tools.store.manifest import read_manifest
from tools.store.narrowing import narrow
from tools.store.retention import Collected, Retention, collect
from tools.store.snapshot import Snapshot
from tools.store.summary import QuarantinedRow, StoreSummary, quarantined_rows, summarise
from tools.store.writer import Writer

LOCK_PATIENCE_SECONDS = 1800.0


class Store:
    """The cost facts in a folder. Any number of readers, in any number of processes, beside one writer.

    Opening it touches nothing; the folder is made by the first load. `scope` is what its readers may see; a writer
    is not bound by it.
    """

    def __init__(
        self,
        path: Path,
        *,
        basis: BasisPolicy = BasisPolicy(),  # noqa: B008 - frozen
        retention: Retention = Retention(),  # noqa: B008 - frozen
        lock_patience_seconds: float = LOCK_PATIENCE_SECONDS,
        scope: Scope = Scope(),  # noqa: B008 - frozen
    ) -> None:
        self._layout = Layout(path)
        self._basis, self._retention, self._patience = basis, retention, lock_patience_seconds
        self._scope = scope
        self._current: Snapshot | None = None
        self._mutex = threading.Lock()

    @property
    def path(self) -> Path:
        return self._layout.root

    def snapshot(self, generation: int | None = None) -> Snapshot:
        """Pin the current generation (cheap while it is current), or an earlier one that evidence names.

        Raises:
            StoreFault: the generation is gone, or the store is damaged or newer than this program.
        """
        if generation is not None:
            return self._pinned(generation)
        with self._mutex:
            current = self._layout.current_generation()
            if self._current is None or self._current.generation != current:
                self._current = self._pinned(current)
            return self._current

    def _pinned(self, generation: int) -> Snapshot:
        manifest = read_manifest(self._layout, generation)
        if self._scope.is_whole:
            return Snapshot(self._layout, manifest, self._basis)
        return Snapshot(*narrow(self._layout, manifest, self._scope), self._basis, self._scope)

    def summary(self) -> StoreSummary:
        """What is in the store, for `outlay data`."""
        return summarise(self.snapshot())

    def quarantined_rows(self, limit: int = 1000) -> tuple[QuarantinedRow, ...]:
        """Rows that loads kept out, those that hold the most money first."""
        return quarantined_rows(self.snapshot(), limit)

    @contextmanager
    def writer(self) -> Iterator[Writer]:
        """Hold the store's lock and a staging connection; clears what killed writers left behind.

        Raises:
            StoreFault: another load held the lock for too long, or the folder can't be written.
        """
        with self._locked():
            manifest = read_manifest(self._layout, self._layout.current_generation())
            clear_leftovers(self._layout)
            staging = self._layout.staging / uuid4().hex
            staging.mkdir()
            connection = connect_writer(staging)
            try:
                yield Writer(self._layout, manifest, staging, connection)
            finally:
                connection.close()
                clear_leftovers(self._layout)
            collect(self._layout, self._retention, datetime.now(UTC))

    def gc(self, now: datetime | None = None) -> Collected:
        """Remove generations past their retention, and files that none of the kept ones names."""
        with self._locked():
            return collect(self._layout, self._retention, now or datetime.now(UTC))

    @contextmanager
    def _locked(self) -> Iterator[None]:
        from filelock import FileLock, Timeout

        self._layout.create()
        try:
            with FileLock(self._layout.lock, timeout=self._patience):
                yield
        except Timeout:
            raise StoreFault(
                f"another load has held {self._layout.lock} for {self._patience:.0f} s; "
                "wait for it, or end that process"
            ) from None
        except PermissionError as fault:
            raise StoreFault(f"the store {self.path} can't be written: {fault.strerror}") from None
