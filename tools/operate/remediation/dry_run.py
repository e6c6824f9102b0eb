"""dry_run: what applying a plan would do now, target by target. Reads and rehearses; may call nothing that changes."""

from collections.abc import Callable
from dataclasses import dataclass

from tools.domain.remediation import Change, Moment, RemediationPlan, TargetRef
from tools.operate.policies.rights import Rights
from tools.operate.remediation.action import Action, CallRefused, NotApplicable, mark_of
from tools.operate.remediation.obstacles import obstacle
from tools.operate.remediation.plan import Doors


@dataclass(frozen=True)
class Rehearsed:
    """One target: the calls that applying would make, in order, and why it would not get through."""

    target: TargetRef
    calls: tuple[str, ...]
    problem: str | None
    """None: it is as the plan saw it, nothing protects it, and its system would take the change."""


@dataclass(frozen=True)
class DryRun:
    """What would happen, were the plan applied now with its approvals."""

    against: tuple[str, ...]
    """What stands against the plan as a whole, such as a freeze."""
    targets: tuple[Rehearsed, ...]

    @property
    def is_clear(self) -> bool:
        return not self.against and all(one.problem is None for one in self.targets)


def dry_run(doors: Doors, plan: RemediationPlan, rights: Rights, now: Callable[[], Moment]) -> DryRun:
    """Read every target again and rehearse it, under the permissions to read and no others.

    Raises:
        BadSetting: the system is not connected.
    """
    action = doors.open(plan.action, doors.kind(plan.action).reads)
    targets = tuple(_rehearsed(action, plan, change, rights, now()) for change in plan.changes)
    return DryRun(rights.obstacles(plan, now()), targets)


def _rehearsed(action: Action, plan: RemediationPlan, change: Change, rights: Rights, now: Moment) -> Rehearsed:
    calls, problem = tuple[str, ...](), None
    try:
        calls = tuple(step.call for step in action.steps(change.before, change.after))
        seen = action.read(change.target, mark_of(plan.nonce, change.target))
        problem = obstacle(plan, change, seen, rights, now, forward=True)
        action.rehearse(change.target, change.before, change.after)
    except (NotApplicable, CallRefused, OSError) as fault:
        problem = problem or str(fault)
    return Rehearsed(change.target, calls, problem)
