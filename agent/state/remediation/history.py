"""History: what the trail says, event by event, added up. Pure; what it says counts, whatever the other tables hold."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from agent.state.remediation.events import GENESIS, Kind, TrailEvent
from tools.domain.remediation import Moment, Status
from tools.operate.remediation.journal import Execution, StepRecord

StepKey = tuple[int, str, int]
"""Execution, target's key, number."""


@dataclass(frozen=True)
class ProposalFacts:
    digest: str
    fingerprint: str
    status: Status
    replaced_by: str | None = None


@dataclass(frozen=True)
class DecisionFacts:
    digest: str
    proposal: str
    standing: str | None


@dataclass(frozen=True)
class StandingFacts:
    digest: str
    until: Moment
    withdrawn_at: Moment | None = None


@dataclass(frozen=True)
class Use:
    """What one plan counted against a standing approval in a calendar month, `2026-11`."""

    standing: str
    proposal: str
    month: str
    amount: Decimal


@dataclass
class History:
    """By id, in the order of the trail."""

    sequence: int = 0
    hash: str = GENESIS
    at: Moment | None = None
    """Of the last event."""
    proposals: dict[str, ProposalFacts] = field(default_factory=dict)
    decisions: dict[str, DecisionFacts] = field(default_factory=dict)
    spent: dict[str, int] = field(default_factory=dict)
    """Decision → execution."""
    standing: dict[str, StandingFacts] = field(default_factory=dict)
    uses: list[Use] = field(default_factory=list)
    executions: dict[int, Execution] = field(default_factory=dict)
    steps: dict[StepKey, StepRecord] = field(default_factory=dict)

    def add(self, event: TrailEvent, hash_: str) -> None:
        """Count one more event in."""
        _ADDING[event.kind](self, event, event.facts)
        self.sequence, self.hash, self.at = event.sequence, hash_, event.at

    def of(self, proposal: str) -> tuple[Execution, ...]:
        """The executions of a proposal."""
        return tuple(one for one in self.executions.values() if one.proposal == proposal)

    def steps_of(self, execution: int) -> tuple[StepRecord, ...]:
        return tuple(one for key, one in self.steps.items() if key[0] == execution)

    def used(self, standing: str, month: str, without: str) -> Decimal:
        """What plans counted against a standing approval in a month, one proposal left out."""
        of_it = [one for one in self.uses if (one.standing, one.month) == (standing, month) and one.proposal != without]
        return sum((one.amount for one in of_it), Decimal(0))

    def move(self, proposal: str, status: Status, replaced_by: str | None = None) -> None:
        known = self.proposals[proposal]
        self.proposals[proposal] = ProposalFacts(known.digest, known.fingerprint, status, replaced_by)


Facts = Mapping[str, Any]


def _proposed(history: History, event: TrailEvent, facts: Facts) -> None:
    history.proposals[event.subject] = ProposalFacts(facts["digest"], facts["fingerprint"], "waiting")


def _replaced(history: History, event: TrailEvent, facts: Facts) -> None:
    history.move(event.subject, "replaced", facts["with"])


def _decided(history: History, event: TrailEvent, facts: Facts) -> None:
    history.decisions[facts["decision"]] = DecisionFacts(facts["digest"], event.subject, facts["standing"])
    if event.kind == "rejected":
        history.move(event.subject, "rejected")


def _granted(history: History, event: TrailEvent, facts: Facts) -> None:
    history.standing[event.subject] = StandingFacts(facts["digest"], datetime.fromisoformat(facts["until"]))


def _withdrawn(history: History, event: TrailEvent, facts: Facts) -> None:
    known = history.standing[event.subject]
    history.standing[event.subject] = StandingFacts(known.digest, known.until, event.at)


def _begun(history: History, event: TrailEvent, facts: Facts) -> None:
    execution = Execution(
        id=facts["execution"],
        proposal=event.subject,
        direction=facts["direction"],
        by=event.by,
        started_at=event.at,
    )
    history.executions[execution.id] = execution
    history.spent |= dict.fromkeys(facts["decisions"], execution.id)
    history.uses += [Use(one["standing"], event.subject, one["month"], Decimal(one["amount"])) for one in facts["uses"]]
    history.move(event.subject, "applying" if execution.direction == "apply" else "rolling_back")


def _intended(history: History, event: TrailEvent, facts: Facts) -> None:
    step = StepRecord.model_validate({**facts, "outcome": "intended", "at": event.at})
    history.steps[step.execution, step.target, step.number] = step


def _noted(history: History, event: TrailEvent, facts: Facts) -> None:
    key = facts["execution"], facts["target"], facts["number"]
    told = {"outcome": facts["outcome"], "detail": facts["detail"], "at": event.at}
    history.steps[key] = history.steps[key].model_copy(update=told)


def _finished(history: History, event: TrailEvent, facts: Facts) -> None:
    known = history.executions[facts["execution"]]
    told = {"ending": facts["ending"], "detail": facts["detail"], "ended_at": event.at}
    history.executions[known.id] = known.model_copy(update=told)
    history.move(event.subject, facts["ending"])


def _told(history: History, event: TrailEvent, facts: Facts) -> None:
    """A refusal changes nothing."""


_ADDING: Mapping[Kind, Callable[[History, TrailEvent, Facts], None]] = {
    "proposed": _proposed,
    "replaced": _replaced,
    "approved": _decided,
    "rejected": _decided,
    "granted": _granted,
    "withdrawn": _withdrawn,
    "refused": _told,
    "begun": _begun,
    "intended": _intended,
    "noted": _noted,
    "finished": _finished,
}
