"""The trail: read from the start, checked against its sealed head, and added to, inside a transaction."""

from collections.abc import Iterator
from dataclasses import dataclass

from pydantic import ValidationError
from sqlalchemy import Connection, select

from agent.state.remediation import tables
from agent.state.remediation.events import TrailEvent, chained, head_text
from agent.state.remediation.history import History
from agent.state.remediation.seal import Seal
from tools.domain.errors import StoreFault


class TrailBroken(StoreFault):
    """The trail is not what Outlay wrote. Nothing is decided or applied on it."""

    def __init__(self, what: str) -> None:
        super().__init__(
            f"the audit trail is broken: {what}; nothing is decided or applied until somebody has looked: "
            "outlay audit verify"
        )
        self.what = what


@dataclass(frozen=True)
class Head:
    """How many events there are, and the last one's hash."""

    sequence: int
    hash: str


def head_of(connection: Connection, seal: Seal) -> Head:
    """Raises TrailBroken when it is gone, or not sealed by this key."""
    row = connection.execute(select(tables.trail_head)).one_or_none()
    if row is None:
        raise TrailBroken("its head is gone")
    if not seal.holds("trail head", head_text(row.sequence, row.hash), row.seal):
        raise TrailBroken("the seal of its head does not hold, so that it was written by another key or by nobody's")
    return Head(row.sequence, row.hash)


def links(connection: Connection, after: int, hash_: str) -> Iterator[tuple[TrailEvent, str]]:
    """Events after a sequence whose hash is `hash_`, each with its own hash. Raises TrailBroken at the first break."""
    sequence = after
    rows = connection.execute(
        select(tables.trail).where(tables.trail.c.sequence > after).order_by(tables.trail.c.sequence)
    )
    for row in rows:
        sequence, hash_ = sequence + 1, chained(hash_, row.event)
        if row.sequence != sequence:
            raise TrailBroken(f"event {sequence} is gone")
        if row.hash != hash_:
            raise TrailBroken(f"event {sequence} is not the one that was written")
        yield _event(row.event, sequence), hash_


def catch_up(connection: Connection, seal: Seal, history: History) -> None:
    """Add to a history what was written since, once all of it has been checked.

    Raises:
        TrailBroken: the trail does not lead from there to its sealed head; the history is as it was.
    """
    head = head_of(connection, seal)
    if head.sequence < history.sequence:
        raise TrailBroken(f"it was set back from event {history.sequence} to {head.sequence}")
    fresh = list(links(connection, history.sequence, history.hash))
    last = Head(fresh[-1][0].sequence, fresh[-1][1]) if fresh else Head(history.sequence, history.hash)
    if last != head:
        raise TrailBroken(f"it ends at event {last.sequence}, and its head was sealed at event {head.sequence}")
    for event, hash_ in fresh:
        history.add(event, hash_)


def append(connection: Connection, seal: Seal, event: TrailEvent, previous: str) -> str:
    """Write one event after the one whose hash is `previous`, and seal the new head; gives its hash."""
    hash_ = chained(previous, event.text)
    connection.execute(tables.trail.insert().values(sequence=event.sequence, event=event.text, hash=hash_))
    sealed = seal.of("trail head", head_text(event.sequence, hash_))
    connection.execute(tables.trail_head.update().values(sequence=event.sequence, hash=hash_, seal=sealed))
    return hash_


def _event(text: str, sequence: int) -> TrailEvent:
    try:
        event = TrailEvent.model_validate_json(text)
    except ValidationError:
        raise TrailBroken(f"event {sequence} can't be read") from None
    if event.sequence != sequence:
        raise TrailBroken(f"event {sequence} says that it is {event.sequence}")
    return event
