"""Course: one execution on its way through a plan, step by step, each written down before its call and after it.

A step that was begun is never begun again: what became of it is read from the target. Only where the system itself
drops a second call (`idempotency` is `key`) is one sent again, once and soon, with the same mark.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from tools.domain.remediation import Change, RemediationPlan
from tools.operate.policies.rights import Rights
from tools.operate.remediation.action import Action, CallRefused, NotApplicable, Step, Surprise, mark_of
from tools.operate.remediation.arrival import Pace, Sight, arrival, sight
from tools.operate.remediation.journal import Ending, Execution, Journal, Outcome, StepRecord
from tools.operate.remediation.obstacles import obstacle
from tools.operate.remediation.past import past_steps

SOON = timedelta(hours=1)
"""How long after its intent a call is sent again with the same mark, as systems remember marks for a day or more; and
how long one that did not happen is still thought able to come."""

OPEN: tuple[Outcome, ...] = ("intended", "unknown")


class Stop(Exception):
    """A target ends the execution here."""

    def __init__(self, detail: str, ending: Ending = "stopped", called: bool = True) -> None:
        super().__init__(detail)
        self.detail, self.called = detail, called
        self.ending: Ending = ending


@dataclass(frozen=True)
class Course:
    """`begins`: whether targets that were not begun yet are begun; without, it only settles what was."""

    journal: Journal
    action: Action
    execution: Execution
    plan: RemediationPlan
    rights: Callable[[], Rights]
    now: Callable[[], datetime]
    pace: Pace
    begins: bool = True

    @property
    def _forward(self) -> bool:
        return self.execution.direction == "apply"

    def go(self) -> tuple[Ending, str]:
        """Go as far as it gets. Forward, the first surprise ends it. Back, a target that can't be begun is left as it
        is and told, so that it doesn't keep the others from being restored."""
        left: list[str] = []
        for change in self._order():
            try:
                self._change(change)
            except Stop as stop:
                left.append(f"{change.target.key}: {stop.detail}")
                if self._forward or stop.called:
                    return stop.ending, "; ".join(left)
        if left:
            return "stopped", "; ".join(left)
        return ("applied" if self._forward else "rolled_back"), ""

    def _order(self) -> list[Change]:
        """As planned, back from the last; first of all the one that was left half-way, so that no other can end the
        execution before it is settled."""
        begun = {one.target for one in self.journal.steps(self.execution.id) if one.outcome in OPEN}
        changes = self.plan.changes if self._forward else self.plan.changes[::-1]
        return sorted(changes, key=lambda change: change.target.key not in begun)

    def _change(self, change: Change) -> None:
        key = change.target.key
        records = {one.number: one for one in self.journal.steps(self.execution.id) if one.target == key}
        for number, step in enumerate(self._steps(change)):
            record = records.get(number)
            if record is None:
                self._begin(change, number, step)
            elif record.outcome in OPEN:
                self._settle(change, record)
            elif record.outcome != "done":
                raise Stop(f"{record.call} is {record.outcome.replace('_', ' ')}: {record.detail}")

    def _steps(self, change: Change) -> tuple[Step, ...]:
        try:
            if self._forward:
                return self.action.steps(change.before, change.after)
            return self._back(change)
        except NotApplicable as fault:
            raise Stop(str(fault), called=False) from fault

    def _back(self, change: Change) -> tuple[Step, ...]:
        past = past_steps(self.journal, self.execution, change.target)
        unsettled = [one for one in past if one.outcome in OPEN]
        if unsettled:
            raise Stop(f"nobody knows what became of {unsettled[-1].call}", called=False)
        done = [one for one in past if one.outcome == "done"]
        return self.action.steps(done[-1].leaves, change.before) if done else ()

    def _begin(self, change: Change, number: int, step: Step) -> None:
        if not self.begins:
            raise Stop("was left as it is, as a doubt before it ended the execution", called=False)
        why = self._objection(change, number, step)
        if why is not None:
            raise Stop(f"{why}; {step.call} was not called", called=number > 0)
        record = StepRecord(
            execution=self.execution.id,
            target=change.target.key,
            number=number,
            **step.model_dump(),
            outcome="intended",
            at=self.now(),
        )
        self.journal.intend(record)
        self._call(change, record)

    def _objection(self, change: Change, number: int, step: Step) -> str | None:
        """Why a step may not be begun. Who may and whether at all is asked before a target's first step only: a target
        half-way is worse than one changed."""
        if number == 0:
            why = self.journal.may_go_on(self.execution.id, self.now())
            if why is not None:
                return why
        try:
            seen = self.action.read(change.target, self._mark(change))
        except (NotApplicable, OSError) as fault:
            return f"can't be read: {fault}"
        if dict(seen.state) != dict(step.expects):
            return f"is {dict(seen.state)}, not {dict(step.expects)}"
        if number > 0:
            return None
        return obstacle(self.plan, change, seen, self.rights(), self.now(), self._forward)

    def _call(self, change: Change, record: StepRecord, again: bool = False) -> None:
        doubt = ""
        try:
            self.action.perform(change.target, _step(record), self._mark(change))
        except CallRefused as refusal:
            if not again:
                self._note(record, "refused", str(refusal))
                raise Stop(f"{record.call} was refused: {refusal}") from None
            doubt = f"its second call was refused ({refusal})"  # which says nothing of the first
        except (Surprise, OSError) as fault:
            doubt = f"its end was not seen ({fault})"
        if doubt and not again and self._resent(change, record):
            return
        self._read_off(change, record, doubt)

    def _settle(self, change: Change, record: StepRecord) -> None:
        """A step that was begun by a process that died, or whose end was not seen."""
        if not self._resent(change, record):
            self._read_off(change, record, "its end was not seen")

    def _resent(self, change: Change, record: StepRecord) -> bool:
        """Whether it was sent once more, as the system drops a second call with the same mark."""
        fresh = self.begins and self.now() - record.at < SOON
        if self.action.idempotency != "key" or not fresh or not self._look(change).is_as(record.expects):
            return False
        self._call(change, record, again=True)
        return True

    def _read_off(self, change: Change, record: StepRecord, doubt: str) -> None:
        step = _step(record)
        came = arrival(lambda: self._look(change), self.action, step, self.pace, in_doubt=bool(doubt))
        self._note(record, came.outcome, f"{doubt}; the target was read: {came.told}" if doubt else came.told)
        if came.outcome == "not_done":
            raise Stop(f"{step.call} did not happen; {doubt}")
        if came.outcome == "unknown":
            raise Stop(f"after {step.call} it is {came.told}, not {dict(step.leaves)}", "unknown")

    def review(self) -> None:
        """Before an ended execution is built upon: a step that did not happen an hour ago or less is read once more, as
        its call may have come late after all."""
        for record in self.journal.steps(self.execution.id):
            if record.outcome == "not_done" and self.now() - record.at < SOON:
                change = next(one for one in self.plan.changes if one.target.key == record.target)
                found = self._look(change)
                if found.is_as(record.leaves):
                    self._note(record, "done", f"it came late; the target was read: {found.told}")

    def _look(self, change: Change) -> Sight:
        return sight(self.action, change.target, self._mark(change))

    def _note(self, record: StepRecord, outcome: Outcome, detail: str) -> None:
        self.journal.note(self.execution.id, record.target, record.number, outcome, detail, self.now())

    def _mark(self, change: Change) -> str:
        return mark_of(self.plan.nonce, change.target)


def _step(record: StepRecord) -> Step:
    """The step as it was meant when it was begun, whatever the action would plan today."""
    return Step(call=record.call, expects=record.expects, leaves=record.leaves)
