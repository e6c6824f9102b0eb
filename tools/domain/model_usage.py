"""What a model used for one answer: Outlay's own consumption."""

from decimal import Decimal

from pydantic import BaseModel, ConfigDict

OWN_SOURCE = "outlay"
"""x_Source of Outlay's own usage in the store."""


class ModelUsage(BaseModel):
    """Tokens and cost of one answer.

    Counts are disjoint: `input_tokens` leaves out the cached ones, `output_tokens` the reasoning ones. `cost` is an
    estimate by price list; None where the model has no known price, which is not free.
    """

    model_config = ConfigDict(frozen=True)

    model: str
    provider: str
    requests: int = 0
    input_tokens: int = 0
    cached_input_tokens: int = 0
    output_tokens: int = 0
    reasoning_tokens: int = 0
    cost: Decimal | None = None
    currency: str | None = None
    is_counted: bool = True
    """False when the endpoint gave no usable counts for some request, so that they are estimated from characters."""

    @property
    def tokens(self) -> int:
        return self.input_tokens + self.cached_input_tokens + self.output_tokens + self.reasoning_tokens
