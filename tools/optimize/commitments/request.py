"""What can be asked of the commitments tool."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from tools.domain.period import Period
from tools.optimize.commitments.kpis import By
from tools.optimize.commitments.offers import Payment

About = Literal["coverage", "expiring", "plan", "agreements"]


class CommitmentsRequest(BaseModel):
    """Which side of commitments, and what to narrow it to."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    about: About = Field(description="coverage, expiring, plan or agreements")
    by: By = Field(default="commitment", description="of coverage: a row for each commitment, machine or account")
    period: Period | None = Field(
        default=None,
        description="coverage: none is the last full month; plan: the usage to plan for, none is the last 13 weeks",
    )
    within_days: int | None = Field(
        default=None, ge=1, le=1096, description="of expiring: only what ends within so many days"
    )
    years: int | None = Field(default=None, ge=1, le=5, description="of plan: only this term; none: each on offer")
    payment: Payment | None = Field(default=None, description="of plan: only offers paid so")
    provider: str | None = Field(default=None, description="only this provider's")
