"""The desk and the executor of the campaign, as each of its processes opens them."""

import time
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from agent.state.remediation.desk import RemediationDesk, home_desk, shared_desk
from evals.campaigns.remediation.levels import SetCounted, SetKeyed, levels_at
from tools.operate.policies.approvals import Approvals, Grant
from tools.operate.policies.rights import Rights
from tools.operate.remediation.action import Action
from tools.operate.remediation.actions.aws.access import AwsAccess
from tools.operate.remediation.actions.aws.ec2_resize import Ec2Resize
from tools.operate.remediation.actions.aws.ec2_stop import Ec2Stop
from tools.operate.remediation.arrival import Pace
from tools.operate.remediation.executor import Executor

REGION = "eu-central-1"
KINDS: dict[str, type[Action]] = {one.name: one for one in (Ec2Stop, Ec2Resize, SetCounted, SetKeyed)}
RIGHTS = Rights(
    Approvals(
        grants=(Grant(who=("ben",), actions=("*",), environments=("*",), up_to=Decimal(10**6), unknown_effect=True),)
    )
)
KEY = SecretStr("6b" * 32)


@dataclass(frozen=True)
class SomeDoors:
    """Opens the actions of the campaign, all of them through the gateway."""

    gateway: str

    def kind(self, action: str) -> type[Action]:
        return KINDS[action]

    def open(self, action: str, permissions: frozenset[str]) -> Action:
        kind = KINDS[action]
        if kind.system == "aws":
            return kind(AwsAccess(session(), permissions, self.gateway))
        return kind(levels_at(f"{self.gateway}/{kind.system}")(permissions))


@cache
def session() -> Any:
    """One a process: it keeps what it read of AWS's service descriptions."""
    import boto3

    return boto3.Session("access-key", "secret-key", region_name=REGION)


def open_desk(where: str) -> RemediationDesk:
    """A home's desk, or one on PostgreSQL: `postgresql://…#HOME`."""
    if where.startswith("postgresql:"):
        url, home = where.split("#")
        return shared_desk(SecretStr(url), KEY, Path(home))
    return home_desk(Path(where))


def executor(desk: Any, doors: Any, hurry: float) -> Executor:
    """One whose clock for waiting runs so many times as fast."""
    pace = Pace(wait=lambda seconds: time.sleep(seconds / hurry), elapsed=lambda: time.monotonic() * hurry)
    return Executor(desk, doors, lambda: RIGHTS, lambda: datetime.now(UTC), pace)
