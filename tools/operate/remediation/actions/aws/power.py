"""Power: what stopping and starting EC2 instances share; one call leads from one to the other."""

from typing import ClassVar

from tools.domain.remediation import Seen, State, TargetRef
from tools.operate.remediation.action import Action, NotApplicable, Parameters, Step
from tools.operate.remediation.actions.aws.access import AwsAccess, change, rehearse
from tools.operate.remediation.actions.aws.instances import (
    power,
    region_of,
    seen_with_tags,
    switchable_instance,
    tags_of,
)

RUNNING: State = {"State": "running"}
STOPPED: State = {"State": "stopped"}
CALLS = {"stopped": "ec2:StopInstances", "running": "ec2:StartInstances"}
BETWEEN = {"stopped": "stopping", "running": "pending"}


class PowerSwitch(Action):
    """From `start` to `end`, and back by the other call. Neither takes a client token; asked of an instance that is
    there already, AWS answers as if it had done it."""

    system = "aws"
    parameters_type = Parameters
    idempotency = "none"
    most_targets = 50
    start: ClassVar[State]
    end: ClassVar[State]
    access: AwsAccess

    def read(self, target: TargetRef, mark: str) -> Seen:
        """Raises NotApplicable: no such instance, or one that can't be stopped and started."""
        described = switchable_instance(self.access, target)
        return seen_with_tags(power(described), tags_of(described))

    def foresee(self, seen: Seen, parameters: Parameters) -> State:
        """Raises NotApplicable: it is in another state than `start`."""
        if dict(seen.state) != dict(self.start):
            verb = "stopped" if self.end == STOPPED else "started"
            raise NotApplicable(f"it is {seen.state['State']}; only a {self.start['State']} instance can be {verb}")
        return self.end

    def rehearse(self, target: TargetRef, before: State, after: State) -> None:
        rehearse(lambda: self._switch(target, after, DryRun=True))

    def steps(self, before: State, after: State) -> tuple[Step, ...]:
        return (Step(call=CALLS[str(after["State"])], expects=before, leaves=after),) if before != after else ()

    def perform(self, target: TargetRef, step: Step, mark: str) -> None:
        change(lambda: self._switch(target, step.leaves))

    def is_on_the_way(self, now: State, step: Step) -> bool:
        return now.get("State") == BETWEEN[str(step.leaves["State"])]

    def _switch(self, target: TargetRef, to: State, **how: bool) -> None:
        client = self.access.client("ec2", region_of(target))
        call = client.stop_instances if to["State"] == "stopped" else client.start_instances
        call(InstanceIds=[target.id], **how)
