"""What earlier executions of a proposal did to a target, by the records alone: the same again after a crash."""

from tools.domain.remediation import TargetRef
from tools.operate.remediation.journal import Execution, Journal, StepRecord


def past_steps(journal: Journal, execution: Execution, target: TargetRef) -> tuple[StepRecord, ...]:
    """The target's steps in the executions before this one, oldest first."""
    earlier = sorted(one.id for one in journal.executions(execution.proposal) if one.id < execution.id)
    found = [step for one in earlier for step in journal.steps(one) if step.target == target.key]
    return tuple(sorted(found, key=lambda step: (step.execution, step.number)))
