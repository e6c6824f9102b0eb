"""What is asked of find_savings."""

from pydantic import BaseModel, ConfigDict, Field

from tools.domain.period import Period


class SavingsRequest(BaseModel):
    """Which savings to look for."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    lever: str | None = Field(default=None, description="only this lever, such as batch; none: all of them")
    owner: str | None = Field(default=None, description="only what this team owns")
    provider: str | None = Field(default=None, description="only what this provider bills")
    period: Period | None = Field(default=None, description="the evidence's; none: the last full month")
    limit: int = Field(default=10, ge=1, le=500, description="how many recommendations, the best first")
    by: str | None = Field(default=None, description="owner or lever: sums instead of single recommendations")
    focus: bool = Field(default=False, description="rows in the Recommendation columns of the FOCUS 1.5 draft")
    show_all: bool = Field(default=False, description="also alternatives, and those dismissed, accepted or done")
