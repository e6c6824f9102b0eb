"""Conversations, kept between processes by LangGraph's SQLite saver; one checkpoint a thread."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from agent.state.database import BUSY_SECONDS
from tools.domain.errors import StoreFault

if TYPE_CHECKING:
    from langgraph.checkpoint.base import CheckpointTuple
    from langgraph.checkpoint.sqlite import SqliteSaver


@dataclass(frozen=True)
class ThreadSummary:
    """A conversation as a list shows it: its last question, how many there were, and when it was asked."""

    thread: str
    question: str
    questions: int
    at: datetime


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


@contextmanager
def whole_turn(saver: "SqliteSaver", thread: str) -> Iterator[None]:
    """Keep a turn when it is whole; one that breaks off, by a fault or by Ctrl-C, leaves no trace in its thread."""
    before = _newest(saver, thread)
    try:
        yield
    except BaseException:
        _drop(saver, thread, ">", before)
        raise
    _drop(saver, thread, "<", _newest(saver, thread))  # nobody goes back in a conversation


def recent_threads(path: Path, most: int = 20) -> tuple[ThreadSummary, ...]:
    """The conversations that were carried on last, newest first; () when there is no file yet. Raises StoreFault."""
    if not path.exists():
        return ()
    with thread_saver(path) as saver:
        return tuple(_summary(kept) for kept in saver.list(None, limit=most))


def _summary(kept: "CheckpointTuple") -> ThreadSummary:
    messages = kept.checkpoint["channel_values"].get("messages", ())
    questions = [str(message.content) for message in messages if message.type == "human" and message.name is None]
    return ThreadSummary(
        thread=kept.config["configurable"]["thread_id"],
        question=questions[-1] if questions else "",
        questions=len(questions),
        at=datetime.fromisoformat(kept.checkpoint["ts"]),
    )


def _newest(saver: "SqliteSaver", thread: str) -> str:
    with saver.cursor(transaction=False) as cursor:
        found = cursor.execute("SELECT max(checkpoint_id) FROM checkpoints WHERE thread_id = ?", (thread,)).fetchone()
    return str(found[0] or "")


def _drop(saver: "SqliteSaver", thread: str, comparison: Literal["<", ">"], checkpoint: str) -> None:
    with saver.cursor() as cursor:
        for table in ("checkpoints", "writes"):
            cursor.execute(
                f"DELETE FROM {table} WHERE thread_id = ? AND checkpoint_id {comparison} ?", (thread, checkpoint)
            )
