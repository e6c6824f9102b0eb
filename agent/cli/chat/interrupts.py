"""Ctrl-C while an answer is made."""

import signal
from types import FrameType, TracebackType
from typing import Any, Self


class Interrupts:
    """The first Ctrl-C raises KeyboardInterrupt; later ones are dropped, so that nothing breaks off the clearing up.

    Once the answer is certain none does: what is being kept is kept whole.
    """

    def __init__(self) -> None:
        self._is_open = True
        self._before: Any = None

    def certain(self) -> None:
        """From here on the answer can't be stopped."""
        self._is_open = False

    def __enter__(self) -> Self:
        self._before = signal.signal(signal.SIGINT, self._heard)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        signal.signal(signal.SIGINT, self._before)

    def _heard(self, number: int, frame: FrameType | None) -> None:
        if self._is_open:
            self._is_open = False
            raise KeyboardInterrupt
