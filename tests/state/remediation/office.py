"""Plans, people and a desk, for tests."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import count
from pathlib import Path
from typing import Any

from pydantic import SecretStr
from sqlalchemy import NullPool, create_engine

from agent.state.remediation.desk import RemediationDesk, home_desk, shared_desk
from agent.state.remediation.standing import Terms
from tools.domain.approval import ApprovalDecision, StandingApproval
from tools.domain.remediation import Change, Estimate, Proposal, RemediationPlan, Seen, TargetRef
from tools.operate.policies.approvals import Approvals, Grant
from tools.operate.policies.rights import Rights
from tools.operate.remediation.journal import StepRecord

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
KEY = SecretStr("6b" * 32)
RIGHTS = Rights(
    approvals=Approvals(
        grants=(
            Grant(who=("role:platform",), actions=("ec2_*",), environments=("dev", "staging"), up_to=Decimal(5000)),
            Grant(who=("zoe",), actions=("*",), environments=("prod",), up_to=Decimal(5000)),
        ),
        second_person_above=Decimal(1000),
    ),
    roles={"platform": ("ada", "ben", "cyd")},
)
_NONCES = count(1)


def plan(saving: str = "100", *, targets: int = 1, **changed: Any) -> RemediationPlan:
    """Stop so many instances in dev; `saving` is each one's."""
    environment = changed.pop("environment", "dev")
    fields = {
        "action": "ec2_stop",
        "parameters": {},
        "changes": tuple(_change(number, saving, environment) for number in range(targets)),
        "permissions": ("ec2:DescribeInstances", "ec2:StopInstances"),
        "reversible": True,
        "rollback": "they are started again",
        "risk": "medium",
        "currency": "USD",
        "proposed_by": "pat",
        "made_at": NOON,
        "expires_at": NOON + timedelta(hours=72),
        "nonce": f"{next(_NONCES):032x}",
    }
    return RemediationPlan.model_validate({**fields, **changed})


def _change(number: int, saving: str, environment: str | None) -> Change:
    return Change(
        target=TargetRef(id=f"i-{number:08x}", place={"region": "eu-central-1"}),
        seen=Seen(state={"State": "running"}, environment=environment, tags={"team": "search"}),
        after={"State": "stopped"},
        saving=Estimate(amount=Decimal(saving), low=Decimal(saving), high=Decimal(saving)),
    )


@dataclass(frozen=True)
class Office:
    """A desk, and how to open it again as another process would."""

    desk: RemediationDesk
    again: Callable[[], RemediationDesk]
    url: str
    state: Path

    @classmethod
    def at_home(cls, state: Path) -> "Office":
        return cls(home_desk(state), lambda: home_desk(state), f"sqlite:///{state}/remediation.sqlite", state)

    @classmethod
    def shared(cls, url: str, state: Path) -> "Office":
        def opened() -> RemediationDesk:
            return shared_desk(SecretStr(url), KEY, state)

        return cls(opened(), opened, url.replace("postgresql:", "postgresql+psycopg:"), state)

    def sql(self, *statements: str) -> list[Any]:
        """What somebody does to the database who has its password and not the key; the last one's rows."""
        engine = create_engine(self.url, poolclass=NullPool)
        with engine.begin() as connection:
            for statement in statements:
                answer = connection.exec_driver_sql(statement)
            rows = list(answer) if answer.returns_rows else []
        return rows

    def unlocked(self, *statements: str) -> None:
        """The same by somebody who may also take the triggers away."""
        sqlite = self.url.startswith("sqlite")
        names = ("updates", "deletes", "replaces") if sqlite else ("rows", "all")
        on = "" if sqlite else " ON trail"
        self.sql(*(f"DROP TRIGGER trail_keeps_{name}{on}" for name in names), *statements)

    def waiting(self, saving: str = "100", **changed: Any) -> Proposal:
        return self.desk.add(plan(saving, **changed), "t-1")

    def approved(self, saving: str = "100", by: tuple[str, ...] = ("ada",), **changed: Any) -> Proposal:
        proposal = self.waiting(saving, **changed)
        for person in by:
            self.approve(proposal, person)
        return proposal

    def approve(self, proposal: Proposal, person: str = "ada", **how: Any) -> ApprovalDecision:
        given = {"fingerprint": proposal.plan.fingerprint, "verdict": "approve", "surface": "cli", "reason": ""}
        return self.desk.decide(proposal.id, person=person, **{**given, "rights": RIGHTS, "now": NOON, **how})

    def granted(
        self, monthly: str = "500", *, by: str = "ada", now: datetime = NOON, **changed: Any
    ) -> StandingApproval:
        terms = {
            "action": "ec2_stop",
            "environments": ("dev",),
            "most_targets": 3,
            "monthly_amount": Decimal(monthly),
            "currency": "USD",
            "until": NOON + timedelta(days=90),
            **changed,
        }
        return self.desk.grant(Terms(**terms), by, RIGHTS, now)


def step(execution: int, number: int = 0, target: str = "region=eu-central-1/i-00000000") -> StepRecord:
    return StepRecord(
        execution=execution,
        target=target,
        number=number,
        call="ec2:StopInstances",
        expects={"State": "running"},
        leaves={"State": "stopped"},
        outcome="intended",
        at=NOON,
    )
