"""Stopped instances, one of them a persistent spot instance, and some that are not to be started."""

from collections.abc import Mapping
from typing import ClassVar

from tests.operate.remediation.worlds import Scene, Unfit
from tests.operate.remediation.worlds.aws import AwsWorld
from tests.operate.remediation.worlds.aws_power import NOT_RESTORED, left_alone, ref, run, spot


class TheWorld(AwsWorld):
    scenarios = ("stopped",)
    not_restored: ClassVar[Mapping[str, str]] = {
        **NOT_RESTORED,
        "^instance .*State(Transition)?Reason": "EC2 tells when and why it was last stopped",
    }

    def scene(self, scenario: str) -> Scene:
        self.emptied()
        ec2 = self.admin("ec2")
        one, other, running = run(ec2, 3)
        good = [spot(ec2, "persistent"), one, other]
        ec2.stop_instances(InstanceIds=good)
        return Scene(
            targets=tuple(ref(one) for one in good),
            unfit=(
                Unfit(ref(running), "only a stopped instance can be started"),
                *left_alone(ec2, self.admin("autoscaling"), "stopped"),
            ),
        )
