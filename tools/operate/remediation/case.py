"""Case: what is known of a proposal when somebody wants to apply it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from tools.domain.approval import ApprovalDecision, StandingApproval
from tools.domain.remediation import Moment, Proposal


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
