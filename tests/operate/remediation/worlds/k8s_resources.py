"""Deployments and StatefulSets with GPUs, and some whose container can't be told."""

from typing import Any

from tests.operate.remediation.worlds import Scene, Unfit
from tests.operate.remediation.worlds.kubernetes import KubernetesWorld, unreachable
from tests.operate.remediation.worlds.kubernetes_pods import deployment, workload
from tools.operate.remediation.actions.kubernetes.kinds import DEPLOYMENT, STATEFUL_SET

GPUS = {"nvidia.com/gpu": "4"}
LARGE = {"limits": {**GPUS, "memory": "64Gi"}, "requests": {**GPUS, "cpu": "8", "memory": "64Gi"}}
RIGHT = {"limits": {"nvidia.com/gpu": "1", "memory": "64Gi"}, "requests": {"nvidia.com/gpu": "1", "cpu": "1500m"}}


class TheWorld(KubernetesWorld):
    scenarios = ("Deployments", "StatefulSets", "named, no GPU any more")

    def scene(self, scenario: str) -> Scene:
        self.emptied()
        kind, spec = (STATEFUL_SET, workload) if scenario == "StatefulSets" else (DEPLOYMENT, deployment)
        named = scenario.startswith("named")
        beside: dict[str, Any] = {"proxy": {}} if named else {}
        targets = (
            self.make(kind, "large", spec(2, **beside, server=LARGE)),
            self.make(kind, "plain", spec(2, **beside, server={"requests": {"cpu": "4"}})),
            self.make(kind, "small", spec(2, **beside, server={"limits": {"nvidia.com/gpu": "2"}})),
        )
        right = {"requests": {"cpu": "1500m"}} if named else RIGHT
        done = self.make(kind, "done", spec(1, server=right))
        two = self.make(kind, "two", spec(1, proxy={}, sidecar={}))
        told = "has no container server; name one of proxy, sidecar" if named else "name one of proxy, sidecar"
        wanted = {"cpu_request": "1.5", "gpus": 0 if named else 1, **({"container": "server"} if named else {})}
        return Scene(targets, (Unfit(done, "these resources already"), Unfit(two, told), *unreachable(done)), wanted)
