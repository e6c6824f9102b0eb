"""What people decided on recommendations: kept in the home's state, each decision with who made it, when and why.

By the standard library's sqlite3, as kept answers are: it is read for every question.
"""

import sqlite3
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import get_args

from agent.state.database import opened
from tools.domain.errors import BadInput
from tools.domain.recommendation import Recommendation, Status

_SCHEMA = """
CREATE TABLE IF NOT EXISTS decisions (
    number INTEGER PRIMARY KEY, recommendation TEXT NOT NULL, status TEXT NOT NULL, reason TEXT NOT NULL,
    description TEXT NOT NULL, saving TEXT NOT NULL, currency TEXT NOT NULL, given_by TEXT NOT NULL, at TEXT NOT NULL
)
"""


@dataclass(frozen=True)
class Decision:
    """What somebody decided, and what the recommendation said then."""

    recommendation: str
    status: Status
    reason: str
    description: str
    saving: Decimal
    """A month's, when it was decided on."""
    currency: str
    given_by: str
    at: str
    """UTC, ISO 8601."""


class RecommendationDecisions:
    """Append-only: the newest decision counts. Opened for each use, several processes at once."""

    def __init__(self, state: Path) -> None:
        self.path = state / "recommendations.sqlite"

    def decide(self, on: Recommendation, status: str, reason: str, given_by: str) -> Decision:
        """Keep a decision.

        Raises:
            BadInput: the status is not one, or something is dismissed without a reason.
            StoreFault: it can't be kept.
        """
        known = next((one for one in get_args(Status) if one == status), None)
        if known is None:
            raise BadInput(f"{status!r} is no decision; use one of {', '.join(get_args(Status))}")
        if status == "dismissed" and not reason.strip():
            raise BadInput("to dismiss a recommendation takes a reason: --reason 'the endpoint has to stay up'")
        at = datetime.now(UTC).isoformat(timespec="seconds")
        made = Decision(on.id, known, reason.strip(), on.description, on.saving, on.currency, given_by, at)
        row = (made.recommendation, status, made.reason, made.description, str(made.saving), made.currency)
        with self._opened() as connection, connection:
            connection.execute(
                "INSERT INTO decisions (recommendation, status, reason, description, saving, currency, given_by, at) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (*row, given_by, at),
            )
        return made

    def newest(self) -> dict[str, Decision]:
        """The newest decision on each recommendation, by its id; empty before the first one. Raises StoreFault."""
        if not self.path.exists():
            return {}
        sql = (
            "SELECT recommendation, status, reason, description, saving, currency, given_by, at "
            "FROM decisions ORDER BY number"
        )
        with self._opened() as connection:
            rows = connection.execute(sql).fetchall()
        return {row[0]: _decision(*row) for row in rows}

    def _opened(self) -> AbstractContextManager[sqlite3.Connection]:
        return opened(self.path, _SCHEMA, "decisions on recommendations")


def _decision(
    key: str, status: Status, reason: str, description: str, saving: str, currency: str, given_by: str, at: str
) -> Decision:
    return Decision(key, status, reason, description, Decimal(saving), currency, given_by, at)
