"""The prices of one model in force at one time, whatever list they come from."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Context, Decimal, Inexact

from tools.pricing.meters import PARENTS, Meter

UNIT_PRICE_PLACES = 24
"""Digits after the point that the store keeps of a unit price."""
METER_PRICE_PLACES = 15
"""The same for other meters, whose quantities have 9 digits after the point: a cost has 24."""
_EXACT = Context(prec=60, traps=[Inexact])
_ROUNDED = Context(prec=60)


@dataclass(frozen=True)
class Rate:
    """A price for `per` units of one meter; `tiers` are (over, price): more input than `over` pays `price`."""

    price: Decimal
    per: int = 1_000_000
    unit: str = "Tokens"
    tiers: tuple[tuple[int, Decimal], ...] = ()

    def at(self, context_tokens: int) -> Decimal:
        """The price of one unit in a request of `context_tokens` input tokens (a tier's price holds for all)."""
        return per_unit(self.price_at(context_tokens), self.per)

    def price_at(self, context_tokens: int) -> Decimal:
        """The price of `per` units in a request of `context_tokens` input tokens."""
        passed = [price for over, price in sorted(self.tiers) if context_tokens > over]
        return passed[-1] if passed else self.price


@dataclass(frozen=True)
class UnitPrice:
    """What one unit costs, and the meter whose price it is."""

    amount: Decimal
    unit: str
    priced_as: Meter


@dataclass(frozen=True)
class RateCard:
    """All prices of a model at one time, service tier and batch or not."""

    model: str
    currency: str
    source: str
    rates: Mapping[Meter, Rate]
    provider: str | None = None
    valid_from: date | None = None
    service_tier: str = "standard"
    notes: tuple[str, ...] = field(default=())

    def unit_price(self, meter: Meter, context_tokens: int = 0) -> UnitPrice | None:
        """The price of one unit; None when the list has none for it (unpriced, which is not free)."""
        for candidate in meter.prices_to_try():
            rate = self.rates.get(candidate)
            if rate is not None:
                return UnitPrice(rate.at(context_tokens), rate.unit, candidate)
        return None

    def thresholds(self) -> tuple[int, ...]:
        """Where a request's input tokens change a price, ascending."""
        return tuple(sorted({over for rate in self.rates.values() for over, _ in rate.tiers}))

    def stand_in(self, meter: Meter) -> str | None:
        """The sentence for a price that stands in for a missing one; None when the meter has its own."""
        found = self.unit_price(meter)
        if found is None or meter.kind not in ("cached_input", "cache_write"):
            return None
        if found.priced_as.kind == PARENTS[meter.kind]:
            return f"{self.source} has no {meter.kind} price for {self.model}: priced as {found.priced_as.kind}"
        if meter.variant == "1h" and not found.priced_as.variant:
            return f"{self.source} has no one-hour cache_write price for {self.model}: priced as cache_write"
        return None


def per_unit(price: Decimal, per: int) -> Decimal:
    """The price of one of `per` units, to the 24 places the store keeps."""
    return _ROUNDED.quantize(_ROUNDED.divide(price, Decimal(per)), Decimal(1).scaleb(-UNIT_PRICE_PLACES)).normalize(
        _ROUNDED
    )


def fits_store(price: Decimal, per: int, places: int = UNIT_PRICE_PLACES) -> bool:
    """Whether the price of one unit is kept to its last digit."""
    try:
        exact = _EXACT.divide(price, Decimal(per))
    except Inexact:
        return False
    return -int(exact.normalize(_EXACT).as_tuple().exponent) <= places and exact < Decimal(10) ** 14


def worth(quantity: Decimal | int, unit_price: Decimal) -> Decimal:
    """Quantity times unit price, exactly. Raises decimal.Inexact beyond 60 digits."""
    return _EXACT.multiply(Decimal(quantity), unit_price)
