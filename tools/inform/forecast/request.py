"""What forecast_costs is asked for."""

from datetime import date
from decimal import Decimal
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from tools.domain.period import Period
from tools.domain.scope import Filter

Step = Literal["day", "week", "month", "quarter"]


class PlannedChange(BaseModel):
    """Something that the past does not show: a launch, a commitment that ends, a migration."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(min_length=1, description="what it is, such as 'savings plan ends' or 'assistant launch'")
    start: date = Field(description="the first day on which it counts")
    end: date | None = Field(default=None, description="the first day on which it no longer counts; none: it stays")
    per_day: Decimal = Field(description="what it adds to the metric a day at full size; negative lowers it")
    ramp_days: int = Field(default=0, ge=0, le=730, description="days in which it grows from nothing to full size")


class ForecastRequest(BaseModel):
    """A metric and slice, and the days to foresee."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    metric: str = Field(default="EffectiveCost", description="one metric name")
    period: Period | None = Field(
        default=None, description="days to foresee, begun or to come; none: the running month to its end"
    )
    granularity: Step | None = Field(
        default=None, description="a row for each; none: months, or days of a short period"
    )
    group_by: tuple[str, ...] = Field(default=(), max_length=2, description="dimensions, such as x_Team")
    filters: tuple[Filter, ...] = ()
    changes: tuple[PlannedChange, ...] = Field(default=(), description="launches and ending commitments, as inputs")
    currency: str | None = Field(default=None, description="convert to this ISO 4217 code with a stated rate")
