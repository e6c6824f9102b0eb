"""k8s_gpu_quota: cap the GPUs that the pods of a namespace may request together, by a ResourceQuota."""

from collections.abc import Sequence

from pydantic import Field

from tools.domain.remediation import Seen, State, TargetRef
from tools.operate.remediation.action import NotApplicable, Parameters, Step
from tools.operate.remediation.actions.kubernetes.access import Json
from tools.operate.remediation.actions.kubernetes.json_patch import Operation, put, unless_changed, value_at
from tools.operate.remediation.actions.kubernetes.kinds import RESOURCE_QUOTA, Located
from tools.operate.remediation.actions.kubernetes.object_action import ObjectAction
from tools.operate.remediation.actions.kubernetes.owned import made_by, marked
from tools.operate.remediation.actions.kubernetes.quantity import GPU, GPU_PATTERN

HARD = ("spec", "hard")


class GpuQuota(Parameters):
    """At most so many GPUs requested at once; pods that run already stay, new ones above it are refused."""

    gpus: int = Field(ge=0, le=100_000)
    resource: str = Field(default=GPU, pattern=GPU_PATTERN)


class K8sGpuQuota(ObjectAction):
    """The target is the ResourceQuota, also one that does not exist. State: its `hard`, None where there is none."""

    name = "k8s_gpu_quota"
    title = "Cap the GPUs of a namespace"
    parameters_type = GpuQuota
    reads = frozenset(
        {"get resourcequotas", "get namespaces", "dry-run:create resourcequotas", "dry-run:patch resourcequotas"}
    )
    writes = frozenset({"create resourcequotas", "patch resourcequotas"})
    undoes = frozenset({"delete resourcequotas", "patch resourcequotas"})
    most_targets = 20
    risk = "medium"
    rollback = "a quota that was made is deleted, one that was changed gets back what it said"
    kinds = (RESOURCE_QUOTA,)

    def found(self, at: Located) -> Json:
        """{} where there is no such quota yet."""
        return self.access.get(at) or {}

    def state(self, at: Located, found: Json) -> State:
        return {"kind": at.kind.name, "hard": (value_at(found, *HARD) or {}) if found else None}

    def foresee(self, now: Seen, parameters: Parameters) -> State:
        """Raises NotApplicable: that is its quota."""
        assert isinstance(parameters, GpuQuota)
        key, wanted, hard = f"requests.{parameters.resource}", str(parameters.gpus), now.state["hard"]
        had = hard if isinstance(hard, dict) else {}
        if had.get(key) == wanted:
            raise NotApplicable(f"its quota is {wanted} {parameters.resource} already; another would change something")
        return {**now.state, "hard": {**had, key: wanted}}

    def operations(self, found: Json, before: State, after: State) -> Sequence[Operation]:
        return (unless_changed(found, *HARD), *put(found, after["hard"], *HARD))

    def steps(self, before: State, after: State) -> tuple[Step, ...]:
        verb = "create" if before["hard"] is None else "delete" if after["hard"] is None else "patch"
        step = Step(call=f"{verb} {RESOURCE_QUOTA.permission}", expects=before, leaves=after)
        return (step,) if before != after else ()

    def rehearse(self, target: TargetRef, before: State, after: State) -> None:
        if before["hard"] is not None:
            return super().rehearse(target, before, after)
        at, _ = self.unchanged(target, before)
        self.must_make(at, self.access.create(at, _body(at, after, mark="rehearsed"), rehearsed=True), after)

    def perform(self, target: TargetRef, step: Step, mark: str) -> None:
        at, found = self.unchanged(target, step.expects)
        if step.expects["hard"] is None:
            self.access.create(at, _body(at, step.leaves, mark))
        elif step.leaves["hard"] is None:
            self.access.delete(at, made_by(found, mark))
        else:
            self.access.patch(at, self.operations(found, step.expects, step.leaves))


def _body(at: Located, after: State, mark: str) -> Json:
    metadata = {"name": at.name, "namespace": at.namespace, **marked(mark)}
    return {"apiVersion": "v1", "kind": at.kind.name, "metadata": metadata, "spec": {"hard": after["hard"]}}
