"""Instances of several types, running or stopped."""

from collections.abc import Mapping
from typing import ClassVar

from tests.operate.remediation.worlds import Scene, Unfit
from tests.operate.remediation.worlds.aws import AwsWorld
from tests.operate.remediation.worlds.aws_power import NOT_RESTORED, left_alone, ref, run, spot


class TheWorld(AwsWorld):
    scenarios = ("running", "stopped")
    not_restored: ClassVar[Mapping[str, str]] = {
        **NOT_RESTORED,
        "^instance .*State(Transition)?Reason": "EC2 tells when and why it was last stopped",
    }

    def scene(self, scenario: str) -> Scene:
        self.emptied()
        ec2 = self.admin("ec2")
        good = [spot(ec2, "persistent"), *run(ec2, 1, "g5.12xlarge"), *run(ec2, 1, "p4d.24xlarge")]
        (same,) = run(ec2, 1, "g5.2xlarge")
        if scenario == "stopped":
            ec2.stop_instances(InstanceIds=good)
        return Scene(
            targets=tuple(ref(one) for one in good),
            unfit=(
                Unfit(ref(same), "another instance_type would change it"),
                *left_alone(ec2, self.admin("autoscaling"), scenario),
            ),
            parameters={"instance_type": "g5.2xlarge"},
        )
