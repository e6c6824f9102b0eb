"""Karpenter NodePools with a limit for GPUs, with other limits, and with none."""

from tests.operate.remediation.worlds import Scene, Unfit
from tests.operate.remediation.worlds.kubernetes import KubernetesWorld, unreachable
from tools.operate.remediation.actions.kubernetes.kinds import NODE_POOL


class TheWorld(KubernetesWorld):
    scenarios = ("GPUs",)

    def scene(self, scenario: str) -> Scene:
        self.emptied()
        limits = {"h100": {"cpu": "1000", "nvidia.com/gpu": "64"}, "a100": {"nvidia.com/gpu": 32}, "l4": {"cpu": "10"}}
        targets = [self.make(NODE_POOL, name, {"weight": 1, "limits": those}) for name, those in limits.items()]
        targets.append(self.make(NODE_POOL, "any", {"weight": 1}))
        done = self.make(NODE_POOL, "done", {"limits": {"nvidia.com/gpu": 8}})
        return Scene(
            tuple(targets), (Unfit(done, "limit is 8 nvidia.com/gpu already"), *unreachable(done)), {"gpus": 8}
        )
