"""Endpoints with more instances than their traffic needs: of one variant, and of two."""

from typing import Any

from moto.sagemaker.models import sagemaker_backends

from tests.operate.remediation.worlds import Scene, Unfit
from tests.operate.remediation.worlds.aws import ACCOUNT, REGION
from tests.operate.remediation.worlds.aws_endpoints import EndpointsWorld, variant
from tools.domain.remediation import TargetRef

SERVERLESS: dict[str, Any] = {
    "VariantName": "blue",
    "ModelName": "ranker",
    "ServerlessConfig": {"MemorySizeInMB": 2048, "MaxConcurrency": 5},
}


class TheWorld(EndpointsWorld):
    scenarios = ("every variant", "one variant")

    def scene(self, scenario: str) -> Scene:
        self.emptied()
        good = (
            self.endpoint("ranker-a", variant("blue", 4, 0.5), variant("green", 2, 0.5)),
            self.endpoint("ranker-b", variant("blue", 3), tags={}),
            self.endpoint("ranker-c", variant("blue", 2)),
        )
        changing = self.endpoint("ranker-f", variant("blue", 2))
        sagemaker_backends[ACCOUNT][REGION].endpoints["ranker-f"].endpoint_status = "Updating"
        unfit = (
            Unfit(self.endpoint("ranker-d", SERVERLESS), "only variants on instances"),
            Unfit(self.endpoint("ranker-e", variant("blue", 1)), "another instance_count"),
            Unfit(changing, "only an endpoint that is InService"),
            Unfit(TargetRef(id="ranker-z", place={"region": REGION}), "no such endpoint"),
        )
        if scenario == "every variant":
            return Scene(good, unfit, {"instance_count": 1})
        other = Unfit(self.endpoint("ranker-g", variant("red", 2)), "it has red")
        return Scene(good, (*unfit, other), {"instance_count": 1, "variant": "blue"})
