"""A place to attack: a home with its desk, people with rights, and an outside world that counts what was done to it.

The world is the judge: it knows nothing of proposals, and only counts the calls that reached it.
"""

import json
import shutil
import sqlite3
import threading
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any, ClassVar

from agent.state.remediation.desk import RemediationDesk, home_desk
from agent.state.remediation.standing import Terms
from tools.domain.approval import StandingApproval
from tools.domain.errors import OutlayError
from tools.domain.remediation import Change, Estimate, Proposal, RemediationPlan, Seen, State, TargetRef, canonical
from tools.operate.policies.approvals import Approvals, Grant
from tools.operate.policies.rights import Rights
from tools.operate.remediation.access import Access
from tools.operate.remediation.action import Action, Idempotency, Parameters, Step
from tools.operate.remediation.arrival import Pace
from tools.operate.remediation.executor import Executor

START = datetime(2026, 11, 3, 12, tzinfo=UTC)
BY_THE_EXECUTOR = 0.25
ON: State = {"power": "on"}
OFF: State = {"power": "off"}
RIGHTS = Rights(
    approvals=Approvals(
        grants=(
            Grant(who=("role:platform",), actions=("switch_*",), environments=("dev", "staging"), up_to=Decimal(5000)),
            Grant(who=("zoe",), actions=("*",), environments=("prod",), up_to=Decimal(5000)),
        ),
        second_person_above=Decimal(1000),
        valid_for_hours=24,
    ),
    roles={"platform": ("ada", "ben", "cyd")},
)


class Opener:
    """Opens homes by the product's own function; they share what SQLAlchemy has compiled, as a process would."""

    def __init__(self, opened: Callable[[Path], RemediationDesk] = home_desk) -> None:
        self._opened = opened
        self._first: Any = None

    def __call__(self, folder: Path) -> RemediationDesk:
        desk = self._opened(folder)
        engine = desk._turns.database.engine
        if self._first is None:
            desk.proposals()
            self._first = engine
        else:
            engine.dialect, engine._compiled_cache = self._first.dialect, self._first._compiled_cache
        return desk


class World:
    """Switches, and every call that changed one."""

    def __init__(self) -> None:
        self.seen: dict[str, Seen] = {}
        self.calls: list[tuple[str, str]] = []
        self._lock = threading.Lock()

    def switch(self, environment: str | None, tags: Mapping[str, str]) -> TargetRef:
        key = f"w-{len(self.seen):06d}"
        self.seen[key] = Seen(state=ON, environment=environment, tags=dict(tags))
        return TargetRef(id=key)

    def turn(self, key: str, state: State) -> None:
        with self._lock:
            self.calls.append((key, str(state["power"])))
            self.seen[key] = self.seen[key].model_copy(update={"state": state})

    def put_back(self, plan: RemediationPlan) -> None:
        """As before the plan, by nobody's doing, so that nothing but its approval stands in its way."""
        for change in plan.changes:
            self.seen[change.target.id] = change.seen


class _Wire(Access):
    def __init__(self, world: World, permissions: frozenset[str]) -> None:
        super().__init__(permissions)
        self.world = world


class SwitchOff(Action):
    """On → off, and back."""

    name = "switch_off"
    title = "Switch off"
    system = "world"
    parameters_type = Parameters
    reads = frozenset({"read"})
    writes = frozenset({"off"})
    undoes = frozenset({"on"})
    idempotency: ClassVar[Idempotency] = "none"
    most_targets = 50
    risk = "low"
    rollback = "it is switched on"
    access: _Wire

    def read(self, target: TargetRef, mark: str) -> Seen:
        return self.access.world.seen[target.id]

    def foresee(self, seen: Seen, parameters: Parameters) -> State:
        return OFF

    def steps(self, before: State, after: State) -> tuple[Step, ...]:
        return (Step(call=str(after["power"]), expects=before, leaves=after),) if before != after else ()

    def perform(self, target: TargetRef, step: Step, mark: str) -> None:
        self.access.admit(step.call)
        self.access.world.turn(target.id, step.leaves)


@dataclass(frozen=True)
class Doors:
    """Every action is the one that the world has, as if any name were known."""

    world: World

    def kind(self, action: str) -> type[Action]:
        return SwitchOff

    def open(self, action: str, permissions: frozenset[str]) -> Action:
        return SwitchOff(_Wire(self.world, permissions))


@dataclass
class Site:
    """One home under attack."""

    folder: Path
    chance: Random
    world: World
    opened: Callable[[Path], RemediationDesk]
    rights: Rights = RIGHTS
    now: datetime = START
    refusals: Counter[str] = field(default_factory=Counter)
    cases: int = 0

    def __post_init__(self) -> None:
        self.desk = self.opened(self.folder)

    @property
    def tags(self) -> dict[str, str]:
        """Those of this case alone, so that no standing approval of another covers it."""
        return {"case": str(self.cases)}

    def plan(self, saving: object = 100, *, targets: int = 1, **changed: Any) -> RemediationPlan:
        environment, tags = changed.pop("environment", "dev"), {**self.tags, **changed.pop("tags", {})}
        each = Estimate(amount=Decimal(str(saving)), low=Decimal(str(saving)), high=Decimal(str(saving)))
        switches = [self.world.switch(environment, tags) for _ in range(targets)]
        changes = tuple(Change(target=one, seen=self.world.seen[one.id], after=OFF, saving=each) for one in switches)
        fields = {
            "action": SwitchOff.name,
            "parameters": {},
            "changes": changes,
            "permissions": ("off", "read"),
            "reversible": True,
            "rollback": SwitchOff.rollback,
            "risk": "low",
            "currency": "USD",
            "proposed_by": "pat",
            "made_at": self.now,
            "expires_at": self.now + timedelta(hours=72),
            "nonce": f"{self.chance.getrandbits(128):032x}",
        }
        return RemediationPlan.model_validate({**fields, **changed})

    def waiting(self, saving: object = 100, **changed: Any) -> Proposal:
        return self.desk.add(self.plan(saving, **changed), f"t-{self.chance.getrandbits(64)}")

    def approved(self, saving: object = 100, by: tuple[str, ...] = ("ada",), **changed: Any) -> Proposal:
        proposal = self.waiting(saving, **changed)
        for person in by:
            self.decide(proposal, person)
        return proposal

    def decide(self, proposal: Proposal, person: str, verdict: str = "approve", **how: Any) -> str:
        """The decision's id."""
        reason = "" if verdict == "approve" else "no"
        given = {"fingerprint": proposal.plan.fingerprint, "surface": "cli", "reason": reason, "now": self.now, **how}
        return self.desk.decide(proposal.id, verdict=verdict, person=person, rights=self.rights, **given).id

    def grant(self, monthly: object = 500, by: str = "ada", **changed: Any) -> StandingApproval:
        given = {
            "action": SwitchOff.name,
            "environments": ("dev",),
            "most_targets": 3,
            "monthly_amount": Decimal(str(monthly)),
            "currency": "USD",
            "until": self.now + timedelta(days=60),
            "tags": self.tags,
            **changed,
        }
        return self.desk.grant(Terms(**given), by, self.rights, self.now)

    def used(self, saving: object = 100, **changed: Any) -> Proposal:
        """A plan that a standing approval has approved."""
        proposal = self.waiting(saving, **changed)
        self.desk.use_standing(proposal.id, self.now, self.rights)
        return proposal

    def executor(self, desk: RemediationDesk) -> Executor:
        pace = Pace(poll_seconds=0, late_call_seconds=0, wait=lambda _: None)
        return Executor(desk, Doors(self.world), lambda: self.rights, lambda: self.now, pace)

    def apply(self, proposal: str, by: str = "ada") -> None:
        """As whoever may try, in the process that is there or in one that is started anew: mostly without the looks at
        the targets and the holds that an executor takes first, so that the desk alone stands in the way."""
        desk = self.chance.choice([self.desk, self.again()])
        if self.chance.random() < BY_THE_EXECUTOR:
            self.attempt(lambda: self.executor(desk).apply(proposal, by))
        else:
            self.attempt(lambda: self._begin(desk, proposal, by))

    def execute(self, proposal: str, by: str = "ada") -> None:
        """By the executor, in both."""
        for desk in (self.desk, self.again()):
            self.attempt(lambda desk=desk: self.executor(desk).apply(proposal, by))  # type: ignore[misc]

    def _begin(self, desk: RemediationDesk, proposal: str, by: str) -> None:
        begun = desk.begin(proposal, "apply", by, self.rights, self.now)
        for change in desk.proposal(begun.proposal).plan.changes:
            self.world.turn(change.target.id, OFF)
        desk.finish(begun.id, "applied", "", self.now)

    def settle_all(self) -> None:
        """What a home does with executions that died."""
        for desk in (self.desk, self.again()):
            self.attempt(lambda desk=desk: [self.executor(desk).settle(one) for one in desk.unfinished()])  # type: ignore[misc]

    def attempt(self, act: Callable[[], object]) -> bool:
        """Whether it was let through; why not is counted."""
        try:
            act()
        except OutlayError as refusal:
            words = "".join("#" if one.isdigit() else one for one in str(refusal))
            self.refusals[f"{type(refusal).__name__}: {words[:70]}"] += 1
            return False
        return True

    def again(self) -> RemediationDesk:
        return self.opened(self.folder)

    def sql(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        """As somebody who can write to the database, triggers or not, and has no key."""
        with closing(sqlite3.connect(self.folder / "remediation.sqlite")) as connection, connection:
            if "trail" in statement:
                for name in ("updates", "deletes", "replaces"):
                    connection.execute(f"DROP TRIGGER IF EXISTS trail_keeps_{name}")
            return connection.execute(statement, values).fetchall()

    def begun(self) -> int:
        """How often an execution was begun, by the raw rows."""
        rows = self.sql("SELECT event FROM trail")
        return sum(json.loads(one)["kind"] == "begun" for (one,) in rows)

    def put_decision(self, content: Mapping[str, object], seal: str) -> None:
        row = (content["id"], content["proposal"], canonical(content), seal)
        self.sql("INSERT OR REPLACE INTO decisions (id, proposal, content, seal) VALUES (?, ?, ?, ?)", *row)

    def forged(self, proposal: Proposal, person: str = "ada", **changed: object) -> dict[str, object]:
        """What an approval would say."""
        return {
            "id": f"d-{self.chance.getrandbits(128):032x}",
            "proposal": proposal.id,
            "fingerprint": proposal.plan.fingerprint,
            "verdict": "approve",
            "decided_by": person,
            "decided_at": self.now.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "expires_at": (self.now + timedelta(hours=24)).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "surface": "cli",
            "reason": "",
            "standing": None,
            **changed,
        }

    @contextmanager
    def policies(self, **changed: Any) -> Any:
        """With policies.yaml changed; the parts are those of Rights, or of its approvals."""
        before, own = self.rights, {"roles", "protected", "freezes"}
        approvals = self.rights.approvals.model_copy(update={k: v for k, v in changed.items() if k not in own})
        self.rights = replace(before, approvals=approvals, **{k: v for k, v in changed.items() if k in own})
        try:
            yield
        finally:
            self.rights = before

    def copy(self) -> Path:
        """The database as it is now, to be put back later."""
        kept = self.folder / "kept.sqlite"
        self.sql("PRAGMA wal_checkpoint(TRUNCATE)")
        shutil.copyfile(self.folder / "remediation.sqlite", kept)
        return kept

    def set_back(self, kept: Path) -> None:
        for suffix in ("-wal", "-shm"):
            (self.folder / f"remediation.sqlite{suffix}").unlink(missing_ok=True)
        shutil.copyfile(kept, self.folder / "remediation.sqlite")
