"""Conversations, kept between processes by LangGraph's SQLite saver; one checkpoint a thread."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from tools.domain.errors import StoreFault

if TYPE_CHECKING:
    from langgraph.checkpoint.sqlite import SqliteSaver

BUSY_SECONDS = 30


@contextmanager
def thread_saver(path: Path) -> "Iterator[SqliteSaver]":
    """A saver on a file, made when it is not there. Raises StoreFault when the file can't be used."""
    from langgraph.checkpoint.sqlite import SqliteSaver

    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(path, timeout=BUSY_SECONDS, check_same_thread=False)
    except (OSError, sqlite3.Error) as fault:
        raise StoreFault(f"conversations can't be kept in {path}: {fault}") from fault
    with closing(connection):
        try:
            saver = SqliteSaver(connection)
            saver.setup()
            yield saver
        except sqlite3.Error as fault:
            raise StoreFault(f"conversations can't be kept in {path}: {fault}") from fault


def prune(saver: "SqliteSaver", thread: str) -> None:
    """Drop all but the newest checkpoint of a thread: nobody goes back in a conversation."""
    newest = "SELECT max(checkpoint_id) FROM checkpoints WHERE thread_id = ?"
    with saver.cursor() as cursor:
        for table in ("checkpoints", "writes"):
            cursor.execute(f"DELETE FROM {table} WHERE thread_id = ? AND checkpoint_id < ({newest})", (thread, thread))
