"""k8s_node_pool: set the number of machines of Cluster API's MachineDeployments.

Plain Kubernetes has no API for node pools. Cluster API has this one; Karpenter makes nodes as they are needed, within
the limits that `k8s_node_limit` sets; elsewhere the pool is the cloud's (an Auto Scaling group on AWS).
"""

from tools.operate.remediation.actions.kubernetes.access import Json
from tools.operate.remediation.actions.kubernetes.kinds import MACHINE_DEPLOYMENT, Located
from tools.operate.remediation.actions.kubernetes.scaling import ScaleAction

MOST = "cluster.x-k8s.io/cluster-api-autoscaler-node-group-max-size"
"""The annotation by which the cluster autoscaler takes a MachineDeployment over:
https://cluster-api.sigs.k8s.io/tasks/automated-machine-management/autoscaling"""
TOPOLOGY = "topology.cluster.x-k8s.io/owned"
"""The label of what a Cluster's topology makes, and makes anew when it is changed."""


class K8sNodePool(ScaleAction):
    """One number of machines → another, and back. Fewer: Cluster API drains the nodes that it takes away."""

    name = "k8s_node_pool"
    title = "Scale node pools (Cluster API)"
    reads = frozenset(
        {
            "get /apis/cluster.x-k8s.io",
            "get machinedeployments.cluster.x-k8s.io",
            "get namespaces",
            "dry-run:patch machinedeployments.cluster.x-k8s.io/scale",
        }
    )
    writes = frozenset({"patch machinedeployments.cluster.x-k8s.io/scale"})
    undoes = writes
    most_targets = 10
    risk = "high"
    rollback = "the pools are scaled back to the number they had; they get new machines, with empty disks"
    kinds = (MACHINE_DEPLOYMENT,)

    def scaled_by(self, at: Located, found: Json) -> str | None:
        """The cluster autoscaler and a Cluster's topology set the number by themselves."""
        metadata = found["metadata"]
        if MOST in (metadata.get("annotations") or {}):
            return "the cluster autoscaler"
        if TOPOLOGY in (metadata.get("labels") or {}):
            return "the topology of its Cluster"
        return super().scaled_by(at, found)
