"""What the worlds of Auto Scaling groups have in common."""

from collections.abc import Iterator
from typing import Any

from pydantic import JsonValue

from tests.operate.remediation.worlds.aws import IMAGE, AwsWorld
from tools.domain.remediation import TargetRef

REPLACED = "the instances that a group launches again are others, and get others' addresses and volumes"


class GroupsWorld(AwsWorld):
    """Groups, thing by thing with their schedules; a thing is named by its region too, as groups of two regions may
    have one name."""

    regions: tuple[str, ...] = ()
    with_instances = True

    def group(self, region: str, name: str, low: int, desired: int, high: int, zone: str = "a") -> TargetRef:
        autoscaling = self.admin("autoscaling", region)
        autoscaling.create_launch_configuration(LaunchConfigurationName=name, ImageId=IMAGE, InstanceType="g5.xlarge")
        autoscaling.create_auto_scaling_group(
            AutoScalingGroupName=name,
            MinSize=low,
            DesiredCapacity=desired,
            MaxSize=high,
            LaunchConfigurationName=name,
            AvailabilityZones=[f"{region}{zone}"],
            Tags=[{"Key": "environment", "Value": "staging", "PropagateAtLaunch": True}],
        )
        return TargetRef(id=name, place={"region": region})

    def belongs(self, thing: str, target: TargetRef) -> bool:
        return thing.startswith(f"{target.place['region']} ") and thing.split(" ")[2] == target.id

    def things(self) -> Iterator[tuple[str, JsonValue]]:
        for region in self.regions:
            autoscaling = self.admin("autoscaling", region)
            for one in autoscaling.describe_auto_scaling_groups()["AutoScalingGroups"]:
                yield f"{region} group {one['AutoScalingGroupName']}", one
            for one in autoscaling.describe_scheduled_actions()["ScheduledUpdateGroupActions"]:
                yield f"{region} schedule {one['AutoScalingGroupName']} {one['ScheduledActionName']}", one
            if self.with_instances:
                yield from self._instances(region)

    def _instances(self, region: str) -> Iterator[tuple[str, JsonValue]]:
        """By their group and number in it; terminated ones are gone."""
        found: dict[str, list[Any]] = {}
        for part in self.admin("ec2", region).describe_instances()["Reservations"]:
            for one in part["Instances"]:
                if one["State"]["Name"] != "terminated":
                    tags = {tag["Key"]: tag["Value"] for tag in one.get("Tags", ())}
                    found.setdefault(tags.get("aws:autoscaling:groupName", "-"), []).append(one)
        for name, instances in found.items():
            yield from ((f"{region} instance {name} #{number}", one) for number, one in enumerate(instances))
