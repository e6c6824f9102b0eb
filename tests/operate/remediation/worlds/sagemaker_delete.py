"""Endpoints that nobody calls, with tags and without."""

from collections.abc import Mapping
from typing import ClassVar

from moto.sagemaker.models import sagemaker_backends

from tests.operate.remediation.worlds import Scene, Unfit
from tests.operate.remediation.worlds.aws import ACCOUNT, REGION
from tests.operate.remediation.worlds.aws_endpoints import EndpointsWorld, variant
from tools.domain.remediation import TargetRef


class TheWorld(EndpointsWorld):
    scenarios = ("idle",)
    not_restored: ClassVar[Mapping[str, str]] = {
        "^endpoint .*/(CreationTime|LastModifiedTime)$": "an endpoint that is created again tells when that was",
    }

    def scene(self, scenario: str) -> Scene:
        self.emptied()
        good = (
            self.endpoint("ranker-a", variant("blue", 4, 0.5), variant("green", 2, 0.5)),
            self.endpoint("ranker-b", variant("blue", 3), tags={}),
            self.endpoint("ranker-c", variant("blue", 2)),
        )
        changing = self.endpoint("ranker-d", variant("blue", 2))
        sagemaker_backends[ACCOUNT][REGION].endpoints["ranker-d"].endpoint_status = "Updating"
        return Scene(
            good,
            (
                Unfit(changing, "only one that is InService"),
                Unfit(TargetRef(id="ranker-z", place={"region": REGION}), "no such endpoint"),
            ),
        )
