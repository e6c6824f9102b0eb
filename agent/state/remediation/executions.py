"""Executions: begun by spending the decisions that admit them, and every step of theirs before and after its call."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from pydantic import JsonValue
from sqlalchemy import and_

from agent.state.remediation import decisions, proposals, standing, tables
from agent.state.remediation.turn import Turn, View
from tools.domain.approval import ApprovalDecision
from tools.domain.errors import NotPermitted, UnknownName
from tools.domain.remediation import Proposal, RemediationPlan
from tools.operate.policies.approvals import effect_of
from tools.operate.policies.rights import Rights
from tools.operate.remediation.admission import NotAdmitted, admitted
from tools.operate.remediation.case import Case
from tools.operate.remediation.journal import AlreadyIntended, Direction, Ending, Execution, Outcome, StepRecord

BECOMES: Mapping[Outcome, tuple[Outcome, ...]] = {
    "intended": ("done", "refused", "not_done", "unknown"),
    "unknown": ("done", "not_done", "unknown"),
    "not_done": ("done",),
}
"""What may still come of a step; that it did not happen may turn out wrong, as a call can come late."""
NOBODY = ""
"""No person's key: who rolls back may have proposed it."""


@dataclass(frozen=True)
class _Use:
    standing: str
    month: str
    amount: str


def case(view: View, proposal: str, now: datetime) -> Case:
    """All that admission goes by. Raises UnknownName, NotPermitted."""
    return Case(
        proposal=proposals.get(view, proposal),
        decisions=decisions.of_proposal(view, proposal),
        spent=frozenset(view.history.spent),
        standing=standing.states(view, now, proposal),
    )


def begin(turn: Turn, proposal: str, direction: Direction, by: str, rights: Rights) -> Execution:
    """Admit, spend, open. Raises NotAdmitted."""
    asked = case(turn, proposal, turn.now)
    if direction == "apply":
        return _opened(turn, asked.proposal, "apply", by, admitted(asked, rights, turn.now))
    _check_rollback(turn, asked.proposal, by, rights)
    return _opened(turn, asked.proposal, "rollback", by, ())


def _opened(
    turn: Turn, proposal: Proposal, direction: Direction, by: str, spends: tuple[ApprovalDecision, ...]
) -> Execution:
    number = len(turn.history.executions) + 1
    made = Execution(id=number, proposal=proposal.id, direction=direction, by=by, started_at=turn.now)
    turn.connection.execute(tables.executions.insert().values(id=number, proposal=proposal.id, direction=direction))
    uses = _uses(spends, proposal.plan, turn.now)
    for one in spends:
        turn.connection.execute(tables.spent.insert().values(decision=one.id, execution=number))
    for use in uses:
        turn.connection.execute(tables.standing_uses.insert().values(proposal=proposal.id, **vars(use)))
    facts: dict[str, JsonValue] = {
        "execution": number,
        "direction": direction,
        "decisions": [one.id for one in spends],
        "uses": [cast("dict[str, JsonValue]", vars(use)) for use in uses],
    }
    turn.tell("begun", proposal.id, by, facts)
    proposals.note_status(turn, proposal.id, "applying" if direction == "apply" else "rolling_back")
    return made


def _uses(spends: tuple[ApprovalDecision, ...], plan: RemediationPlan, now: datetime) -> tuple[_Use, ...]:
    by_standing = dict.fromkeys(one.standing for one in spends if one.standing is not None)
    return tuple(_Use(key, standing.month_of(now), str(effect_of(plan))) for key in by_standing)


def _check_rollback(turn: Turn, proposal: Proposal, by: str, rights: Rights) -> None:
    past = turn.history.of(proposal.id)
    if not past or past[-1].ending is None:
        raise NotAdmitted(f"{proposal.id} is {proposal.status.replace('_', ' ')}; only what was applied is rolled back")
    if past[-1].ending == "rolled_back":
        raise NotAdmitted(f"{proposal.id} was rolled back already")
    if not any(one.outcome == "done" for one in turn.history.steps_of(past[0].id)):
        raise NotAdmitted(f"nothing is known that {proposal.id} changed, so that nothing can be undone")
    if not proposal.plan.reversible:
        raise NotAdmitted(f"{proposal.id} can't be undone: {proposal.plan.rollback}")
    decisions.check_listed(by)
    objection = rights.objection(by, proposal.plan.model_copy(update={"proposed_by": NOBODY}))
    if objection is not None:
        raise NotAdmitted(objection)


def intend(turn: Turn, step: StepRecord) -> None:
    """The last gate before a call.

    Raises:
        AlreadyIntended: the step was begun before.
        NotPermitted: its execution has ended, or the target is none of its plan's.
    """
    execution = _execution(turn, step.execution)
    if execution.ending is not None:
        raise NotPermitted(
            f"execution {execution.id} of {execution.proposal} ended {execution.ending}; it begins nothing"
        )
    if step.target not in {change.target.key for change in proposals.get(turn, execution.proposal).plan.changes}:
        raise NotPermitted(f"{step.target} is no target of {execution.proposal}")
    if (step.execution, step.target, step.number) in turn.history.steps:
        raise AlreadyIntended(f"step {step.number} of {step.target} in {execution.proposal} was begun before")
    row = {"execution": step.execution, "target": step.target, "number": step.number, "outcome": "intended"}
    turn.connection.execute(tables.steps.insert().values(row))
    facts = step.model_dump(mode="json", include={"execution", "target", "number", "call", "expects", "leaves"})
    turn.tell("intended", execution.proposal, execution.by, facts)


def note(turn: Turn, execution: int, target: str, number: int, outcome: Outcome, detail: str) -> None:
    """Raises NotPermitted for a step that was not intended, or whose end is known."""
    of = _execution(turn, execution)
    known = turn.history.steps.get((execution, target, number))
    if known is None or outcome not in BECOMES.get(known.outcome, ()):
        state = "was never begun" if known is None else f"is {known.outcome.replace('_', ' ')}"
        raise NotPermitted(f"step {number} of {target} in {of.proposal} {state}; it can't become {outcome}")
    columns = tables.steps.c
    row = and_(columns.execution == execution, columns.target == target, columns.number == number)
    turn.connection.execute(tables.steps.update().where(row).values(outcome=outcome))
    facts: dict[str, JsonValue] = {
        "execution": execution,
        "target": target,
        "number": number,
        "outcome": outcome,
        "detail": detail,
    }
    turn.tell("noted", of.proposal, of.by, facts)


def finish(turn: Turn, execution: int, ending: Ending, detail: str) -> None:
    """Raises NotPermitted for an execution that has ended for good."""
    of = _execution(turn, execution)
    if of.ending not in (None, "unknown"):
        raise NotPermitted(f"execution {execution} of {of.proposal} is over: {of.ending.replace('_', ' ')}")
    turn.connection.execute(tables.executions.update().where(tables.executions.c.id == execution).values(ending=ending))
    proposals.note_status(turn, of.proposal, ending)
    turn.tell("finished", of.proposal, of.by, {"execution": execution, "ending": ending, "detail": detail})


def may_go_on(view: View, execution: int, now: datetime) -> str | None:
    """Why the next target may not be begun: a standing approval that it rests on was withdrawn, or is over."""
    rests_on = [view.history.decisions[key].standing for key, by in view.history.spent.items() if by == execution]
    for key in rests_on:
        known = None if key is None else view.history.standing[key]
        if known is not None and known.withdrawn_at is not None:
            return f"the standing approval {key} was withdrawn on {known.withdrawn_at:%Y-%m-%d %H:%M} UTC"
        if known is not None and now >= known.until:
            return f"the standing approval {key} was over on {known.until:%Y-%m-%d %H:%M} UTC"
    return None


def unfinished(view: View) -> tuple[Execution, ...]:
    return tuple(one for one in view.history.executions.values() if one.ending in (None, "unknown"))


def _execution(turn: Turn, execution: int) -> Execution:
    """Raises UnknownName."""
    known = turn.history.executions.get(execution)
    if known is None:
        raise UnknownName("execution", str(execution), [str(one) for one in turn.history.executions])
    return known
