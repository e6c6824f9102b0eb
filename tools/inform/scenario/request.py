"""What may be changed in a scenario."""

from decimal import Decimal
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from tools.domain.period import Period
from tools.domain.scope import Filter

Factor = Annotated[Decimal, Field(ge=0, le=1000)]
Share = Annotated[Decimal, Field(ge=0, le=1)]


class Switch(BaseModel):
    """A part of one model's requests is sent to another, with the same tokens each."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    from_model: str = Field(min_length=1)
    to_model: str = Field(min_length=1)
    share: Share = Field(default=Decimal(1), description="part of the requests, 0–1")


class PriceChange(BaseModel):
    """Prices times a factor: 0.9 is 10 % cheaper."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    factor: Factor
    model: str | None = Field(default=None, description="none: every model of the slice")


class Launch(BaseModel):
    """Something new that calls a model; told of its first 30 days."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    model: str = Field(min_length=1)
    requests_a_day: int = Field(ge=0, le=10**10, description="once all of its traffic is there")
    ramp_days: int = Field(default=0, ge=0, le=3650, description="days until all is there, rising in a straight line")
    input_tokens: int | None = Field(
        default=None, ge=0, le=10**8, description="of one request; none: as the model's (else the slice's) in the base"
    )
    output_tokens: int | None = Field(default=None, ge=0, le=10**8, description="of one request, likewise")


class MoreGpus(BaseModel):
    """GPUs rented besides those that there are, for all hours of a month unless `hours` says otherwise."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: str = Field(min_length=1, description="as in H100, A100, L40S")
    count: int = Field(ge=-100_000, le=100_000, description="below 0: given back")
    hours: Annotated[Decimal, Field(gt=0, le=744)] | None = None


class GpuCommitment(BaseModel):
    """GPUs committed to for all hours of a month, used or not, at a discount on what an hour costs on demand."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: str = Field(min_length=1, description="as in H100, A100, L40S")
    count: int = Field(ge=1, le=100_000)
    discount: Share = Field(description="part of the price on demand, 0–1")


class ScenarioRequest(BaseModel):
    """A past period as the base, and what would be different; at least one thing is."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    filters: tuple[Filter, ...] = Field(default=(), description="the slice that changes; none: all usage")
    period: Period | None = Field(default=None, description="the base; none: the last full month that is loaded")
    traffic: Factor | None = Field(default=None, description="requests times this: 2 doubles them")
    prompt_length: Factor | None = Field(
        default=None, description="input tokens a request times this: 0.8 is 20 % less"
    )
    completion_length: Factor | None = Field(default=None, description="output tokens a request times this")
    cache_hit_rate: Share | None = Field(
        default=None, description="share of input tokens read from the cache, at least"
    )
    batch_share: Share | None = Field(default=None, description="share of requests that go through batch, at least")
    switch: Switch | None = None
    launch: Launch | None = None
    price_change: PriceChange | None = None
    more_gpus: MoreGpus | None = None
    commitment: GpuCommitment | None = None

    @property
    def changes_gpus(self) -> bool:
        return self.more_gpus is not None or self.commitment is not None

    @property
    def changes_usage(self) -> bool:
        """Whether anything but GPUs changes."""
        return any(getattr(self, name) is not None for name in USAGE_LEVERS)

    @model_validator(mode="after")
    def _changes_something(self) -> Self:
        if not self.changes_usage and not self.changes_gpus:
            raise ValueError(f"nothing would be different: give one of {', '.join((*USAGE_LEVERS, *GPU_LEVERS))}")
        if self.switch and self.switch.from_model.lower() == self.switch.to_model.lower():
            raise ValueError(f"{self.switch.from_model} is switched to itself")
        return self


USAGE_LEVERS = (
    "switch", "traffic", "prompt_length", "completion_length", "cache_hit_rate", "batch_share", "launch",
    "price_change",
)  # fmt: skip
"""In the order in which they are applied together; each one's part does not depend on it."""
GPU_LEVERS = ("more_gpus", "commitment")
