"""What is reconciled: whose accounts, of when, and by what."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from tools.domain.period import Period
from tools.domain.query import CostBasis

Group = Literal["x_Model", "x_Team", "x_Project", "x_Customer", "x_Environment"]
FIRMNESS = ("invoice", "provider_usage", "estimate")
"""From the account that settles what is owed to the one that only foresees it."""
ACCOUNTS = {"invoice": "invoice", "provider_usage": "provider's usage records", "estimate": "gateway's estimate"}


class ReconcileRequest(BaseModel):
    """Whose accounts, of when, and by what."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    provider: str | None = Field(default=None, description="whose bill; none: the one with the most to reconcile")
    period: Period | None = Field(default=None, description="half-open, UTC days; none: the last full month")
    reference: CostBasis | Literal["invoice_detail"] | None = Field(
        default=None,
        description="the account that settles; none: the firmest loaded; invoice_detail: the invoices as issued",
    )
    records: CostBasis | None = Field(default=None, description="the account that is compared; none: the next firmest")
    group_by: Group | None = Field(default=None, description="one row a model, team, …; none: one row a cause")
