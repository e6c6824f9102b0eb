"""Which runaways were told already: kept in the home's state, so that each is told once, however often files change."""

import sqlite3
from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol, TypeVar

from agent.state.database import opened

QUIET = timedelta(hours=24)
"""What runs again within so long of its last hour is the same incident."""
_SCHEMA = "CREATE TABLE IF NOT EXISTS alert (key TEXT PRIMARY KEY, since TEXT NOT NULL, until TEXT NOT NULL)"


class Run(Protocol):
    """What runs, and its first and last hour."""

    @property
    def key(self) -> str: ...
    @property
    def since(self) -> datetime: ...
    @property
    def until(self) -> datetime: ...


R = TypeVar("R", bound=Run)


class Alerts:
    """Opened for each use; of two processes at once, one gets to tell a run."""

    def __init__(self, state: Path) -> None:
        self.path = state / "alerts.sqlite"

    def new(self, runs: Sequence[R]) -> list[R]:
        """Those that were not told before, which from now on they are. Raises StoreFault when it can't be kept."""
        fresh = []
        with self._opened() as connection, connection:
            connection.execute("BEGIN IMMEDIATE")
            for run in runs:
                known = connection.execute("SELECT until FROM alert WHERE key = ?", (run.key,)).fetchone()
                if known is None or run.since > datetime.fromisoformat(known[0]) + QUIET:
                    fresh.append(run)
                row = (run.key, run.since.isoformat(), run.until.isoformat())
                connection.execute("INSERT OR REPLACE INTO alert (key, since, until) VALUES (?, ?, ?)", row)
        return fresh

    def _opened(self) -> AbstractContextManager[sqlite3.Connection]:
        return opened(self.path, _SCHEMA, "alerts")
