"""A small SQLite file of the home's state, opened for each use."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from tools.domain.errors import StoreFault

BUSY_SECONDS = 30
"""How long one process waits for another's transaction."""


@contextmanager
def opened(path: Path, schema: str, what: str, *, synced: bool = True) -> Iterator[sqlite3.Connection]:
    """A connection to the file, made with its folder and `schema` when it is not there.

    Not `synced`, what was last written may be lost with the power, though never half of it.

    Raises:
        StoreFault: it can't be read or written; `what` says what is kept in it.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(path, timeout=BUSY_SECONDS)) as connection:
            connection.execute("PRAGMA journal_mode=WAL")
            if not synced:
                connection.execute("PRAGMA synchronous=NORMAL")
            connection.execute(schema)
            yield connection
    except (OSError, sqlite3.Error) as fault:
        raise StoreFault(f"{what} can't be kept in {path}: {fault}") from fault
