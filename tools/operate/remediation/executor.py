"""The executor: applies an approved plan once, step by step, and can be killed between any two of them.

Each step is written down before its call and after it. A step that was begun is never begun again: what became of it
is read from the target. Only where the system itself drops a second call (`idempotency` is `key`) is one sent again,
with the same mark. The first surprise ends the execution; what was done stays on record, and can be rolled back.
"""

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from time import monotonic, sleep

from tools.domain.remediation import Change, RemediationPlan, State
from tools.operate.policies.rights import Rights
from tools.operate.remediation.action import Action, CallRefused, NotApplicable, Step, Surprise, mark_of
from tools.operate.remediation.admission import NotAdmitted
from tools.operate.remediation.journal import Ending, Execution, Journal, Outcome, StepRecord
from tools.operate.remediation.plan import Doors, drift

LATE_CALL_SECONDS = 5.0
"""How long a call of a process that died may still be under way to the system; reading before that proves nothing."""


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class Executor:
    """Carries out what was approved. Only the graph calls it."""

    journal: Journal
    doors: Doors
    rights: Callable[[], Rights]
    """Read when asked, so that a policy changed since the approval counts."""
    now: Callable[[], datetime] = _now
    wait: Callable[[float], None] = sleep
    poll_seconds: float = 2.0

    def apply(self, proposal: str, by: str) -> Execution:
        """Apply a proposal that has its approvals; by now every target must still be what the plan saw.

        Raises:
            NotAdmitted: with the reason; nothing was changed.
            Busy: another process works on it, or on one of its targets.
        """
        with self._held(proposal) as plan:
            changed = drift(self.doors, plan)
            if changed:
                told = "; ".join(f"{key}: {why}" for key, why in changed.items())
                raise NotAdmitted(f"{proposal} can't be applied, its targets changed since it was planned: {told}")
            return self._carried(self.journal.begin(proposal, "apply", by, self.rights(), self.now()), plan)

    def roll_back(self, proposal: str, by: str) -> Execution:
        """Bring each target that was changed back to what it was before.

        Raises:
            NotAdmitted: nothing was applied, it can't be undone, or the person lacks the right.
        """
        with self._held(proposal) as plan:
            return self._carried(self.journal.begin(proposal, "rollback", by, self.rights(), self.now()), plan)

    def settle(self, execution: Execution) -> Execution:
        """Go on with an execution whose process died, or settle one that ended unknown, by reading its targets.

        Raises:
            Busy: its process is alive.
        """
        with self._held(execution.proposal) as plan:
            latest = next(one for one in self.journal.executions(execution.proposal) if one.id == execution.id)
            return self._carried(latest, plan) if latest.ending in (None, "unknown") else latest

    def _held(self, proposal: str) -> "_Held":
        return _Held(self.journal, proposal)

    def _carried(self, execution: Execution, plan: RemediationPlan) -> Execution:
        way = _Way.of(self, execution, plan)
        ending, detail = way.go()
        self.journal.finish(execution.id, ending, detail, self.now())
        return execution.model_copy(update={"ending": ending, "detail": detail, "ended_at": self.now()})


class _Held:
    """A proposal and all targets of its plan, held together, in the order of their names."""

    def __init__(self, journal: Journal, proposal: str) -> None:
        self._journal, self._proposal, self._stack = journal, proposal, ExitStack()

    def __enter__(self) -> RemediationPlan:
        try:
            self._stack.enter_context(self._journal.held(self._proposal))
            plan = self._journal.proposal(self._proposal).plan
            for key in sorted(change.target.key for change in plan.changes):
                self._stack.enter_context(self._journal.held(f"target {key}"))
        except BaseException:
            self._stack.close()
            raise
        return plan

    def __exit__(self, *_: object) -> None:
        self._stack.close()


class _Stop(Exception):
    """The execution ends here."""

    def __init__(self, ending: Ending, detail: str) -> None:
        super().__init__(detail)
        self.ending: Ending = ending
        self.detail = detail


@dataclass(frozen=True)
class _Way:
    """One execution on its way through the plan's changes."""

    by: Executor
    execution: Execution
    plan: RemediationPlan
    action: Action

    @classmethod
    def of(cls, by: Executor, execution: Execution, plan: RemediationPlan) -> "_Way":
        kind = by.doors.kind(plan.action)
        permissions = kind.reads | (kind.writes if execution.direction == "apply" else kind.undoes)
        return cls(by, execution, plan, by.doors.open(plan.action, permissions))

    def go(self) -> tuple[Ending, str]:
        forward = self.execution.direction == "apply"
        changes: Sequence[Change] = self.plan.changes if forward else tuple(reversed(self.plan.changes))
        try:
            for change in changes:
                self._change(change)
        except _Stop as stop:
            return stop.ending, f"{change.target.key}: {stop.detail}"
        return ("applied" if forward else "rolled_back"), ""

    def _change(self, change: Change) -> None:
        records = {
            one.number: one for one in self.by.journal.steps(self.execution.id) if one.target == change.target.key
        }
        for number, step in enumerate(self._steps(change)):
            record = records.get(number)
            if record is None:
                self._first(change, number, step)
            elif record.outcome in ("intended", "unknown"):
                self._settled(change, number, step)
            elif record.outcome != "done":
                raise _Stop("stopped", f"{step.call}: {record.detail or record.outcome}")

    def _steps(self, change: Change) -> tuple[Step, ...]:
        if self.execution.direction == "apply":
            return self.action.steps(change.before, change.after)
        reached = _reached(self.by.journal, self.execution.proposal, change)
        return () if reached is None else self.action.steps(reached, change.before)

    def _first(self, change: Change, number: int, step: Step) -> None:
        """A step that was never begun: the target has to be as the step expects it."""
        why = self.by.journal.may_go_on(self.execution.id, self.by.now()) if number == 0 else None
        if why is not None:
            raise _Stop("stopped", why)
        found = self._read(change)
        if found != dict(step.expects):
            raise _Stop("stopped", f"is {found}, and {step.call} expects {dict(step.expects)}; it was not called")
        self.by.journal.intend(
            StepRecord(
                execution=self.execution.id,
                target=change.target.key,
                number=number,
                call=step.call,
                expects=step.expects,
                leaves=step.leaves,
                outcome="intended",
                at=self.by.now(),
            )
        )
        self._called(change, number, step)

    def _called(self, change: Change, number: int, step: Step) -> None:
        try:
            self.action.perform(change.target, step, self._mark(change))
        except CallRefused as refusal:
            self._note(change, number, "refused", str(refusal))
            raise _Stop("stopped", f"{step.call} was refused: {refusal}") from None
        except (Surprise, OSError) as surprise:
            self.by.wait(LATE_CALL_SECONDS)
            self._arrived(change, number, step, doubt=f"{step.call} answered {surprise}; read afterwards: ")
            return
        self._arrived(change, number, step)

    def _settled(self, change: Change, number: int, step: Step) -> None:
        """A step that was begun by a process that died, or whose end was not seen."""
        self.by.wait(LATE_CALL_SECONDS)
        if self.action.idempotency == "key" and self._read(change) == dict(step.expects):
            self._called(change, number, step)
            return
        self._arrived(change, number, step, doubt="begun by a process that did not see its end; read afterwards: ")

    def _arrived(self, change: Change, number: int, step: Step, doubt: str = "") -> None:
        """Wait until the target is what the step leaves, and note what came of it.

        In `doubt` nobody knows whether the system took the call: a target that is as before means that it did not.
        """
        began, found = monotonic(), self._read(change)
        while found != dict(step.leaves) and self._may_come(found, step, doubt):
            if monotonic() - began >= self.action.settles_within_seconds:
                break
            self.by.wait(self.by.poll_seconds)
            found = self._read(change)
        if found == dict(step.leaves):
            self._note(change, number, "done", doubt and f"{doubt}done")
        elif doubt and found == dict(step.expects):
            self._note(change, number, "not_done", f"{doubt}not done")
            raise _Stop("stopped", f"{step.call} did not happen")
        else:
            self._note(change, number, "unknown", f"{doubt}the target is {found}")
            raise _Stop("unknown", f"after {step.call} the target is {found}, not {dict(step.leaves)}")

    def _may_come(self, found: State, step: Step, doubt: str) -> bool:
        as_before = found == dict(step.expects)
        return not doubt if as_before else self.action.is_on_the_way(found, step)

    def _read(self, change: Change) -> State:
        try:
            return dict(self.action.read(change.target, self._mark(change)).state)
        except NotApplicable as gone:
            return {"missing": str(gone)}
        except OSError as fault:
            raise _Stop("unknown", f"it can't be read: {fault}") from fault

    def _note(self, change: Change, number: int, outcome: Outcome, detail: str) -> None:
        self.by.journal.note(self.execution.id, change.target.key, number, outcome, detail, self.by.now())

    def _mark(self, change: Change) -> str:
        return mark_of(self.plan.nonce, change.target)


def _reached(journal: Journal, proposal: str, change: Change) -> State | None:
    """The state that the way forward brought the target to; None where nothing was done to it."""
    forward = next(one for one in journal.executions(proposal) if one.direction == "apply")
    done = [one for one in journal.steps(forward.id) if one.target == change.target.key and one.outcome == "done"]
    return max(done, key=lambda one: one.number).leaves if done else None
