"""ScaleAction: the number of replicas, through the scale subresource, which takes no right to change anything else."""

from collections.abc import Sequence
from typing import ClassVar

from pydantic import Field

from tools.domain.remediation import Seen, State, TargetRef
from tools.operate.remediation.action import Action, CallRefused, NotApplicable, Parameters, Step
from tools.operate.remediation.actions.kubernetes.access import Json, KubernetesAccess
from tools.operate.remediation.actions.kubernetes.json_patch import Operation
from tools.operate.remediation.actions.kubernetes.kinds import Kind, Located, kind_named, located
from tools.operate.remediation.actions.kubernetes.seen import existing, seen


class Replicas(Parameters):
    """`despite`: also where something in the cluster sets the number by itself, and may set it back."""

    replicas: int = Field(ge=0, le=10_000)
    despite_autoscaler: bool = False


class ScaleAction(Action):
    """State: {"kind": "Deployment", "replicas": 3}, and `scaledBy` where something else sets the number."""

    system = "kubernetes"
    parameters_type = Replicas
    idempotency = "precondition"
    settles_within_seconds = 60
    kinds: ClassVar[tuple[Kind, ...]]
    access: KubernetesAccess

    def scaled_by(self, at: Located, found: Json) -> str | None:
        """What in the cluster sets the number; None: nothing does. An owner that controls the object may."""
        owners = found["metadata"].get("ownerReferences") or ()
        return next((f"{one['kind']} {one['name']}" for one in owners if one.get("controller")), None)

    def read(self, target: TargetRef, mark: str) -> Seen:
        """Raises NotApplicable: no such object."""
        at = located(target, self.access.cluster, *self.kinds)
        found = existing(self.access, at)
        by = self.scaled_by(at, found)
        state: State = {"kind": at.kind.name, "replicas": replicas_of(found), **({"scaledBy": by} if by else {})}
        return seen(self.access, at, found, state)

    def foresee(self, now: Seen, parameters: Parameters) -> State:
        """Raises NotApplicable: it has that number, or something else sets it."""
        assert isinstance(parameters, Replicas)
        by, wanted = now.state.get("scaledBy"), parameters.replicas
        if now.state["replicas"] == wanted:
            raise NotApplicable(f"it has {wanted} replicas already; another number would change something")
        if by is not None and not parameters.despite_autoscaler:
            raise NotApplicable(f"{by} sets its number, and may set it back; despite_autoscaler scales it all the same")
        return {**now.state, "replicas": wanted}

    def rehearse(self, target: TargetRef, before: State, after: State) -> None:
        """Raises CallRefused, also where the cluster would make another number of it."""
        answer = self.access.patch(self._at(target), operations(before, after), part="scale", rehearsed=True)
        if replicas_of(answer) != after["replicas"]:
            raise CallRefused(f"the cluster would make it {replicas_of(answer)} replicas, not {after['replicas']}")

    def steps(self, before: State, after: State) -> tuple[Step, ...]:
        kind = kind_named(after["kind"], *self.kinds)
        return (Step(call=f"patch {kind.permission}/scale", expects=before, leaves=after),) if before != after else ()

    def perform(self, target: TargetRef, step: Step, mark: str) -> None:
        self.access.patch(self._at(target), operations(step.expects, step.leaves), part="scale")

    def _at(self, target: TargetRef) -> Located:
        try:
            return located(target, self.access.cluster, *self.kinds)
        except NotApplicable as fault:
            raise CallRefused(str(fault)) from fault


def replicas_of(found: Json) -> int:
    """An absent number is 1 for an object (the API's default) and 0 for a Scale, which leaves a zero out."""
    number = found["spec"].get("replicas")
    return (0 if found.get("kind") == "Scale" else 1) if number is None else int(number)


def operations(before: State, after: State) -> Sequence[Operation]:
    """On a Scale. It leaves a zero out, so that zero is told by a `spec` without anything."""
    test: Operation = {"op": "test", "path": "/spec/replicas", "value": before["replicas"]}
    if before["replicas"] == 0:
        test = {"op": "test", "path": "/spec", "value": {}}
    return (test, {"op": "add", "path": "/spec/replicas", "value": after["replicas"]})
