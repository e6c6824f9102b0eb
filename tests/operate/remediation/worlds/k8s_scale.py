"""Deployments and StatefulSets that run, and some that something else scales."""

from typing import Any

from tests.operate.remediation.worlds import Scene, Unfit
from tests.operate.remediation.worlds.kubernetes import KubernetesWorld, unreachable
from tests.operate.remediation.worlds.kubernetes_pods import deployment, workload
from tools.operate.remediation.actions.kubernetes.kinds import (
    AUTOSCALER,
    DEPLOYMENT,
    SCALED_OBJECT,
    STATEFUL_SET,
)

OWNER = {"apiVersion": "ray.io/v1", "kind": "RayCluster", "name": "ray", "uid": "u-1", "controller": True}


class TheWorld(KubernetesWorld):
    scenarios = ("down to none", "up from none", "StatefulSets", "despite autoscalers")

    def scene(self, scenario: str) -> Scene:
        self.emptied()
        kind = STATEFUL_SET if scenario == "StatefulSets" else DEPLOYMENT
        spec = workload if kind is STATEFUL_SET else deployment
        had, wanted = {"up from none": (0, 2), "StatefulSets": (1, 3)}.get(scenario, (3, 0))
        targets = tuple(self.make(kind, name, spec(had)) for name in ("chat", "embed", "rank"))
        done = self.make(kind, "done", spec(wanted))
        unfit = [Unfit(done, f"{wanted} replicas already"), *unreachable(done)]
        scaled = tuple(self._scaled(had).items())
        despite = scenario == "despite autoscalers"
        if not despite:
            unfit += [
                Unfit(self.make(DEPLOYMENT, name, deployment(had), **more), told) for name, (told, more) in scaled
            ]
        else:
            targets += tuple(self.make(DEPLOYMENT, name, deployment(had), **more) for name, (_, more) in scaled)
        parameters = {"replicas": wanted, **({"despite_autoscaler": True} if despite else {})}
        return Scene(targets, tuple(unfit), parameters)

    def _scaled(self, replicas: int) -> dict[str, tuple[str, dict[str, Any]]]:
        """Names of Deployments that something else scales → what, and what else they say."""
        aim = {"apiVersion": "apps/v1", "kind": "Deployment", "name": "by-hpa"}
        self.make(AUTOSCALER, "load", {"scaleTargetRef": aim, "maxReplicas": 9})
        self.make(SCALED_OBJECT, "queue", {"scaleTargetRef": {"name": "by-keda"}, "triggers": []})
        return {
            "by-hpa": ("HorizontalPodAutoscaler load", {}),
            "by-keda": ("ScaledObject queue", {}),
            "by-ray": ("RayCluster ray", {"ownerReferences": [OWNER]}),
        }
