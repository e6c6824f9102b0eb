"""What people said of anomalies: kept in the home's state, each verdict with who gave it and when.

By the standard library's sqlite3, as kept answers are: it is read for every question.
"""

import sqlite3
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal, get_args

from agent.state.database import opened
from tools.domain.errors import BadInput

Verdict = Literal["yes", "no", "planned"]
"""A real anomaly; none; or a change that was meant."""

_SCHEMA = """
CREATE TABLE IF NOT EXISTS feedback (
    number INTEGER PRIMARY KEY, anomaly TEXT NOT NULL, verdict TEXT NOT NULL, given_by TEXT NOT NULL, at TEXT NOT NULL
)
"""


class AnomalyFeedback:
    """Append-only: the newest verdict on an anomaly counts. Opened for each use, several processes at once."""

    def __init__(self, state: Path) -> None:
        self.path = state / "anomalies.sqlite"

    def give(self, anomaly: str, verdict: str, given_by: str) -> None:
        """Keep a verdict. Raises BadInput for an unknown one, StoreFault when it can't be kept."""
        if verdict not in get_args(Verdict):
            raise BadInput(f"feedback {verdict!r} is not known; use one of {', '.join(get_args(Verdict))}")
        row = (anomaly, verdict, given_by, datetime.now(UTC).isoformat(timespec="seconds"))
        with self._opened() as connection, connection:
            connection.execute("INSERT INTO feedback (anomaly, verdict, given_by, at) VALUES (?, ?, ?, ?)", row)

    def verdicts(self) -> dict[str, str]:
        """The newest verdict of each anomaly; empty before the first one. Raises StoreFault."""
        if not self.path.exists():
            return {}
        with self._opened() as connection:
            return dict(connection.execute("SELECT anomaly, verdict FROM feedback ORDER BY number").fetchall())

    def _opened(self) -> AbstractContextManager[sqlite3.Connection]:
        return opened(self.path, _SCHEMA, "feedback on anomalies")
