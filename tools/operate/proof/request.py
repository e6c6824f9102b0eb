"""What is asked of realised_savings."""

from pydantic import BaseModel, ConfigDict, Field

from tools.domain.period import Period

ROWS = ("proposal", "target", "week")


class RealisedRequest(BaseModel):
    """Which applied changes to measure, and how to tell them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    proposal: str | None = Field(default=None, description="only this one, such as p-12; none: all that were applied")
    period: Period | None = Field(default=None, description="count these days only; none: all since each change")
    by: str = Field(default="proposal", description="rows: proposal, target, or week since the change")
    drifted_only: bool = Field(default=False, description="only changes of which something costs again")
