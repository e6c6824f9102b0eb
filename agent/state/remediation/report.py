"""TrailReport: whether the trail is whole, and whether every other row says what it says."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, Table, func, select

from agent.state.remediation import decisions, proposals, standing, tables
from agent.state.remediation.events import GENESIS
from agent.state.remediation.history import History
from agent.state.remediation.seal import Sealed
from agent.state.remediation.trail import Head, TrailBroken, head_of, links
from agent.state.remediation.turn import View
from agent.state.remediation.witness import Witness


@dataclass(frozen=True)
class TrailReport:
    """What was found; the trail and the tables are as Outlay wrote them where nothing was."""

    events: int
    """Read until the first break."""
    first_break: str | None
    bad_seals: tuple[str, ...]
    """Rows that Outlay did not write: "decision d-…"."""
    unknown: tuple[str, ...]
    """Rows that the trail does not know."""
    missing: tuple[str, ...]
    """Rows that the trail knows and the tables do not have."""
    different: tuple[str, ...]
    """Rows that say something else than the trail."""

    @property
    def holds(self) -> bool:
        return self.first_break is None and not (self.bad_seals or self.unknown or self.missing or self.different)


def report(view: View, witness: Witness) -> TrailReport:
    """Read everything from the start, trusting nothing that was read before."""
    history, first_break = _read(view, witness)
    fresh = View(view.connection, history, view.seal)
    kept, told = dict(_kept(fresh)), dict(_told(history))
    return TrailReport(
        events=history.sequence,
        first_break=first_break,
        bad_seals=tuple(_bad_seals(fresh)),
        unknown=tuple(sorted(kept.keys() - told.keys())),
        missing=tuple(sorted(told.keys() - kept.keys())),
        different=tuple(sorted(key for key in kept.keys() & told.keys() if kept[key] != told[key])),
    )


def _read(view: View, witness: Witness) -> tuple[History, str | None]:
    history = History()
    try:
        head = head_of(view.connection, view.seal)
        for event, hash_ in links(view.connection, 0, GENESIS):
            history.add(event, hash_)
        if Head(history.sequence, history.hash) != head:
            raise TrailBroken(f"it ends at event {history.sequence}, and its head was sealed at event {head.sequence}")
        if view.connection.execute(select(func.count()).select_from(tables.trail)).scalar() != history.sequence:
            raise TrailBroken("there are events before the first")
        witness.check(view.connection)
        if history.sequence < view.history.sequence:
            raise TrailBroken(f"it was set back from event {view.history.sequence} to {history.sequence}")
    except TrailBroken as broken:
        return history, broken.what
    except (KeyError, ValueError):
        return history, f"event {history.sequence + 1} tells of something that never was"
    return history, None


Name = str
Said = tuple[object, ...]


def _told(history: History) -> Iterator[tuple[Name, Said]]:
    """What the tables should say."""
    for key, one in history.proposals.items():
        yield f"proposal {key}", (one.status, one.replaced_by)
    for key in history.decisions:
        yield f"decision {key}", ()
    for key, facts in history.standing.items():
        withdrawn = facts.withdrawn_at
        yield f"standing approval {key}", (None if withdrawn is None else withdrawn.isoformat(),)
    for key, execution in history.spent.items():
        yield f"spending of {key}", (execution,)
    for number, ran in history.executions.items():
        yield f"execution {number}", (ran.proposal, ran.direction, ran.ending)
    for (number, target, at), step in history.steps.items():
        yield f"step {at} of {target} in execution {number}", (step.outcome,)
    for use in history.uses:
        yield f"use of {use.standing} by {use.proposal}", (use.month, str(use.amount))


def _kept(view: View) -> Iterator[tuple[Name, Said]]:
    """What they say."""
    naming: tuple[tuple[Table, Callable[[Row[Any]], tuple[Name, Said]]], ...] = (
        (tables.proposals, lambda row: (f"proposal {row.id}", (row.status, row.replaced_by))),
        (tables.decisions, lambda row: (f"decision {row.id}", ())),
        (tables.standing, lambda row: (f"standing approval {row.id}", (row.withdrawn_at,))),
        (tables.spent, lambda row: (f"spending of {row.decision}", (row.execution,))),
        (tables.executions, lambda row: (f"execution {row.id}", (row.proposal, row.direction, row.ending))),
        (
            tables.steps,
            lambda row: (f"step {row.number} of {row.target} in execution {row.execution}", (row.outcome,)),
        ),
        (tables.standing_uses, lambda row: (f"use of {row.standing} by {row.proposal}", (row.month, row.amount))),
    )
    for table, name in naming:
        for row in view.connection.execute(select(table)):
            yield name(row)


def _bad_seals(view: View) -> Iterator[str]:
    """Rows of which the reader says that Outlay did not write them."""
    reading: Mapping[Sealed, tuple[Table, Callable[[View, Row[Any]], object | None]]] = {
        "proposal": (tables.proposals, proposals.read),
        "decision": (tables.decisions, decisions.read),
        "standing approval": (tables.standing, standing.read),
    }
    for kind, (table, read) in reading.items():
        for row in view.connection.execute(select(table)):
            if read(view, row) is None:
                yield f"{kind} {row.id}"
