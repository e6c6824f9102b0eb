"""Who said yes to exactly what: decisions on one plan, and standing approvals for plans of one kind."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from tools.domain.remediation import Moment

Verdict = Literal["approve", "reject"]
Surface = Literal["cli", "slack", "standing"]
"""Where the person was known by the surface itself; `standing`: by a standing approval given before."""


class ApprovalDecision(BaseModel):
    """A person's word on one plan. It counts once, for that fingerprint, until it expires, and only with its seal."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(pattern=r"^d-[0-9a-f]{32}$")
    proposal: str = Field(pattern=r"^p-[1-9][0-9]*$")
    fingerprint: str = Field(pattern=r"^[0-9a-f]{64}$")
    verdict: Verdict
    decided_by: str = Field(min_length=1)
    """A person's key in people.yaml."""
    decided_at: Moment
    expires_at: Moment
    surface: Surface
    reason: str = ""
    standing: str | None = None
    """The standing approval that this comes from."""


class StandingApproval(BaseModel):
    """A person grants an action beforehand, for a selector of targets, up to a monthly amount and a date."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(pattern=r"^s-[1-9][0-9]*$")
    action: str
    parameters: Mapping[str, JsonValue] = Field(default_factory=dict)
    """Parameters that the plan has to have; others are free."""
    environments: tuple[str, ...] = Field(min_length=1)
    tags: Mapping[str, str] = Field(default_factory=dict)
    """Every target has to carry these."""
    most_targets: int = Field(gt=0)
    """Of one plan."""
    monthly_amount: Decimal = Field(gt=0)
    """The changes of a calendar month (UTC) may move at most this much money a month, up or down, all uses together."""
    currency: str
    granted_by: str = Field(min_length=1)
    granted_at: Moment
    until: Moment
