"""What the store is asked for, summed: cells of tokens, of other usage, and of plain amounts, on two sides."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

Side = Literal[0, 1]
"""0: before, or the slice compared with; 1: now."""
Names = tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class TokenCell:
    """Cost and tokens of one kind of token (None: an invoice line that tells no kind), for one use of one model.

    `cost` is what counts for cost; `tokens` and `requests` what counts for usage. `weight` is the cost of rows that
    count for usage only, by which an invoice's cost is shared out to kinds of tokens. `priced` is PricingQuantity.
    """

    side: Side
    group: Names
    use: Names
    provider: str | None
    service: str | None
    model: str | None
    tier: str | None
    token_type: str | None
    cost: Decimal = Decimal(0)
    tokens: Decimal = Decimal(0)
    requests: Decimal = Decimal(0)
    weight: Decimal = Decimal(0)
    priced: Decimal = Decimal(0)
    apart: Names = ()
    """Names of its group that neither use, model, tier nor service tell: what has others is another line."""

    @property
    def is_usage_only(self) -> bool:
        """Whether its cost stands elsewhere: on an invoice."""
        return not self.cost and (bool(self.weight) or bool(self.tokens) or bool(self.requests))


@dataclass(frozen=True, slots=True)
class UsageCell:
    """Cost and quantity of one instance type in one region, under a commitment or not, in one unit."""

    side: Side
    group: Names
    use: Names
    """Provider, service, unit and what it is for: what makes two periods' usage the same line."""
    region: str | None
    instance: str | None
    covered: bool
    cost: Decimal
    quantity: Decimal
    about: Mapping[str, str]
    apart: Names = ()


@dataclass(frozen=True, slots=True)
class AmountCell:
    """Money that no quantity explains, with its reason."""

    side: Side
    group: Names
    reason: str
    amount: Decimal
    about: Mapping[str, str]
