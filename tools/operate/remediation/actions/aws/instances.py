"""EC2 instances as actions see them."""

from typing import Any

from tools.domain.remediation import State, TargetRef
from tools.operate.remediation.action import NotApplicable
from tools.operate.remediation.actions.aws.access import AwsAccess, read_or_none

GONE = ("InvalidInstanceID.NotFound", "InvalidInstanceID.Malformed")


def region_of(target: TargetRef) -> str:
    """Raises NotApplicable for a target without its region."""
    if "region" not in target.place:
        raise NotApplicable(f"{target.id}: its region is not known, so it can't be reached")
    return target.place["region"]


def instance(access: AwsAccess, target: TargetRef) -> dict[str, Any]:
    """The instance as DescribeInstances tells it. Raises NotApplicable when there is none."""
    client = access.client("ec2", region_of(target))
    answer = read_or_none(lambda: client.describe_instances(InstanceIds=[target.id]), *GONE)
    found = [one for part in (answer or {}).get("Reservations", ()) for one in part["Instances"]]
    if not found or found[0]["State"]["Name"] == "terminated":
        raise NotApplicable(f"{target.id}: there is no such instance in {region_of(target)}")
    return dict(found[0])


def tags_of(described: dict[str, Any]) -> dict[str, str]:
    return {one["Key"]: one["Value"] for one in described.get("Tags", ())}


def power(described: dict[str, Any]) -> State:
    return {"State": described["State"]["Name"]}
