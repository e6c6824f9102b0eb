"""Proposals as they are kept: the plan in a sealed row, where it stands in the trail."""

from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError
from sqlalchemy import Row, select

from agent.state.remediation import tables
from agent.state.remediation.events import digest
from agent.state.remediation.history import History
from agent.state.remediation.turn import Turn, View
from tools.domain.errors import NotPermitted, UnknownName
from tools.domain.remediation import Proposal, RemediationPlan, Status, canonical


class Proposed(BaseModel):
    """What the seal of a proposal is over."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    thread: str
    plan: RemediationPlan


def add(turn: Turn, plan: RemediationPlan, thread: str) -> Proposal:
    """Keep a plan as the next proposal. The same plan of the same thread again is the proposal that it already is.

    Raises:
        NotPermitted: another thread has proposed it.
    """
    fingerprint = plan.fingerprint
    known = next((key for key, one in turn.history.proposals.items() if one.fingerprint == fingerprint), None)
    if known is not None:
        kept = get(turn, known)
        if kept.thread != thread:
            raise NotPermitted(f"this very plan is {known} already; plan it again")
        return kept
    made = Proposed(id=_next(turn.history), thread=thread, plan=plan)
    text = canonical(made.model_dump(mode="json"))
    row = {"id": made.id, "content": text, "seal": turn.seal.of("proposal", text), "status": "waiting"}
    turn.connection.execute(tables.proposals.insert().values(row))
    facts = {"digest": digest(text), "fingerprint": fingerprint, "action": plan.action, "thread": thread}
    turn.tell("proposed", made.id, plan.proposed_by, facts)
    return Proposal(id=made.id, plan=plan, status="waiting", thread=thread)


def replace(turn: Turn, old: str, plan: RemediationPlan) -> Proposal:
    """Keep an edited plan, in a thread of its own, in the place of one that waits.

    Raises:
        NotPermitted: that one does not wait any more.
    """
    known = get(turn, old)
    if known.status != "waiting":
        raise NotPermitted(f"{old} is {known.status.replace('_', ' ')} and can't be edited; propose it anew")
    made = add(turn, plan, plan.nonce)
    if made.id == old:
        raise NotPermitted(f"this very plan is {old} already; plan it again")
    turn.tell("replaced", old, plan.proposed_by, {"with": made.id})
    row = tables.proposals.c.id == old
    turn.connection.execute(tables.proposals.update().where(row).values(status="replaced", replaced_by=made.id))
    return made


def get(view: View, proposal: str) -> Proposal:
    """A proposal as it was written.

    Raises:
        UnknownName: there is none of that name.
        NotPermitted: its row or its standing is not what Outlay wrote.
    """
    if proposal not in view.history.proposals:
        raise UnknownName("proposal", proposal, list(view.history.proposals))
    row = view.connection.execute(select(tables.proposals).where(tables.proposals.c.id == proposal)).one_or_none()
    found = None if row is None else read(view, row)
    if found is None:
        raise NotPermitted(f"{proposal} is not what Outlay wrote, and is left alone; outlay audit verify tells more")
    return found


def read(view: View, row: "Row[Any]") -> Proposal | None:
    """The proposal of a row; None where its seal does not hold or the trail knows another."""
    facts = view.history.proposals.get(row.id)
    if facts is None or not view.wrote("proposal", row, facts.digest):
        return None
    try:
        kept = Proposed.model_validate_json(row.content)
    except ValidationError:
        return None
    if kept.id != row.id or kept.plan.fingerprint != facts.fingerprint:
        return None
    return Proposal(id=kept.id, plan=kept.plan, status=facts.status, thread=kept.thread, replaced_by=facts.replaced_by)


def of_status(view: View, status: Status | None) -> tuple[Proposal, ...]:
    """Proposals of one status or all, the oldest first; rows that Outlay did not write are left out."""
    wanted = [key for key, one in view.history.proposals.items() if status in (None, one.status)]
    rows = view.connection.execute(select(tables.proposals).where(tables.proposals.c.id.in_(wanted))).all()
    found = {one.id: one for one in (read(view, row) for row in rows) if one is not None}
    return tuple(found[key] for key in wanted if key in found)


def note_status(turn: Turn, proposal: str, status: Status) -> None:
    """Repeat in the row what the trail says."""
    turn.connection.execute(tables.proposals.update().where(tables.proposals.c.id == proposal).values(status=status))


def _next(history: History) -> str:
    return f"p-{len(history.proposals) + 1}"
