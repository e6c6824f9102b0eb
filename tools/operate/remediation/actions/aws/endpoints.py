"""SageMaker endpoints as actions see them. An endpoint is found by its name and its region."""

from typing import Any

from tools.domain.remediation import TargetRef
from tools.operate.remediation.actions.aws.access import AwsAccess, read_or_none
from tools.operate.remediation.actions.aws.instances import region_of, tags_of

DESCRIBE, LIST_TAGS = "sagemaker:DescribeEndpoint", "sagemaker:ListTags"
ABSENT = "ValidationException: Could not find"
"""SageMaker gives every fault of a request the same code."""
IN_SERVICE = "InService"


def endpoint_or_none(access: AwsAccess, target: TargetRef) -> dict[str, Any] | None:
    """The endpoint as DescribeEndpoint tells it; None when there is none."""
    client = access.client("sagemaker", region_of(target))
    found = read_or_none(lambda: client.describe_endpoint(EndpointName=target.id), ABSENT)
    return None if found is None else dict(found)


def endpoint_tags(access: AwsAccess, target: TargetRef, arn: str) -> dict[str, str]:
    pages = access.client("sagemaker", region_of(target)).get_paginator("list_tags")
    found = read_or_none(lambda: [one for page in pages.paginate(ResourceArn=arn) for one in page["Tags"]])
    return tags_of({"Tags": found})
