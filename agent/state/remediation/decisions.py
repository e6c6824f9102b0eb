"""Decisions on proposals: taken from a person, sealed, and read back only where the seal holds."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from pydantic import JsonValue, ValidationError
from sqlalchemy import Row, select

from agent.identity import UNLISTED
from agent.state.remediation import proposals, tables
from agent.state.remediation.events import digest
from agent.state.remediation.turn import Turn, View
from tools.domain.approval import ApprovalDecision, Surface, Verdict
from tools.domain.errors import BadRequest, NotPermitted
from tools.domain.remediation import Moment, Proposal, RemediationPlan, canonical
from tools.operate.policies.rights import Rights


@dataclass(frozen=True)
class Word:
    """What a person says of a plan that they were shown."""

    fingerprint: str
    """Of the plan as it was shown."""
    verdict: Verdict
    person: str
    surface: Surface
    reason: str = ""


def decide(turn: Turn, proposal: str, word: Word, rights: Rights) -> ApprovalDecision:
    """Keep a person's word.

    Raises:
        NotPermitted: the proposal is not open, the plan is another than the one shown, or the person may not.
        BadRequest: a rejection without a reason.
    """
    known = proposals.get(turn, proposal)
    _check_open(known, turn.now)
    check_listed(word.person)
    if word.surface == "standing":
        raise NotPermitted("a person decides on a surface that knows them")
    if word.fingerprint != known.plan.fingerprint:
        raise NotPermitted(f"{proposal} is not the plan that was shown; look at it again: outlay proposals show")
    if word.verdict == "reject":
        if not word.reason.strip():
            raise BadRequest("a rejection takes a reason: --reason 'the nightly run needs it'")
    else:
        _check_may_approve(turn, known, word.person, rights)
    return keep(turn, decision_of(turn, known, word, rights))


def decision_of(
    turn: Turn, proposal: Proposal, word: Word, rights: Rights, standing: str | None = None
) -> ApprovalDecision:
    """The decision that a word makes now."""
    return ApprovalDecision(
        id=f"d-{secrets.token_hex(16)}",
        proposal=proposal.id,
        fingerprint=word.fingerprint,
        verdict=word.verdict,
        decided_by=word.person,
        decided_at=turn.now,
        expires_at=_expiry(proposal.plan, rights, turn.now),
        surface=word.surface,
        reason=word.reason.strip().encode(errors="replace").decode(),
        standing=standing,
    )


def keep(turn: Turn, made: ApprovalDecision) -> ApprovalDecision:
    """Seal a decision and write it down; whether it may be made was asked before."""
    text = canonical(made.model_dump(mode="json"))
    row = {"id": made.id, "proposal": made.proposal, "content": text, "seal": turn.seal.of("decision", text)}
    turn.connection.execute(tables.decisions.insert().values(row))
    facts: dict[str, JsonValue] = {
        "decision": made.id,
        "digest": digest(text),
        "fingerprint": made.fingerprint,
        "surface": made.surface,
        "reason": made.reason,
        "standing": made.standing,
    }
    turn.tell("approved" if made.verdict == "approve" else "rejected", made.proposal, made.decided_by, facts)
    if made.verdict == "reject":
        proposals.note_status(turn, made.proposal, "rejected")
    return made


def of_proposal(view: View, proposal: str) -> tuple[ApprovalDecision, ...]:
    """The decisions on a proposal that Outlay wrote, the oldest first."""
    if proposal not in view.history.proposals:
        return ()
    rows = view.connection.execute(select(tables.decisions).where(tables.decisions.c.proposal == proposal)).all()
    found = {one.id: one for one in (read(view, row) for row in rows) if one is not None}
    return tuple(found[key] for key in view.history.decisions if key in found)


def read(view: View, row: "Row[Any]") -> ApprovalDecision | None:
    """The decision of a row; None where its seal does not hold or the trail knows another."""
    facts = view.history.decisions.get(row.id)
    if facts is None or not view.wrote("decision", row, facts.digest):
        return None
    try:
        kept = ApprovalDecision.model_validate_json(row.content)
    except ValidationError:
        return None
    return kept if (kept.id, kept.proposal) == (row.id, row.proposal) else None


def check_listed(person: str) -> None:
    """Raises NotPermitted for nobody in particular, and for somebody whom only people.yaml's default covers."""
    if not person.strip() or not person.isprintable() or person.startswith(UNLISTED):
        raise NotPermitted("only a person listed in people.yaml may decide")


def approvers(view: View, proposal: str, now: datetime) -> frozenset[str]:
    """Persons whose approval of a proposal has not expired."""
    return frozenset(
        one.decided_by for one in of_proposal(view, proposal) if one.verdict == "approve" and now < one.expires_at
    )


def _check_open(proposal: Proposal, now: datetime) -> None:
    if proposal.status != "waiting":
        raise NotPermitted(f"{proposal.id} is {proposal.status.replace('_', ' ')}; nothing is left to decide on it")
    if not proposal.is_open(now):
        raise NotPermitted(f"{proposal.id} expired on {proposal.plan.expires_at:%Y-%m-%d %H:%M} UTC; propose it again")


def _check_may_approve(turn: Turn, proposal: Proposal, person: str, rights: Rights) -> None:
    objection = rights.objection(person, proposal.plan)
    if objection is not None:
        raise NotPermitted(objection)
    if person in approvers(turn, proposal.id, turn.now):
        raise NotPermitted(f"{person} has approved {proposal.id} already; one person counts once")


def _expiry(plan: RemediationPlan, rights: Rights, now: Moment) -> Moment:
    """An announced plan's approval has its time from the moment on which the plan may be applied."""
    usable = now if plan.not_before is None else max(now, plan.not_before)
    return min(plan.expires_at, usable + timedelta(hours=rights.approvals.valid_for_hours))
