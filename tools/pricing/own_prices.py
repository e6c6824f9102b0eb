"""A price list's rates in force on a day: the newest `from` not after it wins."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

from tools.pricing.meters import Meter
from tools.pricing.model_names import plain_name, shorter_names
from tools.pricing.price_list import MeterRow, ModelRow, PriceList, TokenPrices
from tools.pricing.providers import provider_rule
from tools.pricing.rates import Rate, RateCard

METERS = {
    "input": Meter("input"),
    "cached_input": Meter("cached_input"),
    "cache_write": Meter("cache_write"),
    "cache_write_5m": Meter("cache_write", variant="5m"),
    "cache_write_1h": Meter("cache_write", variant="1h"),
    "output": Meter("output"),
    "reasoning": Meter("reasoning"),
}


class OwnPrices:
    """One price list, looked up by model, provider and day."""

    def __init__(self, prices: PriceList, canonical: Callable[[str], str | None] = lambda model: None) -> None:
        """`canonical` names the model behind a deployment's or snapshot's name, None when it isn't known."""
        self._list, self._canonical = prices, canonical
        self._by_name: dict[str, list[ModelRow]] = {}
        for row in prices.models:
            self._by_name.setdefault(plain_name(row.model), []).append(row)
        self._rows: dict[tuple[str, str | None], list[ModelRow]] = {}

    @property
    def name(self) -> str:
        return self._list.name

    @property
    def currency(self) -> str:
        return self._list.currency

    @property
    def models(self) -> tuple[str, ...]:
        """The models that the list names."""
        return tuple(dict.fromkeys(row.model for row in self._list.models))

    def card(self, model: str, provider: str | None, day: date, service_tier: str, batch: bool) -> RateCard | None:
        """The prices of a model on a day; None when the list has none then."""
        row = self.row(model, provider, day)
        if row is None:
            return None
        prices, notes = _for_tier(row, service_tier, batch)
        factor = 1 - (row.batch_discount or Decimal(0)) if batch and "batch" not in row.service_tiers else Decimal(1)
        rates = {METERS[kind]: _rate(row, kind, price, factor) for kind, price in prices.items()}
        return RateCard(
            model=row.model,
            currency=self.currency,
            source=self.name,
            rates=rates,
            provider=row.provider,
            valid_from=row.valid_from,
            service_tier="batch" if batch else service_tier,
            notes=notes,
        )

    def row(self, model: str, provider: str | None, day: date) -> ModelRow | None:
        """The row in force: the newest `from` not after the day; a row for the provider before one for any."""
        key = (plain_name(model), provider)
        if key not in self._rows:
            self._rows[key] = self._find(model, provider)
        active = [row for row in self._rows[key] if row.holds_on(day)]
        return max(active, key=lambda row: (row.provider is not None, row.valid_from), default=None)

    def meter(self, meter: str, model: str | None, provider: str | None, day: date) -> MeterRow | None:
        """The row in force for another meter; one for the model before one for any."""
        active = [
            row
            for row in self._list.meters
            if meter_name(row.meter) == meter_name(meter)
            and row.holds_on(day)
            and (row.model is None or (model is not None and plain_name(row.model) in shorter_names(model)))
            and _same_provider(row.provider, provider)
        ]
        return max(
            active, key=lambda row: (row.model is not None, row.provider is not None, row.valid_from), default=None
        )

    def _find(self, model: str, provider: str | None) -> list[ModelRow]:
        for name in shorter_names(model):
            if rows := [row for row in self._by_name.get(name, ()) if _same_provider(row.provider, provider)]:
                return rows
        meant = self._canonical(model)
        if meant is None:
            return []
        return [
            row
            for row in self._list.models
            if self._canonical(row.model) == meant and _same_provider(row.provider, provider)
        ]


def meter_name(meter: str) -> str:
    """A meter's name for comparison: "Web searches" and `web_searches` are the same."""
    return meter.strip().lower().replace(" ", "_").replace("-", "_")


def _same_provider(listed: str | None, provider: str | None) -> bool:
    return listed is None or (provider is not None and provider_rule(listed).id == provider_rule(provider).id)


def _for_tier(row: ModelRow, service_tier: str, batch: bool) -> tuple[dict[str, Decimal], tuple[str, ...]]:
    prices = row.given()
    wanted = "batch" if batch else service_tier
    special = row.service_tiers.get(wanted)
    if special is not None:
        return prices | special.given(), ()
    if wanted == "standard" or (batch and row.batch_discount is not None):
        return prices, ()
    return prices, (f"the price list has no {wanted} price for {row.model}: priced as standard",)


def _rate(row: ModelRow, kind: str, price: Decimal, factor: Decimal) -> Rate:
    tiers = tuple((tier.over, _tier_price(tier, kind, price) * factor) for tier in row.long_context)
    return Rate(price * factor, row.per, tiers=tiers)


def _tier_price(tier: TokenPrices, kind: str, price: Decimal) -> Decimal:
    return tier.given().get(kind, price)
