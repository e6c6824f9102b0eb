"""What the worlds of SageMaker endpoints have in common."""

from collections.abc import Iterator
from typing import Any

from pydantic import JsonValue

from tests.operate.remediation.worlds.aws import ACCOUNT, REGION, AwsWorld
from tools.domain.remediation import TargetRef

TAGS = {"environment": "staging", "team": "search"}


def variant(name: str, count: int, weight: float = 1.0) -> dict[str, Any]:
    return {
        "VariantName": name,
        "ModelName": "ranker",
        "InstanceType": "ml.g4dn.xlarge",
        "InitialInstanceCount": count,
        "InitialVariantWeight": weight,
    }


class EndpointsWorld(AwsWorld):
    """Endpoints, their configurations and tags; nothing else."""

    def emptied(self) -> None:
        super().emptied()
        role, image = f"arn:aws:iam::{ACCOUNT}:role/ranker", f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/ranker:1"
        self.admin("sagemaker").create_model(
            ModelName="ranker", ExecutionRoleArn=role, PrimaryContainer={"Image": image}
        )

    def endpoint(self, name: str, *variants: dict[str, Any], tags: dict[str, str] | None = None) -> TargetRef:
        sagemaker = self.admin("sagemaker")
        sagemaker.create_endpoint_config(EndpointConfigName=f"config-{name}", ProductionVariants=list(variants))
        listed = [{"Key": key, "Value": value} for key, value in (TAGS if tags is None else tags).items()]
        sagemaker.create_endpoint(EndpointName=name, EndpointConfigName=f"config-{name}", Tags=listed)
        return TargetRef(id=name, place={"region": REGION})

    def things(self) -> Iterator[tuple[str, JsonValue]]:
        sagemaker = self.admin("sagemaker")
        for one in sagemaker.list_endpoints()["Endpoints"]:
            tags = sagemaker.list_tags(ResourceArn=one["EndpointArn"])["Tags"]
            described = sagemaker.describe_endpoint(EndpointName=one["EndpointName"])
            yield f"endpoint {one['EndpointName']}", {**_body(described), "Tags": sorted(tags, key=str)}
        for one in sagemaker.list_endpoint_configs()["EndpointConfigs"]:
            name = one["EndpointConfigName"]
            yield f"configuration {name}", _body(sagemaker.describe_endpoint_config(EndpointConfigName=name))


def _body(answer: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in answer.items() if key != "ResponseMetadata"}
