"""Running instances, one of them a persistent spot instance, and some that must not be stopped."""

from tests.operate.remediation.worlds import Scene, Unfit
from tests.operate.remediation.worlds.aws import AwsWorld
from tests.operate.remediation.worlds.aws_power import NOT_RESTORED, left_alone, ref, run, spot


class TheWorld(AwsWorld):
    scenarios = ("running",)
    not_restored = NOT_RESTORED

    def scene(self, scenario: str) -> Scene:
        self.emptied()
        ec2 = self.admin("ec2")
        one, other, stopped = run(ec2, 3)
        good = [spot(ec2, "persistent"), one, other]
        ec2.stop_instances(InstanceIds=[stopped])
        ec2.create_tags(Resources=good, Tags=[{"Key": "environment", "Value": "staging"}])
        return Scene(
            targets=tuple(ref(one) for one in good),
            unfit=(
                Unfit(ref(stopped), "only a running instance can be stopped"),
                *left_alone(ec2, self.admin("autoscaling"), "running"),
            ),
        )
