"""sagemaker_delete: delete SageMaker endpoints; their instances stop being billed. Model and configuration stay."""

from typing import Any

from tools.domain.remediation import Seen, State, TargetRef
from tools.operate.remediation.action import Action, CallRefused, NotApplicable, Parameters, Step
from tools.operate.remediation.actions.aws.access import AwsAccess, change, read_or_none
from tools.operate.remediation.actions.aws.endpoints import (
    ABSENT,
    DESCRIBE,
    IN_SERVICE,
    LIST_TAGS,
    endpoint_or_none,
    endpoint_tags,
)
from tools.operate.remediation.actions.aws.instances import region_of, seen_with_tags

DESCRIBE_CONFIG = "sagemaker:DescribeEndpointConfig"
DELETE, CREATE, ADD_TAGS = "sagemaker:DeleteEndpoint", "sagemaker:CreateEndpoint", "sagemaker:AddTags"
NONE: State = {"EndpointStatus": None, "EndpointConfigName": None, "Tags": {}}


class SagemakerDelete(Action):
    """In service → gone, and back by creating it again, then its tags.

    Deleting one that is gone and creating one that is there are refused, so neither happens twice. Adding tags has no
    such condition, and stays the same when it is done again.
    """

    name = "sagemaker_delete"
    title = "Delete SageMaker endpoints"
    system = "aws"
    parameters_type = Parameters
    reads = frozenset({DESCRIBE, LIST_TAGS, DESCRIBE_CONFIG})
    writes = frozenset({DELETE})
    undoes = frozenset({CREATE, ADD_TAGS})
    idempotency = "none"
    most_targets = 10
    risk = "high"
    rollback = (
        "the endpoints are created again from their endpoint configurations, with their tags; counts and weights "
        "changed since, autoscaling targets, alarms and what they held in memory are lost, and it takes minutes until "
        "they serve"
    )
    settles_within_seconds = 1800
    access: AwsAccess

    def read(self, target: TargetRef, mark: str) -> Seen:
        """An endpoint that is not there is a state: it is what deleting leaves."""
        found = endpoint_or_none(self.access, target)
        if found is None:
            return Seen(state=NONE, name=target.id)
        tags = endpoint_tags(self.access, target, found["EndpointArn"])
        own = {key: value for key, value in tags.items() if not key.startswith("aws:")}
        state = {"EndpointStatus": found["EndpointStatus"], "EndpointConfigName": _config(found), "Tags": own}
        return seen_with_tags(state, tags, name=target.id)

    def foresee(self, seen: Seen, parameters: Parameters) -> State:
        """Raises NotApplicable: there is no such endpoint, or it is not in service."""
        if seen.state["EndpointStatus"] is None:
            raise NotApplicable(f"{seen.name}: there is no such endpoint")
        if seen.state["EndpointStatus"] != IN_SERVICE:
            raise NotApplicable(f"it is {seen.state['EndpointStatus']}; only one that is {IN_SERVICE} can be deleted")
        return NONE

    def rehearse(self, target: TargetRef, before: State, after: State) -> None:
        """Raises CallRefused: its configuration is gone, so that it could not be created again."""
        client, config = self.access.client("sagemaker", region_of(target)), before["EndpointConfigName"]
        if read_or_none(lambda: client.describe_endpoint_config(EndpointConfigName=config), ABSENT) is None:
            raise CallRefused(f"{target.id}: its configuration {config} is gone, so it could not be created again")

    def steps(self, before: State, after: State) -> tuple[Step, ...]:
        if before == after:
            return ()
        if after["EndpointStatus"] is None:
            return (Step(call=DELETE, expects=before, leaves=after),)
        bare = {**after, "Tags": {}}
        creates = (Step(call=CREATE, expects=before, leaves=bare),) if before["EndpointStatus"] is None else ()
        return (*creates, Step(call=ADD_TAGS, expects=bare, leaves=after)) if after["Tags"] else creates

    def perform(self, target: TargetRef, step: Step, mark: str) -> None:
        client = self.access.client("sagemaker", region_of(target))
        if step.call == DELETE:
            change(lambda: client.delete_endpoint(EndpointName=target.id))
        elif step.call == CREATE:
            config = step.leaves["EndpointConfigName"]
            change(lambda: client.create_endpoint(EndpointName=target.id, EndpointConfigName=config))
        else:
            found = endpoint_or_none(self.access, target)
            if found is None:
                raise CallRefused(f"{target.id} is gone, so it got no tags")
            tags = [{"Key": key, "Value": value} for key, value in sorted(_tags(step.leaves).items())]
            change(lambda: client.add_tags(ResourceArn=found["EndpointArn"], Tags=tags))

    def is_on_the_way(self, now: State, step: Step) -> bool:
        return now.get("EndpointStatus") == {DELETE: "Deleting", CREATE: "Creating"}.get(step.call)


def _config(found: dict[str, Any]) -> str:
    return str(found["EndpointConfigName"])


def _tags(state: State) -> dict[str, str]:
    tags = state["Tags"]
    assert isinstance(tags, dict)
    return {key: str(value) for key, value in tags.items()}
