"""A strict journal in memory: the transitions that it allows are the only ones there are."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

from tools.domain.approval import ApprovalDecision
from tools.domain.errors import UnknownName
from tools.domain.remediation import Proposal, RemediationPlan
from tools.operate.policies.rights import Rights
from tools.operate.remediation.admission import NotAdmitted, admitted
from tools.operate.remediation.case import Case
from tools.operate.remediation.journal import (
    AlreadyIntended,
    Busy,
    Direction,
    Ending,
    Execution,
    Outcome,
    StepRecord,
)

ALLOWED: dict[Outcome, tuple[Outcome, ...]] = {
    "intended": ("done", "refused", "not_done", "unknown"),
    "unknown": ("done", "not_done", "unknown"),
    "not_done": ("done",),
}


@dataclass
class MemoryJournal:
    """`objection` is what `may_go_on` answers, by the number of targets begun."""

    proposals: dict[str, Proposal] = field(default_factory=dict)
    decisions: list[ApprovalDecision] = field(default_factory=list)
    spent: set[str] = field(default_factory=set)
    ran: dict[int, Execution] = field(default_factory=dict)
    records: dict[tuple[int, str, int], StepRecord] = field(default_factory=dict)
    holding: set[str] = field(default_factory=set)
    held_in_order: list[str] = field(default_factory=list)
    objections: dict[int, str] = field(default_factory=dict)
    trail: list[str] = field(default_factory=list)

    def add(self, plan: RemediationPlan, *decisions: ApprovalDecision) -> str:
        name = f"p-{len(self.proposals) + 1}"
        self.proposals[name] = Proposal(id=name, plan=plan, status="waiting", thread="t")
        self.decisions.extend(decisions)
        return name

    def proposal(self, proposal: str) -> Proposal:
        if proposal not in self.proposals:
            raise UnknownName("proposal", proposal, list(self.proposals))
        return self.proposals[proposal]

    def begin(self, proposal: str, direction: Direction, by: str, rights: Rights, now: datetime) -> Execution:
        found = self.proposal(proposal)
        if direction == "apply":
            case = Case(found, tuple(self.decisions), frozenset(self.spent))
            self.spent |= {one.id for one in admitted(case, rights, now)}
        else:
            self._may_be_undone(found)
        self._status(proposal, "applying" if direction == "apply" else "rolling_back")
        number = len(self.ran) + 1
        self.ran[number] = Execution(id=number, proposal=proposal, direction=direction, by=by, started_at=now)
        self.trail.append(f"begin {direction}")
        return self.ran[number]

    def _may_be_undone(self, found: Proposal) -> None:
        before = self.executions(found.id)
        if not before or before[-1].ending is None or before[-1].ending == "rolled_back":
            raise NotAdmitted(f"{found.id} is {found.status}: nothing to roll back")
        if not found.plan.reversible:
            raise NotAdmitted(f"{found.id} can't be undone")

    def _status(self, proposal: str, status: str) -> None:
        self.proposals[proposal] = self.proposals[proposal].model_copy(update={"status": status})

    def executions(self, proposal: str) -> tuple[Execution, ...]:
        return tuple(one for one in self.ran.values() if one.proposal == proposal)

    def unfinished(self) -> tuple[Execution, ...]:
        return tuple(one for one in self.ran.values() if one.ending in (None, "unknown"))

    def steps(self, execution: int) -> tuple[StepRecord, ...]:
        return tuple(one for key, one in self.records.items() if key[0] == execution)

    def intend(self, step: StepRecord) -> None:
        key = (step.execution, step.target, step.number)
        assert self.ran[step.execution].ending is None, "an ended execution begins nothing"
        assert step.outcome == "intended"
        if key in self.records:
            raise AlreadyIntended(f"{step.call} on {step.target} was begun before")
        self.records[key] = StepRecord.model_validate_json(step.model_dump_json())
        self.trail.append(f"intend {step.call} {step.target}")

    def note(self, execution: int, target: str, number: int, outcome: Outcome, detail: str, now: datetime) -> None:
        key = (execution, target, number)
        known = self.records[key]
        assert outcome in ALLOWED.get(known.outcome, ()), f"{known.outcome} can't become {outcome}"
        self.records[key] = known.model_copy(update={"outcome": outcome, "detail": detail})
        self.trail.append(f"{outcome} {known.call} {target}")

    def finish(self, execution: int, ending: Ending, detail: str, now: datetime) -> None:
        known = self.ran[execution]
        assert known.ending in (None, "unknown"), f"it ended {known.ending} before"
        self.ran[execution] = known.model_copy(update={"ending": ending, "detail": detail, "ended_at": now})
        self._status(known.proposal, ending)
        self.trail.append(f"finish {ending}")

    def may_go_on(self, execution: int, now: datetime) -> str | None:
        begun = len({key[1] for key in self.records if key[0] == execution})
        return self.objections.get(begun)

    @contextmanager
    def held(self, what: str) -> Iterator[None]:
        if what in self.holding:
            raise Busy(f"{what} is being worked on")
        self.holding.add(what)
        self.held_in_order.append(what)
        try:
            yield
        finally:
            self.holding.remove(what)
