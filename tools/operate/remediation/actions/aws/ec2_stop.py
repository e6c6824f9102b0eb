"""ec2_stop: stop EC2 instances. The disk stays and is billed; the memory's content is gone."""

from tools.domain.remediation import Seen, State, TargetRef
from tools.operate.remediation.action import Action, NotApplicable, Parameters, Step
from tools.operate.remediation.actions.aws.access import AwsAccess, change, rehearse
from tools.operate.remediation.actions.aws.instances import instance, power, region_of, tags_of
from tools.operate.remediation.tags import ENVIRONMENT, NAME, OWNER, said

RUNNING: State = {"State": "running"}
STOPPED: State = {"State": "stopped"}
CALLS = {"stopped": "ec2:StopInstances", "running": "ec2:StartInstances"}


class Ec2Stop(Action):
    """Running → stopped, and back by a start."""

    name = "ec2_stop"
    title = "Stop EC2 instances"
    system = "aws"
    parameters_type = Parameters
    reads = frozenset({"ec2:DescribeInstances", "dry-run:ec2:StopInstances"})
    writes = frozenset({"ec2:StopInstances"})
    undoes = frozenset({"ec2:StartInstances"})
    idempotency = "none"
    most_targets = 50
    risk = "medium"
    rollback = "the instances are started again; what was only in memory or on instance store is lost"
    access: AwsAccess

    def read(self, target: TargetRef, mark: str) -> Seen:
        """Raises NotApplicable: no such instance."""
        described = instance(self.access, target)
        tags = tags_of(described)
        name, environment, owner = (said(tags, keys) for keys in (NAME, ENVIRONMENT, OWNER))
        return Seen(state=power(described), name=name or "", environment=environment, owner=owner, tags=tags)

    def foresee(self, seen: Seen, parameters: Parameters) -> State:
        """Raises NotApplicable: it does not run."""
        if seen.state != RUNNING:
            raise NotApplicable(f"it is {seen.state['State']}; only a running instance can be stopped")
        return STOPPED

    def rehearse(self, target: TargetRef, before: State, after: State) -> None:
        client = self.access.client("ec2", region_of(target))
        rehearse(lambda: client.stop_instances(InstanceIds=[target.id], DryRun=True))

    def steps(self, before: State, after: State) -> tuple[Step, ...]:
        return (Step(call=CALLS[str(after["State"])], expects=before, leaves=after),) if before != after else ()

    def perform(self, target: TargetRef, step: Step, mark: str) -> None:
        client = self.access.client("ec2", region_of(target))
        call = client.stop_instances if step.leaves == STOPPED else client.start_instances
        change(lambda: call(InstanceIds=[target.id]))

    def is_on_the_way(self, now: State, step: Step) -> bool:
        return now.get("State") == ("stopping" if step.leaves == STOPPED else "pending")
