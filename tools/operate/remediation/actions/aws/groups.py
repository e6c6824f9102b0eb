"""Auto Scaling groups as actions see them. A group is found by its name and its region."""

from typing import Any

from tools.domain.remediation import Seen, State, TargetRef
from tools.operate.remediation.action import NotApplicable
from tools.operate.remediation.actions.aws.access import AwsAccess, read_or_none
from tools.operate.remediation.actions.aws.instances import region_of, seen_with_tags, tags_of

DESCRIBE = "autoscaling:DescribeAutoScalingGroups"


def group(access: AwsAccess, target: TargetRef) -> dict[str, Any]:
    """The group as DescribeAutoScalingGroups tells it. Raises NotApplicable when there is none, or it is deleted."""
    client = access.client("autoscaling", region_of(target))
    answer = read_or_none(lambda: client.describe_auto_scaling_groups(AutoScalingGroupNames=[target.id]))
    found = answer["AutoScalingGroups"] if answer else []
    if not found or found[0].get("Status"):  # AWS gives a status only to a group that is being deleted
        raise NotApplicable(f"{target.id}: there is no such Auto Scaling group in {region_of(target)}")
    return dict(found[0])


def seen_group(described: dict[str, Any], state: State) -> Seen:
    return seen_with_tags(state, tags_of(described), name=described["AutoScalingGroupName"])
