"""Proposal: a plan on its way, and what is known of it when somebody wants to decide on it or apply it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from pydantic import BaseModel, ConfigDict

from tools.domain.approval import ApprovalDecision, StandingApproval
from tools.domain.remediation import Moment, RemediationPlan

Status = Literal[
    "waiting", "rejected", "replaced", "applying", "applied", "stopped", "unknown", "rolling_back", "rolled_back"
]
"""`waiting` for approvals, or to be applied; `stopped`: a surprise ended it, the trail says where; `unknown`: a step
may or may not have happened, and reading the target settles it. Expiry is told by the clock: it is no status."""


class Proposal(BaseModel):
    """A plan, and where it stands."""

    model_config = ConfigDict(frozen=True)

    id: str
    plan: RemediationPlan
    status: Status
    thread: str
    """The graph's thread that waits for the decision."""
    replaced_by: str | None = None

    def is_open(self, now: Moment) -> bool:
        """Whether it can still be decided on."""
        return self.status == "waiting" and now < self.plan.expires_at


@dataclass(frozen=True)
class StandingState:
    """A standing approval as it stands."""

    approval: StandingApproval
    withdrawn_at: Moment | None = None
    used: Decimal = Decimal(0)
    """What plans of this calendar month (UTC) have counted against it, this one left out."""


@dataclass(frozen=True)
class Case:
    """All that admission goes by, read in one transaction. Only decisions whose seal holds are in it."""

    proposal: Proposal
    decisions: tuple[ApprovalDecision, ...]
    spent: frozenset[str] = frozenset()
    """Ids of decisions that an execution has used up."""
    standing: Mapping[str, StandingState] = field(default_factory=dict)
