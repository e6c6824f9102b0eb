"""Answers kept for `outlay verify`, with the prompts that they were written by.

By the standard library's sqlite3: importing SQLAlchemy takes 0.3 s, a quarter of what a cold question may take.
"""

import sqlite3
from collections.abc import Mapping
from contextlib import AbstractContextManager
from pathlib import Path

from agent.answer.codec import decode, encode
from agent.state.database import opened
from tools.domain.answer import Answer
from tools.domain.errors import BadInput, StoreFault
from tools.domain.scope import Scope

_SCHEMA = """
CREATE TABLE IF NOT EXISTS answers (
    number INTEGER PRIMARY KEY, id TEXT UNIQUE NOT NULL, thread TEXT, content TEXT NOT NULL, prompts TEXT NOT NULL
)
"""


class AnswerStore:
    """The answers given to one person, in the folder of their state. Opened for each use, several processes at once."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "answers.sqlite"

    def save(self, answer: Answer, prompts: Mapping[str, str] | None = None) -> None:
        """Keep an answer; `prompts` are digests by name. Raises StoreFault when the file can't be written."""
        digests = "\n".join(f"{name} {digest}" for name, digest in (prompts or {}).items())
        with self._opened() as connection, connection:
            connection.execute(
                "INSERT OR REPLACE INTO answers (id, thread, content, prompts) VALUES (?, ?, ?, ?)",
                (answer.id, answer.thread, encode(answer), digests),
            )

    def get(self, answer_id: str, scope: Scope = Scope()) -> Answer:  # noqa: B008 - frozen
        """A kept answer that tells nothing outside `scope`: one made in a wider scope is not there.

        Raises:
            BadInput: there is none.
            StoreFault: it can't be read.
        """
        with self._opened() as connection:
            row = connection.execute("SELECT content FROM answers WHERE id = ?", (answer_id,)).fetchone()
        answer = self._decoded(answer_id, row[0]) if row else None
        if answer is None or not scope.covers(answer.scope):
            raise BadInput(
                f"there is no answer {answer_id!r}; the newest are {', '.join(self._shown(scope)) or 'none'}"
            )
        return answer

    def _shown(self, scope: Scope, count: int = 3) -> tuple[str, ...]:
        """Ids of the newest answers that `get` would give."""
        with self._opened() as connection:
            rows = connection.execute("SELECT id, content FROM answers ORDER BY number DESC LIMIT 50").fetchall()
        return tuple(key for key, content in rows if scope.covers(self._decoded(key, content).scope))[:count]

    def _decoded(self, answer_id: str, content: str) -> Answer:
        try:
            return decode(content)
        except ValueError as fault:
            raise StoreFault(f"the answer {answer_id} in {self.path} can't be read: {fault}") from fault

    def last_of(self, thread: str) -> Answer | None:
        """The newest answer of a conversation; None when it has none. Raises StoreFault."""
        newest = "SELECT id FROM answers WHERE thread = ? ORDER BY number DESC LIMIT 1"
        with self._opened() as connection:
            row = connection.execute(newest, (thread,)).fetchone()
        return self.get(row[0]) if row else None

    def newest(self, count: int = 10) -> tuple[str, ...]:
        """Ids of kept answers, newest first."""
        with self._opened() as connection:
            rows = connection.execute("SELECT id FROM answers ORDER BY number DESC LIMIT ?", (count,)).fetchall()
        return tuple(row[0] for row in rows)

    def _opened(self) -> AbstractContextManager[sqlite3.Connection]:
        return opened(self.path, _SCHEMA, "answers", synced=False)
