"""Standing approvals: granted by a person, counted by month, withdrawn at once."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from pydantic import JsonValue, ValidationError
from sqlalchemy import Row, select

from agent.state.remediation import decisions, proposals, tables
from agent.state.remediation.events import digest
from agent.state.remediation.turn import Turn, View
from tools.domain.approval import ApprovalDecision, StandingApproval
from tools.domain.errors import BadRequest, NotPermitted, UnknownName
from tools.domain.remediation import Moment, canonical
from tools.operate.policies.rights import Rights
from tools.operate.remediation.admission import why_not_standing
from tools.operate.remediation.case import StandingState


@dataclass(frozen=True)
class Terms:
    """What somebody wants to grant beforehand."""

    action: str
    environments: tuple[str, ...]
    most_targets: int
    monthly_amount: Decimal
    currency: str
    until: Moment
    tags: Mapping[str, str] = field(default_factory=dict)
    parameters: Mapping[str, JsonValue] = field(default_factory=dict)


def grant(turn: Turn, terms: Terms, by: str, rights: Rights) -> StandingApproval:
    """Keep what a person grants; whether they have the right is asked at each use again.

    Raises:
        NotPermitted: policies.yaml lets the person approve no such thing.
        BadRequest: terms that can't be kept.
    """
    decisions.check_listed(by)
    if terms.until <= turn.now:
        raise BadRequest(f"a standing approval holds until a day to come, not {terms.until:%Y-%m-%d %H:%M} UTC")
    if not rights.may_grant(by, terms.action, terms.environments, terms.currency):
        where = ", ".join(terms.environments)
        raise NotPermitted(f"policies.yaml does not let {by} approve {terms.action} in {where} in {terms.currency}")
    made = _made(turn, terms, by)
    text = canonical(made.model_dump(mode="json"))
    row = {"id": made.id, "content": text, "seal": turn.seal.of("standing approval", text)}
    turn.connection.execute(tables.standing.insert().values(row))
    facts = {"digest": digest(text), **made.model_dump(mode="json", exclude={"id", "granted_by", "granted_at"})}
    turn.tell("granted", made.id, by, facts)
    return made


def withdraw(turn: Turn, standing: str, by: str) -> None:
    """From now on it covers nothing; again changes nothing. Raises UnknownName, NotPermitted."""
    decisions.check_listed(by)
    known = turn.history.standing.get(standing)
    if known is None:
        raise UnknownName("standing approval", standing, list(turn.history.standing))
    if known.withdrawn_at is not None:
        return
    turn.tell("withdrawn", standing, by, {})
    row = tables.standing.c.id == standing
    turn.connection.execute(tables.standing.update().where(row).values(withdrawn_at=turn.now.isoformat()))


def states(view: View, now: datetime, without: str = "") -> dict[str, StandingState]:
    """Every standing approval that Outlay wrote, and what was used of it this month, one proposal left out."""
    rows = view.connection.execute(select(tables.standing)).all()
    kept = {one.id: one for one in (read(view, row) for row in rows) if one is not None}
    return {
        key: StandingState(kept[key], facts.withdrawn_at, view.history.used(key, month_of(now), without))
        for key, facts in view.history.standing.items()
        if key in kept
    }


def use(turn: Turn, proposal: str, rights: Rights) -> ApprovalDecision | None:
    """The approval of a plan by the first standing one that covers it, in its grantor's name; None where none does.

    What it counts against the month is written when the plan is begun.
    """
    known = proposals.get(turn, proposal)
    if not known.is_open(turn.now):
        return None
    approved = decisions.approvers(turn, proposal, turn.now)
    for key, state in states(turn, turn.now, proposal).items():
        by = state.approval.granted_by
        if by in approved or rights.objection(by, known.plan) is not None:
            continue
        word = decisions.Word(known.plan.fingerprint, "approve", by, "standing", f"granted beforehand by {key}")
        made = decisions.decision_of(turn, known, word, rights, standing=key)
        if why_not_standing(state, made, known.plan, turn.now) is None:
            return decisions.keep(turn, made)
    return None


def read(view: View, row: "Row[Any]") -> StandingApproval | None:
    """The standing approval of a row; None where its seal does not hold or the trail knows another."""
    facts = view.history.standing.get(row.id)
    if facts is None or not view.wrote("standing approval", row, facts.digest):
        return None
    try:
        kept = StandingApproval.model_validate_json(row.content)
    except ValidationError:
        return None
    return kept if kept.id == row.id else None


def month_of(now: datetime) -> str:
    """The calendar month (UTC) that a use counts for: 2026-11."""
    return f"{now:%Y-%m}"


def _made(turn: Turn, terms: Terms, by: str) -> StandingApproval:
    given = {name: getattr(terms, name) for name in terms.__dataclass_fields__}
    number = len(turn.history.standing) + 1
    try:
        return StandingApproval(id=f"s-{number}", granted_by=by, granted_at=turn.now, **given)
    except ValidationError as fault:
        said = "; ".join(f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in fault.errors()[:3])
        raise BadRequest(f"a standing approval can't have these terms: {said}") from None
