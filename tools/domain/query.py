"""CostQuery: what a model or a person fills in instead of writing SQL."""

from decimal import Decimal
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from tools.domain.period import Period
from tools.domain.scope import Filter

Granularity = Literal["hour", "day", "week", "month", "quarter", "year", "weekday"]
CostBasis = Literal["invoice", "provider_usage", "estimate", "allocated"]


class Threshold(BaseModel):
    """Keeps the groups whose first metric is at least, or at most, a value."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    operator: Literal["over", "under"]
    value: Decimal
    column: Literal["metric", "share", "change", "change_ratio"] = "metric"


class CostQuery(BaseModel):
    """A question to the cost store, in the semantic layer's words.

    The result has one row per combination of `group_by` and of `granularity`'s time buckets.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    metrics: tuple[str, ...] = Field(
        default=("EffectiveCost",), min_length=1, description="metric names; the first one orders and limits"
    )
    group_by: tuple[str, ...] = Field(default=(), description="dimensions, such as x_Model, ServiceName, tag:team")
    filters: tuple[Filter, ...] = ()
    period: Period | None = Field(
        default=None, description="half-open, UTC days; none: the month to date (days 1 and 2: last month)"
    )
    granularity: Granularity | None = Field(
        default=None, description="adds a column Time with the bucket's start (weekday: Monday … Sunday)"
    )
    order: Literal["descending", "ascending"] = "descending"
    order_by: Literal["metric", "time", "change", "absolute_change", "change_ratio"] | None = Field(
        default=None, description="none: by time when there is a granularity, else by the first metric"
    )
    limit: int | None = Field(
        default=None, ge=1, le=1000, description="top N groups; the rest is summed into a row 'other'"
    )
    compare_to: Period | Literal["previous"] | None = Field(
        default=None, description="adds <metric>_previous, <metric>_change, <metric>_change_ratio for each metric"
    )
    with_share: bool = Field(
        default=False, description="adds <metric>_share, the part (0–1) of the total of the first metric"
    )
    threshold: Threshold | None = None
    currency: str | None = Field(default=None, description="convert to this ISO 4217 code with a stated rate")
    cost_basis: CostBasis | None = Field(
        default=None, description="only rows of this basis, instead of the one that counts"
    )

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.order_by in ("change", "absolute_change", "change_ratio") and self.compare_to is None:
            raise ValueError("order_by a change needs compare_to: 'previous' or a period")
        if self.order_by == "time" and self.granularity is None:
            raise ValueError("order_by='time' needs a granularity")
        return self
