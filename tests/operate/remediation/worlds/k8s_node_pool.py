"""MachineDeployments of Cluster API, and some whose number something else sets."""

from tests.operate.remediation.clusters.kinds import MACHINES
from tests.operate.remediation.worlds import Scene, Unfit
from tests.operate.remediation.worlds.kubernetes import KubernetesWorld, unreachable
from tools.operate.remediation.actions.kubernetes.k8s_node_pool import MOST, TOPOLOGY


class TheWorld(KubernetesWorld):
    scenarios = ("fewer", "from none")

    def scene(self, scenario: str) -> Scene:
        self.emptied()
        had, wanted = {"fewer": (4, 1), "from none": (0, 2)}[scenario]
        spec = {"clusterName": "gpu-eu", "replicas": had}
        targets = tuple(self.make(MACHINES, name, spec) for name in ("h100", "a100", "l4"))
        done = self.make(MACHINES, "done", {**spec, "replicas": wanted})
        scaled = self.make(MACHINES, "scaled", spec, annotations={MOST: "8"})
        owned = self.make(MACHINES, "owned", spec, labels={TOPOLOGY: ""})
        return Scene(
            targets,
            (
                Unfit(done, f"{wanted} replicas already"),
                Unfit(scaled, "cluster autoscaler sets its number"),
                Unfit(owned, "topology of its Cluster sets its number"),
                *unreachable(done),
            ),
            {"replicas": wanted},
        )
