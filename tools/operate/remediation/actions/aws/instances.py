"""EC2 instances as actions see them, and those whose power is not ours to switch."""

import re
from typing import Any

from tools.domain.remediation import Seen, State, TargetRef
from tools.operate.remediation.action import NotApplicable
from tools.operate.remediation.actions.aws.access import AwsAccess, read_or_none
from tools.operate.remediation.place import refuse_other_fields
from tools.operate.remediation.tags import ENVIRONMENT, NAME, OWNER, said

READS = frozenset({"ec2:DescribeInstances", "ec2:DescribeSpotInstanceRequests"})
"""Permissions of `switchable_instance`."""
GONE = ("InvalidInstanceID.", "InvalidVolume.NotFound", "InvalidSnapshot.NotFound")
"""Codes by which EC2 says that there is none."""
GROUP = "aws:autoscaling:groupName"
REGION = re.compile(r"[a-z]{2,5}(?:-[a-z]+)+-[0-9]{1,2}")


def region_of(target: TargetRef) -> str:
    """Raises NotApplicable for a target without its region, and for what can't be one."""
    refuse_other_fields(target, "region")
    if "region" not in target.place:
        raise NotApplicable(f"{target.id}: its region is not known, so it can't be reached")
    if not REGION.fullmatch(target.place["region"]):
        raise NotApplicable(f"{target.id}: its region can't be one of AWS's; they are written like us-west-2")
    return target.place["region"]


def instance(access: AwsAccess, target: TargetRef) -> dict[str, Any]:
    """The instance as DescribeInstances tells it. Raises NotApplicable when there is none."""
    client = access.client("ec2", region_of(target))
    answer = read_or_none(lambda: client.describe_instances(InstanceIds=[target.id]), *GONE)
    found = [one for part in (answer or {}).get("Reservations", ()) for one in part["Instances"]]
    if not found or found[0]["State"]["Name"] == "terminated":
        raise NotApplicable(f"{target.id}: there is no such instance in {region_of(target)}")
    return dict(found[0])


def switchable_instance(access: AwsAccess, target: TargetRef) -> dict[str, Any]:
    """An instance that stays itself through a stop and a start. Raises NotApplicable for others, and for none.

    Source of the three rules: "Stop and start your instance" in the EC2 user guide.
    """
    found = instance(access, target)
    if GROUP in tags_of(found):
        raise NotApplicable(
            f"it belongs to the Auto Scaling group {tags_of(found)[GROUP]}, which would replace it; asg_capacity "
            "changes how many the group has"
        )
    if found.get("RootDeviceType") == "instance-store":
        raise NotApplicable("its root disk is an instance store, which can't be stopped; only EBS-backed ones can")
    if found.get("InstanceLifecycle") == "spot" and _spot_type(access, target) != "persistent":
        raise NotApplicable("it is a one-time spot instance; only those of a persistent spot request can be stopped")
    return found


def _spot_type(access: AwsAccess, target: TargetRef) -> str | None:
    client, mine = access.client("ec2", region_of(target)), [{"Name": "instance-id", "Values": [target.id]}]
    answer = read_or_none(lambda: client.describe_spot_instance_requests(Filters=mine))
    requests = answer["SpotInstanceRequests"] if answer else []
    return requests[0].get("Type") if requests else None


def tags_of(described: dict[str, Any]) -> dict[str, str]:
    """AWS's list of tags, also of things that are no instances."""
    return {one["Key"]: one["Value"] for one in described.get("Tags") or ()}


def power(described: dict[str, Any]) -> State:
    return {"State": described["State"]["Name"]}


def seen_with_tags(state: State, tags: dict[str, str], name: str = "") -> Seen:
    """What was seen, with the name, environment and owner that the tags tell; `name` is its name without such a tag."""
    told, environment, owner = (said(tags, keys) for keys in (NAME, ENVIRONMENT, OWNER))
    return Seen(state=state, name=told or name, environment=environment, owner=owner, tags=tags)
