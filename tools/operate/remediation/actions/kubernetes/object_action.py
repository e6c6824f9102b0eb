"""ObjectAction: an action whose step is one JSON Patch of one object, refused when the object is another by then."""

from abc import abstractmethod
from collections.abc import Sequence
from typing import ClassVar

from tools.domain.remediation import Seen, State, TargetRef
from tools.operate.remediation.action import Action, CallRefused, NotApplicable, Step
from tools.operate.remediation.actions.kubernetes.access import Json, KubernetesAccess
from tools.operate.remediation.actions.kubernetes.json_patch import Operation
from tools.operate.remediation.actions.kubernetes.kinds import Kind, Located, kind_named, located
from tools.operate.remediation.actions.kubernetes.seen import existing, seen


class ObjectAction(Action):
    """A state names its object's `kind`, since another kind takes another permission."""

    system = "kubernetes"
    idempotency = "precondition"
    settles_within_seconds = 60
    kinds: ClassVar[tuple[Kind, ...]]
    access: KubernetesAccess

    @abstractmethod
    def state(self, at: Located, found: Json) -> State:
        """The part of the object that the action touches."""

    @abstractmethod
    def operations(self, found: Json, before: State, after: State) -> Sequence[Operation]:
        """What leads from one state to the other in the object that was found; preconditions first."""

    def found(self, at: Located) -> Json:
        """The object as it is. Raises NotApplicable when there is none."""
        return existing(self.access, at)

    def read(self, target: TargetRef, mark: str) -> Seen:
        """Raises NotApplicable: no such object, or one that this action doesn't change."""
        at = located(target, self.access.cluster, *self.kinds)
        found = self.found(at)
        return seen(self.access, at, found, self.state(at, found))

    def rehearse(self, target: TargetRef, before: State, after: State) -> None:
        """Raises CallRefused, also where the cluster would make something else of it (defaults, webhooks)."""
        at, found = self.unchanged(target, before)
        self.must_make(at, self.access.patch(at, self.operations(found, before, after), rehearsed=True), after)

    def steps(self, before: State, after: State) -> tuple[Step, ...]:
        kind = kind_named(after["kind"], *self.kinds)
        return (Step(call=f"patch {kind.permission}", expects=before, leaves=after),) if before != after else ()

    def perform(self, target: TargetRef, step: Step, mark: str) -> None:
        at, found = self.unchanged(target, step.expects)
        self.access.patch(at, self.operations(found, step.expects, step.leaves))

    def unchanged(self, target: TargetRef, expected: State) -> tuple[Located, Json]:
        """The object while it is as expected; the patch's own preconditions hold it to what is found here.

        Raises:
            CallRefused: it isn't; nothing was sent.
        """
        try:
            at = located(target, self.access.cluster, *self.kinds)
            found = self.found(at)
        except (NotApplicable, OSError) as fault:
            raise CallRefused(f"nothing was sent: {fault}") from fault
        now = self.state(at, found)
        if now != expected:
            raise CallRefused(f"nothing was sent: it is {dict(now)}, not {dict(expected)}")
        return at, found

    def must_make(self, at: Located, answer: Json, after: State) -> None:
        """Hold what the cluster would make of it to what was foreseen. Raises CallRefused."""
        made = self.state(at, answer)
        if made != after:
            raise CallRefused(f"the cluster would make {dict(made)} of it, not {dict(after)}")
