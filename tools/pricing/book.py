"""PriceBook: a person's own price lists first, then genai-prices; by the price in force on the usage's day."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from tools.domain.errors import UnknownName
from tools.pricing.catalogue import Catalogue, noon
from tools.pricing.meters import Meter
from tools.pricing.own_prices import OwnPrices, meter_name
from tools.pricing.price_list import load_price_list
from tools.pricing.providers import BY_MODEL, ProviderRule, provider_rule
from tools.pricing.rates import Rate, RateCard

SERVICE_TIERS = ("standard", "batch", "priority", "flex")


class PriceBook:
    """All prices that Outlay knows, in the order in which they count."""

    def __init__(self, lists: Sequence[Path] = (), catalogue: Catalogue | None = None) -> None:
        """Raises BadInput for a price list that can't be used."""
        self.catalogue = catalogue or Catalogue()
        self._own = tuple(OwnPrices(load_price_list(path), self.catalogue.canonical) for path in lists)

    @property
    def currency(self) -> str:
        """The currency of what no list prices: the first list's, else genai-prices'."""
        return self._own[0].currency if self._own else "USD"

    @property
    def names(self) -> tuple[str, ...]:
        """The sources, in the order in which they count."""
        return (*(own.name for own in self._own), self.catalogue.name)

    def card(
        self,
        model: str,
        provider: ProviderRule | None,
        at: datetime,
        *,
        service_tier: str = "standard",
        batch: bool = False,
    ) -> RateCard | None:
        """The prices of a model at a time (UTC); None when no source has one: unpriced, not free."""
        for own in self._own:
            found = own.card(model, provider.id if provider else None, at.date(), service_tier, batch)
            if found is not None:
                return found
        if provider is not None and provider.catalogue is None:
            return None
        listed = self.catalogue.card(model, _catalogue_id(provider), at, service_tier, batch)
        return listed if listed is not None and listed.rates else None

    def meter_card(self, meter: str, model: str | None, provider: ProviderRule | None, at: datetime) -> RateCard | None:
        """The price of another meter (web searches, images, seats) at a time, as a card with one rate."""
        for own in self._own:
            row = own.meter(meter, model, provider.id if provider else None, at.date())
            if row is not None:
                rates = {Meter(meter_name(meter)): Rate(row.price, row.per, row.unit)}
                return RateCard(row.model or row.meter, own.currency, own.name, rates, row.provider, row.valid_from)
        if model is None or (provider is not None and provider.catalogue is None):
            return None
        card = self.catalogue.card(model, _catalogue_id(provider), at)
        return card if card and Meter(meter_name(meter)) in card.rates else None

    def varies_within_day(self, model: str, provider: ProviderRule | None) -> bool:
        """Whether the hour changes what the model costs."""
        if provider is not None and provider.catalogue is None:
            return False
        return self.catalogue.varies_within_day(model, _catalogue_id(provider))

    def quote(self, model: str, day: date, provider: str | None = None) -> Sequence[Mapping[str, Any]]:
        """All unit prices in force for a model on a day, one row each: standard first, then other tiers.

        Columns: Model, Provider, Meter, ServiceTier, OverInputTokens, UnitPrice, PricingQuantity (how many units it
        is for), PricingUnit, BillingCurrency, ValidFrom, PriceSource, Note. Raises UnknownName with the nearest models.
        """
        rule = provider_rule(provider) if provider else None
        rows = [row for card in self._cards(model, rule, day) for row in _rows_of(card)]
        if not rows:
            raise UnknownName("model", model, self.known_models())
        return rows

    def known_models(self) -> tuple[str, ...]:
        """Every model with a price, own lists first."""
        return tuple(dict.fromkeys((*(name for own in self._own for name in own.models), *self.catalogue.models())))

    def _cards(self, model: str, rule: ProviderRule | None, day: date) -> Iterator[RateCard]:
        standard = self.card(model, rule, noon(day))
        if standard is None:
            return
        yield standard
        for tier in SERVICE_TIERS[1:]:
            batch = tier == "batch"
            card = self.card(model, rule, noon(day), service_tier="standard" if batch else tier, batch=batch)
            if card is not None and not card.notes:
                yield card


def _catalogue_id(provider: ProviderRule | None) -> str | None:
    return None if provider is None or provider.catalogue == BY_MODEL else provider.catalogue


def _rows_of(card: RateCard) -> Iterator[dict[str, Any]]:
    for meter, rate in card.rates.items():
        steps: list[tuple[int | None, Decimal]] = [(None, rate.price), *rate.tiers]
        for over, price in steps:
            yield {
                "Model": card.model,
                "Provider": card.provider,
                "Meter": meter.label,
                "ServiceTier": card.service_tier,
                "OverInputTokens": over,
                "UnitPrice": price,
                "PricingQuantity": rate.per,
                "PricingUnit": rate.unit,
                "BillingCurrency": card.currency,
                "ValidFrom": card.valid_from,
                "PriceSource": card.source,
                "Note": card.stand_in(meter),
            }
