"""Actions over the gateway's own systems: set a level, in two calls, with no help from the system or with its keys."""

import json
from collections.abc import Callable
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from tools.domain.remediation import Seen, State, TargetRef
from tools.operate.remediation.access import Access
from tools.operate.remediation.action import Action, NotApplicable, Parameters, Step, Surprise, key_of

HIGH, MIDDLE, LOW = 9, 5, 1
SECONDS = 30.0


class LevelAccess(Access):
    def __init__(self, url: str, permissions: frozenset[str]) -> None:
        super().__init__(permissions)
        self._url = url

    def level(self, target: str, call: str, level: int | None = None, key: str = "") -> int:
        """Read a level, or set it. Raises OSError."""
        self.admit(call)
        body = None if level is None else json.dumps({"level": level, "call": call}).encode()
        request = Request(f"{self._url}/{target}", body, method="GET" if body is None else "PUT")
        if key:
            request.add_header("Idempotency-Key", key)
        with urlopen(request, timeout=SECONDS) as answer:
            return int(json.loads(answer.read())["level"])


class SetCounted(Action):
    """High → middle → low, by a system that does what it is told as often as it is told."""

    name = "counted_set"
    title = "Set levels"
    system = "counted"
    parameters_type = Parameters
    reads = frozenset({"get"})
    writes = frozenset({"to-5", "to-1"})
    undoes = frozenset({"to-5", "to-9"})
    idempotency = "none"
    most_targets = 20
    risk = "low"
    rollback = "the levels are set back"
    access: LevelAccess

    def read(self, target: TargetRef, mark: str) -> Seen:
        return Seen(state={"Level": self.access.level(target.id, "get")}, environment="dev")

    def foresee(self, seen: Seen, parameters: Parameters) -> State:
        if seen.state != {"Level": HIGH}:
            raise NotApplicable(f"it is {seen.state}, not {HIGH}")
        return {"Level": LOW}

    def steps(self, before: State, after: State) -> tuple[Step, ...]:
        way, now = list[Step](), int(str(before["Level"]))
        goal = int(str(after["Level"]))
        for then in (MIDDLE, goal) if {now, goal} == {HIGH, LOW} else (goal,):
            if then != now:
                way.append(Step(call=f"to-{then}", expects={"Level": now}, leaves={"Level": then}))
                now = then
        return tuple(way)

    def perform(self, target: TargetRef, step: Step, mark: str) -> None:
        try:
            self.access.level(target.id, step.call, int(str(step.leaves["Level"])), self._key(mark, step))
        except HTTPError as fault:
            raise Surprise(str(fault)) from fault

    def _key(self, mark: str, step: Step) -> str:
        return ""


class SetKeyed(SetCounted):
    """The same by a system that drops a second call with the same key."""

    name = "keyed_set"
    system = "keyed"
    idempotency = "key"

    def _key(self, mark: str, step: Step) -> str:
        return key_of(mark, step)


def levels_at(url: str) -> Callable[[frozenset[str]], LevelAccess]:
    return lambda permissions: LevelAccess(url, permissions)
