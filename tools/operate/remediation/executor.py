"""The executor: applies an approved plan once, and can be killed between any two of its steps.

A dry run is what everybody may have; to change something takes an approved plan. The first surprise ends an execution;
what was done stays on record, and can be rolled back.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from tools.domain.remediation import RemediationPlan
from tools.operate.policies.rights import Rights
from tools.operate.remediation.action import Action
from tools.operate.remediation.admission import NotAdmitted
from tools.operate.remediation.arrival import Pace
from tools.operate.remediation.course import Course
from tools.operate.remediation.dry_run import DryRun, dry_run
from tools.operate.remediation.holding import held, refuse_unsettled
from tools.operate.remediation.journal import Direction, Execution, Journal
from tools.operate.remediation.plan import Doors, drift


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class Executor:
    """Carries out what was approved. Only the graph calls it.

    Whatever else an action raises than it may is a fault of the action and goes up; the execution stays open, with
    each step on record, and `settle` goes on with it.
    """

    journal: Journal
    doors: Doors
    rights: Callable[[], Rights]
    """Read when asked, so that a policy changed since the approval counts."""
    now: Callable[[], datetime] = _now
    pace: Pace = field(default_factory=Pace)

    def dry_run(self, proposal: str) -> DryRun:
        """What applying the proposal would do now, target by target; changes nothing and writes nothing down."""
        return dry_run(self.doors, self.journal.proposal(proposal).plan, self.rights(), self.now)

    def apply(self, proposal: str, by: str) -> Execution:
        """Apply a proposal that has its approvals; by now every target must still be what the plan saw.

        Raises:
            NotAdmitted: with the reason; nothing was changed.
            Busy: another process works on it, or on one of its targets.
            OSError: a target can't be read; nothing was changed.
        """
        with held(self.journal, proposal) as plan:
            refuse_unsettled(self.journal, proposal, plan)
            if self.journal.proposal(proposal).status == "waiting":  # otherwise the journal says why not
                self._refuse_drift(proposal, plan)
            action = self._action(plan, "apply")
            return self._gone(self.journal.begin(proposal, "apply", by, self.rights(), self.now()), plan, action)

    def roll_back(self, proposal: str, by: str) -> Execution:
        """Bring each target that was changed back to what it was before.

        Raises:
            NotAdmitted: nothing was applied, it can't be undone, or the person lacks the right.
            Busy: another process works on it, or on one of its targets.
        """
        with held(self.journal, proposal) as plan:
            refuse_unsettled(self.journal, proposal, plan)
            action = self._action(plan, "rollback")
            for last in self.journal.executions(proposal)[-1:]:
                self._built_upon(last, plan, action)
            return self._gone(self.journal.begin(proposal, "rollback", by, self.rights(), self.now()), plan, action)

    def settle(self, execution: Execution) -> Execution:
        """Go on with an execution whose process died. One that ended unknown is only read off: it begins nothing more,
        however long ago it was approved; once it was rolled back, nobody can tell any more.

        Raises:
            Busy: its process is alive.
        """
        with held(self.journal, execution.proposal) as plan:
            found = {one.id: one for one in self.journal.executions(execution.proposal)}
            latest = found[execution.id]
            if latest.ending not in (None, "unknown") or max(found) > latest.id:
                return latest
            return self._gone(latest, plan, self._action(plan, latest.direction))

    def _refuse_drift(self, proposal: str, plan: RemediationPlan) -> None:
        changed = drift(self.doors, plan)
        if changed:
            told = "; ".join(f"{key}: {why}" for key, why in changed.items())
            raise NotAdmitted(f"{proposal} can't be applied, its targets changed since it was planned: {told}")

    def _built_upon(self, last: Execution, plan: RemediationPlan, action: Action) -> None:
        """Settle what the execution before left in doubt, as long as only that execution can be why."""
        if last.ending == "unknown":
            self._gone(last, plan, action)
        elif last.ending is not None:
            self._course(last, plan, action).review()

    def _action(self, plan: RemediationPlan, direction: Direction) -> Action:
        """Forward it may call what the plan was approved with, even where the action has learned to call more."""
        kind = self.doors.kind(plan.action)
        if direction == "rollback":
            return self.doors.open(plan.action, kind.reads | kind.undoes)
        return self.doors.open(plan.action, (kind.reads | kind.writes) & frozenset(plan.permissions))

    def _course(self, execution: Execution, plan: RemediationPlan, action: Action) -> Course:
        begins = execution.ending is None
        return Course(self.journal, action, execution, plan, self.rights, self.now, self.pace, begins)

    def _gone(self, execution: Execution, plan: RemediationPlan, action: Action) -> Execution:
        ending, detail = self._course(execution, plan, action).go()
        ended = self.now()
        self.journal.finish(execution.id, ending, detail, ended)
        return execution.model_copy(update={"ending": ending, "detail": detail, "ended_at": ended})
