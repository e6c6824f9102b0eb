"""An instance, a volume and a snapshot whose owner is not known, or was another."""

from collections.abc import Iterator

from pydantic import JsonValue

from tests.operate.remediation.worlds import Scene, Unfit
from tests.operate.remediation.worlds.aws import REGION, AwsWorld
from tests.operate.remediation.worlds.aws_power import ref, run
from tools.domain.remediation import TargetRef


class TheWorld(AwsWorld):
    scenarios = ("untagged", "tagged otherwise")

    def scene(self, scenario: str) -> Scene:
        self.emptied()
        ec2 = self.admin("ec2")
        instance, done = run(ec2, 2)
        volume = ec2.create_volume(Size=100, AvailabilityZone=f"{REGION}a")["VolumeId"]
        snapshot = ec2.create_snapshot(VolumeId=volume)["SnapshotId"]
        good = [instance, volume, snapshot]
        if scenario == "tagged otherwise":
            ec2.create_tags(
                Resources=good, Tags=[{"Key": "Owner", "Value": "eve"}, {"Key": "purpose", "Value": "trial"}]
            )
        both = [{"Key": "owner", "Value": "ada"}, {"Key": "team", "Value": "search"}]
        ec2.create_tags(Resources=[done], Tags=both)
        return Scene(
            targets=tuple(ref(one) for one in good),
            unfit=(
                Unfit(ref(done), "another owner or team"),
                Unfit(ref("vol-0123456789abcdef0"), f"no such resource in {REGION}"),
                Unfit(TargetRef(id="vpc-0123456789abcdef0", place={"region": REGION}), "only instances (i-…)"),
            ),
            parameters={"owner": "ada", "team": "search"},
        )

    def things(self) -> Iterator[tuple[str, JsonValue]]:
        yield from super().things()
        for one in self.admin("ec2").describe_snapshots(OwnerIds=["self"])["Snapshots"]:
            yield f"snapshot {one['SnapshotId']}", one
