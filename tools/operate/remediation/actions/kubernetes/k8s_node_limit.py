"""k8s_node_limit: cap the GPUs of Karpenter's NodePools.

Karpenter makes nodes as pods need them, up to `spec.limits`; a lower limit keeps new ones from coming, and takes none
away: https://karpenter.sh/docs/concepts/nodepools/#speclimits
"""

from collections.abc import Sequence

from pydantic import Field

from tools.domain.remediation import Seen, State
from tools.operate.remediation.action import NotApplicable, Parameters
from tools.operate.remediation.actions.kubernetes.access import Json
from tools.operate.remediation.actions.kubernetes.json_patch import Operation, put, unless_changed, value_at
from tools.operate.remediation.actions.kubernetes.kinds import NODE_POOL, Located
from tools.operate.remediation.actions.kubernetes.object_action import ObjectAction
from tools.operate.remediation.actions.kubernetes.quantity import GPU, GPU_PATTERN


class NodeLimit(Parameters):
    """At most so many GPUs at once."""

    gpus: int = Field(ge=0, le=100_000)
    resource: str = Field(default=GPU, pattern=GPU_PATTERN)


class K8sNodeLimit(ObjectAction):
    """State: {"kind": "NodePool", "limits": …}, `limits` as it stands, or None."""

    name = "k8s_node_limit"
    title = "Cap the GPUs of Karpenter node pools"
    parameters_type = NodeLimit
    reads = frozenset({"get nodepools.karpenter.sh", "dry-run:patch nodepools.karpenter.sh"})
    writes = frozenset({"patch nodepools.karpenter.sh"})
    undoes = writes
    most_targets = 10
    risk = "medium"
    rollback = "the limits are set back to what they were"
    kinds = (NODE_POOL,)

    def state(self, at: Located, found: Json) -> State:
        return {"kind": at.kind.name, "limits": value_at(found, "spec", "limits")}

    def foresee(self, now: Seen, parameters: Parameters) -> State:
        """Raises NotApplicable: that is its limit."""
        assert isinstance(parameters, NodeLimit)
        limits, wanted = now.state["limits"], str(parameters.gpus)
        limits = limits if isinstance(limits, dict) else {}
        if str(limits.get(parameters.resource)) == wanted:
            raise NotApplicable(
                f"its limit is {wanted} {parameters.resource} already; another one would change something"
            )
        return {**now.state, "limits": {**limits, parameters.resource: wanted}}

    def operations(self, found: Json, before: State, after: State) -> Sequence[Operation]:
        path = ("spec", "limits")
        return (unless_changed(found, *path), *put(found, after["limits"], *path))
