"""k8s_scale: set the number of pods of Deployments and StatefulSets."""

from tools.operate.remediation.actions.kubernetes.access import Json
from tools.operate.remediation.actions.kubernetes.kinds import (
    AUTOSCALER,
    DEPLOYMENT,
    SCALED_OBJECT,
    STATEFUL_SET,
    Kind,
    Located,
)
from tools.operate.remediation.actions.kubernetes.scaling import ScaleAction


class K8sScale(ScaleAction):
    """One number of replicas → another, and back."""

    name = "k8s_scale"
    title = "Scale Deployments and StatefulSets"
    reads = frozenset(
        {
            "get deployments",
            "get statefulsets",
            "get namespaces",
            "list horizontalpodautoscalers",
            "list scaledobjects.keda.sh",
            "dry-run:patch deployments/scale",
            "dry-run:patch statefulsets/scale",
        }
    )
    writes = frozenset({"patch deployments/scale", "patch statefulsets/scale"})
    undoes = writes
    most_targets = 50
    risk = "medium"
    rollback = "they are scaled back to the number they had; pods start anew, and what they held in memory is lost"
    kinds = (DEPLOYMENT, STATEFUL_SET)

    def scaled_by(self, at: Located, found: Json) -> str | None:
        """KEDA before the autoscaler that it makes: at zero replicas it has none."""
        by_keda = self._aimed(SCALED_OBJECT, at)
        return super().scaled_by(at, found) or by_keda or self._aimed(AUTOSCALER, at)

    def _aimed(self, scaler: Kind, at: Located) -> str | None:
        """The scaler of this kind that aims at the object; a ScaledObject that names no kind aims at a Deployment."""
        for one in self.access.list(scaler, at.namespace):
            aim = one["spec"]["scaleTargetRef"]
            if (aim.get("kind") or DEPLOYMENT.name, aim["name"]) == (at.kind.name, at.name):
                return f"{scaler.name} {one['metadata']['name']}"
        return None
