"""What a model's tokens are worth by the price in force, for usage that Outlay itself makes."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal

from tools.domain.model_usage import ModelUsage
from tools.domain.money import Money
from tools.pricing.book import PriceBook
from tools.pricing.meters import Meter
from tools.pricing.providers import provider_rule
from tools.pricing.rates import RateCard, worth


def pricer(book: PriceBook, model: str, provider: str, at: datetime) -> Callable[[ModelUsage], Money | None]:
    """Values usage of the model by its prices at a time, as ingested usage is valued; None: no known price."""
    card = book.card(model, provider_rule(provider), at)
    return lambda usage: None if card is None else _cost(usage, card)


def _cost(usage: ModelUsage, card: RateCard) -> Money | None:
    counts = {
        "input": usage.input_tokens,
        "cached_input": usage.cached_input_tokens,
        "output": usage.output_tokens,
        "reasoning": usage.reasoning_tokens,
    }
    context = (usage.input_tokens + usage.cached_input_tokens) // max(1, usage.requests)
    total = Decimal(0)
    for kind, count in counts.items():
        price = card.unit_price(Meter(kind), context)
        if count and price is None:
            return None
        total += worth(count, price.amount) if price else Decimal(0)
    return Money(amount=total, currency=card.currency)
