"""What explain_change is asked: a cost, two periods or two slices, and how far to drill down."""

from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from tools.domain.period import Period
from tools.domain.scope import Filter

CostMetric = Literal["EffectiveCost", "BilledCost", "ContractedCost", "ListCost"]


class ChangeRequest(BaseModel):
    """Two sides: now (`period`, `filters`) and before (`compare_to`, or the slice `compare_filters`)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    metric: CostMetric = "EffectiveCost"
    period: Period | None = Field(
        default=None, description="half-open, UTC days; none: the month to date (days 1 and 2: last month)"
    )
    compare_to: Period | Literal["previous"] | None = Field(
        default=None, description="the earlier period; none: 'previous', or with compare_filters the same period"
    )
    filters: tuple[Filter, ...] = ()
    compare_filters: tuple[Filter, ...] | None = Field(
        default=None, description="the other slice's filters, to tell why this slice costs more or less than that"
    )
    group_by: tuple[str, ...] = Field(
        default=(), max_length=3, description="drill down: the reasons for each provider, service, model …"
    )
    by: Literal["reason", "kind"] = Field(
        default="reason", description="kind: only price, volume, length, mix, new and gone, and the rest"
    )
    currency: str | None = Field(default=None, description="convert to this ISO 4217 code with a stated rate")

    @model_validator(mode="after")
    def _two_sides(self) -> Self:
        if self.compare_filters is not None and self.compare_to is None and _same(self.filters, self.compare_filters):
            raise ValueError("both slices are the same; give compare_filters of another slice, or a compare_to")
        return self


def _same(some: tuple[Filter, ...], others: tuple[Filter, ...]) -> bool:
    return sorted(map(repr, some)) == sorted(map(repr, others))
