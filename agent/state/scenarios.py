"""Scenarios that somebody saved under a name, for `outlay scenarios`."""

import sqlite3
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pydantic import ValidationError

from agent.state.database import opened
from tools.domain.errors import BadInput, StoreFault
from tools.inform.scenario.request import ScenarioRequest

LONGEST_NAME = 60
_SCHEMA = """
CREATE TABLE IF NOT EXISTS scenarios (
    name TEXT PRIMARY KEY, saved TEXT NOT NULL, question TEXT NOT NULL, content TEXT NOT NULL
)
"""


@dataclass(frozen=True)
class SavedScenario:
    """A scenario with its base period settled, as it was asked for."""

    name: str
    saved: date
    question: str
    scenario: ScenarioRequest


class ScenarioStore:
    """The scenarios of one person, in the folder of their state."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "scenarios.sqlite"

    def save(self, one: SavedScenario) -> None:
        """Keep a scenario; one of that name is replaced. Raises BadInput for a name that can't be used."""
        if not one.name.strip() or len(one.name) > LONGEST_NAME or not one.name.isprintable():
            raise BadInput(f"a scenario's name has 1 to {LONGEST_NAME} printable characters; got {one.name!r}")
        with self._opened() as connection, connection:
            connection.execute(
                "INSERT OR REPLACE INTO scenarios (name, saved, question, content) VALUES (?, ?, ?, ?)",
                (one.name, one.saved.isoformat(), one.question, one.scenario.model_dump_json()),
            )

    def all(self) -> tuple[SavedScenario, ...]:
        """Every scenario, the oldest first."""
        with self._opened() as connection:
            rows = connection.execute(
                "SELECT name, saved, question, content FROM scenarios ORDER BY saved, name"
            ).fetchall()
        return tuple(self._decoded(*row) for row in rows)

    def get(self, name: str) -> SavedScenario:
        """The scenario of that name. Raises BadInput when there is none."""
        known = {one.name: one for one in self.all()}
        if name not in known:
            raise BadInput(f"there is no scenario {name!r}; there are {', '.join(known) or 'none yet'}")
        return known[name]

    def remove(self, name: str) -> None:
        """Raises BadInput when there is none of that name."""
        self.get(name)
        with self._opened() as connection, connection:
            connection.execute("DELETE FROM scenarios WHERE name = ?", (name,))

    def _decoded(self, name: str, saved: str, question: str, content: str) -> SavedScenario:
        try:
            return SavedScenario(
                name, date.fromisoformat(saved), question, ScenarioRequest.model_validate_json(content)
            )
        except ValidationError as fault:
            raise StoreFault(f"the scenario {name!r} in {self.path} can't be read: {fault}") from fault

    def _opened(self) -> AbstractContextManager[sqlite3.Connection]:
        return opened(self.path, _SCHEMA, "scenarios")
