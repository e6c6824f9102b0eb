"""sagemaker_scale: set how many instances serve a SageMaker endpoint, variant by variant."""

from typing import Any

from pydantic import Field, JsonValue

from tools.domain.remediation import Seen, State, TargetRef
from tools.operate.remediation.action import Action, NotApplicable, Parameters, Step
from tools.operate.remediation.actions.aws.access import AwsAccess, change
from tools.operate.remediation.actions.aws.endpoints import (
    DESCRIBE,
    IN_SERVICE,
    LIST_TAGS,
    endpoint_or_none,
    endpoint_tags,
)
from tools.operate.remediation.actions.aws.instances import region_of, seen_with_tags

UPDATE = "sagemaker:UpdateEndpointWeightsAndCapacities"
COUNT, WEIGHT, SERVERLESS = "DesiredInstanceCount", "DesiredWeight", "DesiredServerlessConfig"
Variants = dict[str, dict[str, JsonValue]]


class ScaleParameters(Parameters):
    instance_count: int = Field(ge=1, le=1000)
    """Of each variant; an endpoint can't be scaled to none, only deleted."""
    variant: str | None = None
    """Only this one; none given: every variant."""


class SagemakerScale(Action):
    """One update sets the counts of all variants; their weights stay. It takes no client token."""

    name = "sagemaker_scale"
    title = "Scale SageMaker endpoints"
    system = "aws"
    parameters_type = ScaleParameters
    reads = frozenset({DESCRIBE, LIST_TAGS})
    writes = frozenset({UPDATE})
    undoes = frozenset({UPDATE})
    idempotency = "none"
    most_targets = 20
    risk = "medium"
    rollback = "the variants get their former instance counts and weights back; new instances take minutes to serve"
    settles_within_seconds = 1800
    access: AwsAccess

    def read(self, target: TargetRef, mark: str) -> Seen:
        """Raises NotApplicable: no such endpoint."""
        found = endpoint_or_none(self.access, target)
        if found is None:
            raise NotApplicable(f"{target.id}: there is no such endpoint in {region_of(target)}")
        tags = endpoint_tags(self.access, target, found["EndpointArn"])
        variants = {one["VariantName"]: _told(one) for one in found.get("ProductionVariants", ())}
        state: State = {"EndpointStatus": found["EndpointStatus"], "ProductionVariants": {**variants}}
        return seen_with_tags(state, tags, name=target.id)

    def foresee(self, seen: Seen, parameters: Parameters) -> State:
        """Raises NotApplicable: it is not in service, serverless, lacks the variant, or has that many."""
        assert isinstance(parameters, ScaleParameters)
        if seen.state["EndpointStatus"] != IN_SERVICE:
            raise NotApplicable(
                f"it is {seen.state['EndpointStatus']}; only an endpoint that is {IN_SERVICE} can be scaled"
            )
        variants = _variants(seen.state)
        chosen = [parameters.variant] if parameters.variant else sorted(variants)
        if not variants.keys() >= set(chosen):
            raise NotApplicable(f"it has no variant {parameters.variant!r}; it has {', '.join(sorted(variants))}")
        if any(SERVERLESS in variants[name] for name in chosen):
            raise NotApplicable("it is serverless and has no instances; only variants on instances can be scaled")
        if all(variants[name][COUNT] == parameters.instance_count for name in chosen):
            raise NotApplicable(f"it has {parameters.instance_count} already; another instance_count would change it")
        scaled = {name: {**variants[name], COUNT: parameters.instance_count} for name in chosen}
        return {"EndpointStatus": IN_SERVICE, "ProductionVariants": {**variants, **scaled}}

    def steps(self, before: State, after: State) -> tuple[Step, ...]:
        return (Step(call=UPDATE, expects=before, leaves=after),) if before != after else ()

    def perform(self, target: TargetRef, step: Step, mark: str) -> None:
        client, was = self.access.client("sagemaker", region_of(target)), _variants(step.expects)
        wanted = [{"VariantName": name, **one} for name, one in _variants(step.leaves).items() if one != was.get(name)]
        change(
            lambda: client.update_endpoint_weights_and_capacities(
                EndpointName=target.id, DesiredWeightsAndCapacities=wanted
            )
        )

    def is_on_the_way(self, now: State, step: Step) -> bool:
        return now.get("EndpointStatus") == "Updating"


def _told(variant: dict[str, Any]) -> dict[str, JsonValue]:
    return {name: variant[name] for name in (COUNT, WEIGHT, SERVERLESS) if variant.get(name) is not None}


def _variants(state: State) -> Variants:
    found = state["ProductionVariants"]
    assert isinstance(found, dict)
    return {name: dict(one) for name, one in found.items() if isinstance(one, dict)}
