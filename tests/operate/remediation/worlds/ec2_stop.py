"""Running instances on their own, and some that must not be stopped."""

from collections.abc import Mapping
from typing import ClassVar

from tests.operate.remediation.worlds import Scene, Unfit
from tests.operate.remediation.worlds.aws import IMAGE, REGION, AwsWorld
from tools.domain.remediation import TargetRef

HERE = {"region": REGION}


class TheWorld(AwsWorld):
    scenarios = ("running",)
    not_restored: ClassVar[Mapping[str, str]] = {
        "^instance .*Public(Ip|DnsName|IpAddress)$": "a public address that is no Elastic IP is another after a start",
    }

    def scene(self, scenario: str) -> Scene:
        self.emptied()
        ec2 = self.admin("ec2")
        ran = ec2.run_instances(ImageId=IMAGE, MinCount=4, MaxCount=4, InstanceType="g5.xlarge")["Instances"]
        *good, stopped = (one["InstanceId"] for one in ran)
        ec2.stop_instances(InstanceIds=[stopped])
        ec2.create_tags(Resources=good, Tags=[{"Key": "environment", "Value": "staging"}])
        return Scene(
            targets=tuple(TargetRef(id=one, place=HERE) for one in good),
            unfit=(
                Unfit(TargetRef(id=stopped, place=HERE), "only a running instance"),
                Unfit(TargetRef(id="i-0123456789abcdef0", place=HERE), "no such instance in eu-central-1"),
            ),
        )
