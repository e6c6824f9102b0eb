"""Quotas of namespaces: none yet, and some with other words."""

from tests.operate.remediation.worlds import Scene, Unfit
from tests.operate.remediation.worlds.kubernetes import CLUSTER, HERE, KubernetesWorld
from tools.domain.remediation import TargetRef
from tools.operate.remediation.actions.kubernetes.kinds import RESOURCE_QUOTA


class TheWorld(KubernetesWorld):
    scenarios = ("none yet", "changed")

    def scene(self, scenario: str) -> Scene:
        self.emptied()
        hard = {"low": {"pods": "20"}, "high": {"requests.nvidia.com/gpu": "64"}, "none": {}}
        if scenario == "changed":
            targets = tuple(self.make(RESOURCE_QUOTA, name, {"hard": those}) for name, those in hard.items())
        else:
            targets = tuple(TargetRef(id=f"resourcequotas/{name}", place=HERE) for name in hard)
        done = self.make(RESOURCE_QUOTA, "done", {"hard": {"requests.nvidia.com/gpu": "8"}})
        lost = TargetRef(id="resourcequotas/q", place={"cluster": CLUSTER, "namespace": "nowhere"})
        other = TargetRef(id="resourcequotas/q", place={**HERE, "cluster": "gpu-us"})
        return Scene(
            targets,
            (
                Unfit(done, "quota is 8 nvidia.com/gpu already"),
                Unfit(lost, "there is no namespaces/nowhere"),
                Unfit(other, "connected to gpu-eu"),
                Unfit(TargetRef(id="resourcequotas/Q_", place=HERE), "resourcequotas/NAME"),
            ),
            {"gpus": 8},
        )
