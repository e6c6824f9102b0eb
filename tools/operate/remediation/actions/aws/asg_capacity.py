"""asg_capacity: set how many instances an Auto Scaling group has, and may have."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from tools.domain.remediation import Seen, State, TargetRef
from tools.operate.remediation.action import Action, NotApplicable, Parameters, Step
from tools.operate.remediation.actions.aws.access import AwsAccess, change
from tools.operate.remediation.actions.aws.groups import DESCRIBE, group, seen_group
from tools.operate.remediation.actions.aws.instances import region_of

UPDATE = "autoscaling:UpdateAutoScalingGroup"
SIZES = ("MinSize", "DesiredCapacity", "MaxSize")
Instances = Annotated[int, Field(ge=0, le=10_000)]


class CapacityParameters(Parameters):
    """Instances; what is left out stays as it is, but for a desired capacity that the new bounds move."""

    min_size: Instances | None = None
    desired_capacity: Instances | None = None
    max_size: Instances | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if self.min_size is None and self.desired_capacity is None and self.max_size is None:
            raise ValueError("give at least one of min_size, desired_capacity, max_size")
        return self


class AsgCapacity(Action):
    """One update sets all three sizes. It takes no client token, and no condition on the sizes before."""

    name = "asg_capacity"
    title = "Set the capacity of Auto Scaling groups"
    system = "aws"
    parameters_type = CapacityParameters
    reads = frozenset({DESCRIBE})
    writes = frozenset({UPDATE})
    undoes = frozenset({UPDATE})
    idempotency = "none"
    most_targets = 20
    risk = "medium"
    rollback = (
        "the groups get their former sizes back and launch instances anew; instances that were terminated, and what "
        "only they held, are gone"
    )
    access: AwsAccess

    def read(self, target: TargetRef, mark: str) -> Seen:
        """Raises NotApplicable: no such group."""
        described = group(self.access, target)
        return seen_group(described, {size: described[size] for size in SIZES})

    def foresee(self, seen: Seen, parameters: Parameters) -> State:
        """Raises NotApplicable: the sizes contradict each other, or are so already."""
        assert isinstance(parameters, CapacityParameters)
        low = _or(parameters.min_size, seen.state["MinSize"])
        high = _or(parameters.max_size, seen.state["MaxSize"])
        if low > high:
            raise NotApplicable(f"its MinSize would be {low}, its MaxSize {high}; give min_size and max_size that fit")
        desired = _or(parameters.desired_capacity, min(max(_or(None, seen.state["DesiredCapacity"]), low), high))
        if not low <= desired <= high:
            raise NotApplicable(
                f"desired_capacity={desired} is outside of its {low} to {high}; give min_size or max_size"
            )
        after: State = {"MinSize": low, "DesiredCapacity": desired, "MaxSize": high}
        if after == dict(seen.state):
            raise NotApplicable(f"its sizes are {low}, {desired} and {high} already; other sizes would change it")
        return after

    def steps(self, before: State, after: State) -> tuple[Step, ...]:
        return (Step(call=UPDATE, expects=before, leaves=after),) if before != after else ()

    def perform(self, target: TargetRef, step: Step, mark: str) -> None:
        client = self.access.client("autoscaling", region_of(target))
        change(lambda: client.update_auto_scaling_group(AutoScalingGroupName=target.id, **step.leaves))


def _or(chosen: int | None, current: object) -> int:
    return int(str(current)) if chosen is None else chosen
