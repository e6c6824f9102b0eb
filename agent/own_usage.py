"""Outlay's own usage on its way into the store: journalled with each answer, folded in later, exactly once.

A day's journal is loaded whole, and a load of usage replaces what the store holds of its source for the interval that
it covers: folding a day again changes nothing, and a fold that is killed is made up for by the next one.
"""

import csv
import json
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import time

from agent.state.usage_journal import COLUMNS, UsageJournal
from tools.domain.errors import StoreFault
from tools.domain.model_usage import OWN_SOURCE, ModelUsage
from tools.pricing.book import PriceBook
from tools.store import Store

FOLDED = "folded.json"
DUE_AFTER_SECONDS = 600
"""How long questions let usage wait: a fold takes most of a second."""


class OwnUsage:
    """Records what answers use, and brings it into the store."""

    def __init__(self, state: Path, store: Callable[[], Store], book: Callable[[], PriceBook]) -> None:
        self._journal = UsageJournal(state)
        self._store, self._book = store, book

    def record(self, usage: ModelUsage) -> None:
        """Keep what one answer used; requests that never got through used nothing."""
        if usage.tokens:
            self._journal.append(usage)

    def prepare(self, question: str) -> None:
        """Fold before a question what has waited long enough, or what it may be about.

        Costs a look at a folder when there is nothing to do.
        """
        is_asked_for = OWN_SOURCE in question.lower()
        if self._waiting() and (is_asked_for or time() - self._folded_at() >= DUE_AFTER_SECONDS):
            self.fold()

    def fold(self) -> int:
        """Bring the days that grew into the store; gives their number.

        While another process folds or loads, they wait for the next time.
        """
        from filelock import FileLock, Timeout

        if not self._waiting():
            return 0
        try:
            with FileLock(self._journal.folder / "fold.lock", timeout=0):
                waiting = self._waiting()
                for day, size in waiting.items():
                    self._load(day)
                    self._mark(day, size)
                return len(waiting)
        except (Timeout, StoreFault):
            return 0

    def _waiting(self) -> dict[str, int]:
        """Days with more in their journal than was folded, and their size now."""
        sizes = self._journal.sizes()
        if not sizes:
            return {}
        folded = self._folded()
        return {day: size for day, size in sizes.items() if folded.get(day) != size}

    def _load(self, day: str) -> None:
        from tools.ingest.usage import load_usage

        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / f"{OWN_SOURCE}-{day}.csv"
            with path.open("w", newline="", encoding="utf-8") as file:
                writer = csv.DictWriter(file, COLUMNS)
                writer.writeheader()
                rows = list(self._journal.records(day))
                writer.writerows(rows)
            if rows:
                load_usage(
                    self._store(),
                    [path],
                    provider=OWN_SOURCE,
                    source=OWN_SOURCE,
                    basis="estimate",
                    book=self._book(),
                )

    def _folded(self) -> dict[str, int]:
        """Bytes folded by day; nothing when the store has gone back to before they were."""
        try:
            kept = json.loads((self._journal.folder / FOLDED).read_text(encoding="utf-8"))
            generation, days = int(kept["generation"]), dict(kept["days"])
        except (OSError, ValueError, KeyError, TypeError):
            return {}
        return days if self._store().snapshot().generation >= generation else {}

    def _folded_at(self) -> float:
        try:
            return (self._journal.folder / FOLDED).stat().st_mtime
        except OSError:
            return 0.0

    def _mark(self, day: str, size: int) -> None:
        days = self._folded() | {day: size}
        path = self._journal.folder / FOLDED
        fresh = path.with_suffix(f".{os.getpid()}")
        marked = {"generation": self._store().snapshot().generation, "days": days}
        fresh.write_text(json.dumps(marked), encoding="utf-8")
        os.replace(fresh, path)
