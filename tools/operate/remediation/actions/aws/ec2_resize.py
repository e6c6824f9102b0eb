"""ec2_resize: give EC2 instances another type. One that runs is stopped for it, and started again."""

from typing import Any

from pydantic import Field

from tools.domain.remediation import Seen, State, TargetRef
from tools.operate.remediation.action import Action, CallRefused, NotApplicable, Parameters, Step
from tools.operate.remediation.actions.aws.access import AwsAccess, change, read_or_none, rehearse
from tools.operate.remediation.actions.aws.instances import (
    READS,
    instance,
    region_of,
    seen_with_tags,
    switchable_instance,
    tags_of,
)

SETTLED = ("running", "stopped")
NO_TYPE = ("InvalidInstanceType", "InvalidParameterValue")
STOP, MODIFY, START = "ec2:StopInstances", "ec2:ModifyInstanceAttribute", "ec2:StartInstances"


class ResizeParameters(Parameters):
    instance_type: str = Field(pattern=r"^[a-z][a-z0-9-]*\.[a-z0-9-]+$")
    """The new type, such as g5.xlarge."""


class Ec2Resize(Action):
    """Stop where it runs, modify, start where it ran. None of the calls takes a client token."""

    name = "ec2_resize"
    title = "Give EC2 instances another type"
    system = "aws"
    parameters_type = ResizeParameters
    reads = READS | {"ec2:DescribeInstanceTypes", *(f"dry-run:{call}" for call in (STOP, MODIFY, START))}
    writes = frozenset({STOP, MODIFY, START})
    undoes = writes
    idempotency = "none"
    most_targets = 20
    risk = "high"
    rollback = (
        "the instances get their former type back, stopped and started for it where they run; what was only in memory "
        "or on instance store is lost, a public address that is no Elastic IP is another, and a start takes capacity"
    )
    access: AwsAccess

    def read(self, target: TargetRef, mark: str) -> Seen:
        """Raises NotApplicable: no such instance, or one that can't be stopped and started."""
        described = switchable_instance(self.access, target)
        state: State = {"State": described["State"]["Name"], "InstanceType": described["InstanceType"]}
        return seen_with_tags(state, tags_of(described))

    def foresee(self, seen: Seen, parameters: Parameters) -> State:
        """Raises NotApplicable: it is on its way to another state, or has that type."""
        assert isinstance(parameters, ResizeParameters)
        if seen.state["State"] not in SETTLED:
            raise NotApplicable(f"it is {seen.state['State']}; a running or a stopped instance can be resized")
        if seen.state["InstanceType"] == parameters.instance_type:
            raise NotApplicable(f"it is a {parameters.instance_type} already; another instance_type would change it")
        return {**seen.state, "InstanceType": parameters.instance_type}

    def rehearse(self, target: TargetRef, before: State, after: State) -> None:
        """Raises CallRefused: no such type there, one for another processor, or a missing permission."""
        self._fits(target, str(after["InstanceType"]))
        client = self.access.client("ec2", region_of(target))
        new_type = {"Value": after["InstanceType"]}
        rehearse(lambda: client.modify_instance_attribute(InstanceId=target.id, InstanceType=new_type, DryRun=True))
        if before["State"] == "running":
            rehearse(lambda: client.stop_instances(InstanceIds=[target.id], DryRun=True))
            rehearse(lambda: client.start_instances(InstanceIds=[target.id], DryRun=True))

    def steps(self, before: State, after: State) -> tuple[Step, ...]:
        """From any of the states to any other, also from one where a way was left half done."""
        found: list[Step] = []
        now = dict(before)
        for call, then in self._way(before, after):
            found.append(Step(call=call, expects=now, leaves={**now, **then}))
            now = {**now, **then}
        return tuple(found)

    def perform(self, target: TargetRef, step: Step, mark: str) -> None:
        client = self.access.client("ec2", region_of(target))
        if step.call == MODIFY:
            new_type = {"Value": step.leaves["InstanceType"]}
            change(lambda: client.modify_instance_attribute(InstanceId=target.id, InstanceType=new_type))
        elif step.call == STOP:
            change(lambda: client.stop_instances(InstanceIds=[target.id]))
        else:
            change(lambda: client.start_instances(InstanceIds=[target.id]))

    def is_on_the_way(self, now: State, step: Step) -> bool:
        between = {STOP: "stopping", START: "pending"}.get(step.call)
        return dict(now) == {**step.leaves, "State": between}

    def _way(self, before: State, after: State) -> list[tuple[str, State]]:
        other_type, runs = before["InstanceType"] != after["InstanceType"], before["State"] == "running"
        way: list[tuple[str, State]] = []
        if runs and (other_type or after["State"] == "stopped"):
            way.append((STOP, {"State": "stopped"}))
            runs = False
        if other_type:
            way.append((MODIFY, {"InstanceType": after["InstanceType"]}))
        if after["State"] == "running" and not runs:
            way.append((START, {"State": "running"}))
        return way

    def _fits(self, target: TargetRef, new_type: str) -> None:
        client, region = self.access.client("ec2", region_of(target)), region_of(target)
        answer: Any = read_or_none(lambda: client.describe_instance_types(InstanceTypes=[new_type]), *NO_TYPE)
        if answer is None or not answer["InstanceTypes"]:
            raise CallRefused(f"there is no instance type {new_type} in {region}")
        processors = answer["InstanceTypes"][0].get("ProcessorInfo", {}).get("SupportedArchitectures", [])
        needed = instance(self.access, target).get("Architecture")
        if needed not in processors:
            raise CallRefused(f"{target.id} is built for {needed}, and {new_type} for {', '.join(processors)}")
