"""Groups that are larger than they have to be."""

from collections.abc import Mapping
from typing import ClassVar

from tests.operate.remediation.worlds import Scene, Unfit
from tests.operate.remediation.worlds.aws import REGION
from tests.operate.remediation.worlds.aws_groups import REPLACED, GroupsWorld
from tools.domain.remediation import TargetRef


class TheWorld(GroupsWorld):
    scenarios = ("smaller", "to nothing")
    regions = (REGION,)
    not_restored: ClassVar[Mapping[str, str]] = {
        f"^{REGION} instance .*/(InstanceId|AmiLaunchIndex|ClientToken|.*(Volume|Attachment|Interface)Id)$": REPLACED,
        f"^{REGION} instance .*/.*(Time|Address|Ip|DnsName)$": REPLACED,
        f"^{REGION} group .*/Instances/": REPLACED,
    }

    def scene(self, scenario: str) -> Scene:
        self.emptied()
        good = tuple(self.group(REGION, name, 0, size, 8) for name, size in (("gpu-a", 3), ("gpu-b", 2), ("gpu-c", 4)))
        small = self.group(REGION, "gpu-d", 0, 0 if scenario == "to nothing" else 1, 1)
        return Scene(
            targets=good,
            unfit=(
                Unfit(small, "other sizes would change it"),
                *(
                    (Unfit(self.group(REGION, "gpu-e", 2, 2, 2), "give min_size and max_size"),)
                    * (scenario == "smaller")
                ),
                Unfit(TargetRef(id="gpu-z", place={"region": REGION}), "no such Auto Scaling group"),
            ),
            parameters={"desired_capacity": 1, "max_size": 1} if scenario == "smaller" else {"desired_capacity": 0},
        )
