"""Something that takes a while to build, built in the background while a person types."""

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Generic, TypeVar

Built = TypeVar("Built")


class WarmUp(Generic[Built]):
    """Built once, on a thread of its own. What building raised is raised by `get`, and the next `get` tries again."""

    def __init__(self, build: Callable[[], Built]) -> None:
        self._build = build
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="warm-up")
        self._future: Future[Built] | None = None
        self._lock = threading.Lock()

    @property
    def has_begun(self) -> bool:
        return self._future is not None

    def start(self) -> "Future[Built]":
        """Begin, unless it has begun."""
        with self._lock:
            if self._future is None:
                self._future = self._worker.submit(self._build)
            return self._future

    def get(self) -> Built:
        """The built thing, waiting for it; Ctrl-C ends the waiting, not the building."""
        future = self.start()
        try:
            return future.result()
        finally:
            if future.done() and future.exception() is not None:
                self._forget(future)

    def peek(self) -> Built | None:
        """The built thing if it is there already."""
        future = self._future
        return future.result() if future and future.done() and future.exception() is None else None

    def _forget(self, failed: "Future[Built]") -> None:
        with self._lock:
            if self._future is failed:
                self._future = None
