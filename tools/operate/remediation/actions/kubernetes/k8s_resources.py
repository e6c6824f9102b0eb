"""k8s_resources: set what a container requests and may use, GPUs and MIG slices among it."""

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import Field, JsonValue

from tools.domain.remediation import Seen, State
from tools.operate.remediation.action import NotApplicable, Parameters
from tools.operate.remediation.actions.kubernetes.access import Json
from tools.operate.remediation.actions.kubernetes.json_patch import Operation, put, unless_changed
from tools.operate.remediation.actions.kubernetes.kinds import DEPLOYMENT, STATEFUL_SET, Located
from tools.operate.remediation.actions.kubernetes.object_action import ObjectAction
from tools.operate.remediation.actions.kubernetes.quantity import GPU, GPU_PATTERN, Quantity

CONTAINERS = ("spec", "template", "spec", "containers")


class ContainerResources(Parameters):
    """What is left out stays as it is. A container has to be named where there are several."""

    container: str | None = None
    cpu_request: Quantity | None = None
    cpu_limit: Quantity | None = None
    memory_request: Quantity | None = None
    memory_limit: Quantity | None = None
    gpus: int | None = Field(default=None, ge=0, le=64)
    """Requested and limited alike, as the API wants of extended resources; 0 takes them away."""
    gpu_resource: str = Field(default=GPU, pattern=GPU_PATTERN)

    def requests(self) -> dict[str, str | None]:
        """What changes, by the resource's name; None: it goes."""
        return self._changed(self.cpu_request, self.memory_request)

    def limits(self) -> dict[str, str | None]:
        return self._changed(self.cpu_limit, self.memory_limit)

    def _changed(self, cpu: str | None, memory: str | None) -> dict[str, str | None]:
        named: dict[str, str | None] = {
            name: value for name, value in (("cpu", cpu), ("memory", memory)) if value is not None
        }
        return named if self.gpus is None else {**named, self.gpu_resource: str(self.gpus) if self.gpus else None}


class K8sResources(ObjectAction):
    """State: {"kind": "Deployment", "containers": {"server": {"limits": …, "requests": …}}}, all containers."""

    name = "k8s_resources"
    title = "Set what containers request and may use"
    parameters_type = ContainerResources
    reads = frozenset(
        {
            "get deployments",
            "get statefulsets",
            "get namespaces",
            "dry-run:patch deployments",
            "dry-run:patch statefulsets",
        }
    )
    writes = frozenset({"patch deployments", "patch statefulsets"})
    undoes = writes
    most_targets = 20
    risk = "high"
    rollback = "requests and limits are set back to what they were; each change replaces the pods one after another"
    kinds = (DEPLOYMENT, STATEFUL_SET)

    def state(self, at: Located, found: Json) -> State:
        return {"kind": at.kind.name, "containers": {one["name"]: one.get("resources") or {} for one in _all(found)}}

    def foresee(self, now: Seen, parameters: Parameters) -> State:
        """Raises NotApplicable: no such container, or nothing would change."""
        assert isinstance(parameters, ContainerResources)
        containers = _containers(now.state)
        name = _chosen(parameters.container, containers)
        had: Any = containers[name]
        changed = {
            "limits": _merged(had.get("limits"), parameters.limits()),
            "requests": _merged(had.get("requests"), parameters.requests()),
        }
        resources = {key: value for key, value in {**had, **changed}.items() if value}
        if resources == had:
            raise NotApplicable(f"the container {name} has these resources already; other ones would change something")
        return {**now.state, "containers": {**containers, name: resources}}

    def operations(self, found: Json, before: State, after: State) -> Sequence[Operation]:
        old, new = _containers(before), _containers(after)
        made: list[Operation] = []
        for number, one in enumerate(_all(found)):
            path, name = (*CONTAINERS, number), one["name"]
            if old[name] != new[name]:
                made += [unless_changed(found, *path, "name"), unless_changed(found, *path, "resources")]
                made += put(found, new[name], *path, "resources")
        return made


def _all(found: Json) -> Sequence[Json]:
    containers: Sequence[Json] = found["spec"]["template"]["spec"]["containers"]
    return containers


def _containers(state: State) -> Mapping[str, JsonValue]:
    containers = state["containers"]
    return containers if isinstance(containers, dict) else {}


def _chosen(name: str | None, containers: Mapping[str, JsonValue]) -> str:
    """Raises NotApplicable."""
    if name is None and len(containers) == 1:
        return next(iter(containers))
    if name is None or name not in containers:
        what = "it has several containers" if name is None else f"it has no container {name}"
        raise NotApplicable(f"{what}; name one of {', '.join(sorted(containers))}")
    return name


def _merged(had: Mapping[str, str] | None, changed: Mapping[str, str | None]) -> dict[str, str]:
    return {name: value for name, value in {**(had or {}), **changed}.items() if value is not None}
