"""A turn: one transaction over the desk, with what the trail says and the time that it counts as."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from pydantic import JsonValue
from sqlalchemy import Connection, Row

from agent.state.remediation.database import Database
from agent.state.remediation.events import Kind, TrailEvent, digest
from agent.state.remediation.history import History
from agent.state.remediation.seal import Seal, Sealed
from agent.state.remediation.trail import Head, append, catch_up
from agent.state.remediation.witness import Witness
from tools.domain.errors import BadRequest, NotPermitted, OutlayError

T = TypeVar("T")
CLOCK_SKEW = timedelta(minutes=5)
"""By how much the clocks of machines that share a desk may differ."""


@dataclass(frozen=True)
class View:
    """What the desk holds at one moment."""

    connection: Connection
    history: History
    seal: Seal

    def wrote(self, kind: Sealed, row: "Row[Any]", known: str | None) -> bool:
        """Whether Outlay wrote a sealed row: its seal holds, and its digest is the one that the trail has."""
        return known is not None and self.seal.holds(kind, row.content, row.seal) and digest(row.content) == known


@dataclass(frozen=True)
class Turn(View):
    """A view that may be written to; what is written stands when the turn ends without an error."""

    now: datetime
    """Never earlier than the last event."""
    told: list[tuple[TrailEvent, str]] = field(default_factory=list)
    """The events of this turn, each with its hash."""

    def tell(self, kind: Kind, subject: str, by: str, facts: Mapping[str, JsonValue]) -> None:
        """Add an event to the trail."""
        previous = self.told[-1][1] if self.told else self.history.hash
        sequence = self.history.sequence + len(self.told) + 1
        told = {name: _writable(value) for name, value in facts.items()}
        event = TrailEvent(sequence=sequence, at=self.now, kind=kind, subject=subject, by=_writable(by), facts=told)
        self.told.append((event, append(self.connection, self.seal, event, previous)))


class Turns:
    """Gives turns, one at a time in this process and one writing among all.

    What the trail said is remembered, so that a turn only reads what was added; that an event which was read before is
    changed afterwards moves nothing in this process, and is told by the next one and by `verify`.
    """

    def __init__(self, database: Database, seal: Seal, witness: Witness) -> None:
        self.database, self.seal, self.witness = database, seal, witness
        self._history, self._lock = History(), threading.Lock()
        self._witnessed = False

    @contextmanager
    def view(self) -> Iterator[View]:
        """Raises TrailBroken, StoreFault."""
        with self._lock, self.database.reading() as connection:
            self._catch_up(connection)
            yield View(connection, self._history, self.seal)

    @contextmanager
    def unchecked(self) -> Iterator[View]:
        """A view for whoever checks by themselves; its history is what this process has read so far."""
        with self._lock, self.database.reading() as connection:
            yield View(connection, self._history, self.seal)

    @contextmanager
    def turn(self, now: datetime) -> Iterator[Turn]:
        """For what has happened, and is written whatever the clock says. Raises TrailBroken, StoreFault."""
        moment = in_utc(now)
        with self._lock:
            with self.database.writing() as connection:
                self._catch_up(connection)
                last = self._history.at
                turn = Turn(connection, self._history, self.seal, moment if last is None else max(moment, last))
                yield turn
            for event, hash_ in turn.told:
                self._history.add(event, hash_)
            if turn.told:
                self.witness.note(Head(self._history.sequence, self._history.hash))

    @contextmanager
    def deciding(self, now: datetime) -> Iterator[Turn]:
        """For what may still be refused.

        Raises:
            NotPermitted: the clock is behind the trail, so that nobody knows what has expired.
        """
        with self.turn(now) as turn:
            if turn.now - in_utc(now) > CLOCK_SKEW:
                raise NotPermitted(
                    f"this clock says {in_utc(now):%Y-%m-%d %H:%M} UTC, and the trail goes on until "
                    f"{turn.now:%Y-%m-%d %H:%M}; set the clock"
                )
            yield turn

    @contextmanager
    def refusals_told(self, what: str, subject: str, by: str, now: datetime, known: bool = False) -> Iterator[None]:
        """Write a refusal to the trail, in a turn of its own, and let it go on.

        Nothing is written of a subject that nobody knows, unless the caller says that it is `known`.
        """
        try:
            yield
        except NotPermitted as refusal:
            with suppress(OutlayError), self.turn(now) as turn:
                if known or subject in self._history.proposals or subject in self._history.standing:
                    turn.tell("refused", subject, by, {"what": what, "why": str(refusal)})
            raise

    def _catch_up(self, connection: Connection) -> None:
        catch_up(connection, self.seal, self._history)
        if not self._witnessed:
            self.witness.check(connection)
            self._witnessed = True


def _writable(value: T) -> T:
    """A text without what no file can hold, such as half a character from a terminal; other values as they are."""
    return value.encode(errors="replace").decode() if isinstance(value, str) else value  # type: ignore[return-value]


def in_utc(now: datetime) -> datetime:
    """Raises BadRequest for a time without a zone."""
    if now.tzinfo is None:
        raise BadRequest(f"{now.isoformat()} has no time zone; give a time in UTC")
    return now.astimezone(UTC)
