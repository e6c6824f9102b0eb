"""genai-prices as a price source: its dated prices, its tiers and its matching of model names; no network."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from decimal import Decimal
from functools import cached_property
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from tools.domain.errors import BadInput
from tools.pricing.meters import Meter
from tools.pricing.model_names import shorter_names
from tools.pricing.rates import Rate, RateCard

if TYPE_CHECKING:
    from genai_prices.data_snapshot import DataSnapshot
    from genai_prices.types import ModelInfo, ModelPrice, Provider

KINDS = {None: "input", "cache_read": "cached_input", "cache_write": "cache_write", "tool": "input"}
OUTPUT_KINDS = {None: "output", "reasoning": "reasoning", "citation": "output"}
OTHER_UNITS = {"audio_seconds": "Seconds", "requests": "Requests"}
FREE = {Meter("input"): Rate(Decimal(0)), Meter("output"): Rate(Decimal(0))}
CURRENCY = "USD"


class Catalogue:
    """Prices by provider, model and day, in USD."""

    def __init__(self, snapshot: "DataSnapshot | None" = None, name: str | None = None) -> None:
        """`snapshot` stands in for the installed package's own."""
        self._given, self._name = snapshot, name

    @property
    def name(self) -> str:
        """What evidence calls this source."""
        return self._name or f"genai-prices {version('genai-prices')}"

    @cached_property
    def _snapshot(self) -> "DataSnapshot":
        from genai_prices.data_snapshot import get_snapshot

        return self._given or get_snapshot()

    def card(
        self, model: str, provider: str | None, at: datetime, service_tier: str = "standard", batch: bool = False
    ) -> RateCard | None:
        """The prices in force at a time (UTC). `provider` is genai-prices' id; None finds it by the model's name.

        A card without rates means that the model is listed with no price.
        """
        found = self._find(model, provider)
        if found is None:
            return None
        host, info = found
        wanted = (
            {"processing": "batch"} if batch else {} if service_tier == "standard" else {"service_tier": service_tier}
        )
        own = any(info is one for one in host.models)
        prices = info.get_prices(_utc(at), wanted if own else None)
        rates = _rates(prices) or (FREE if _is_free(info) else {})
        return RateCard(
            model=info.id,
            currency=CURRENCY,
            source=self.name,
            rates=rates,
            provider=host.id,
            valid_from=_valid_from(info, at),
            service_tier="batch" if batch else service_tier,
            notes=self._missing_tier(info, at, wanted if own else {}, batch, service_tier),
        )

    def canonical(self, model: str) -> str | None:
        """The id of the model behind a deployment's or snapshot's name, None when it is not known."""
        found = self._find(model, None)
        return found[1].id if found else None

    def varies_within_day(self, model: str, provider: str | None) -> bool:
        """Whether the model has prices by time of day (off-peak)."""
        from genai_prices.types import TimeOfDateConstraint

        found = self._find(model, provider)
        prices = found[1].prices if found else None
        return isinstance(prices, list) and any(isinstance(one.constraint, TimeOfDateConstraint) for one in prices)

    def usage_of(self, provider: str, body: Mapping[str, Any], flavor: str) -> dict[str, Decimal]:
        """The counts in a response body, as its provider means them. Raises BadInput when there are none."""
        try:
            host = self._snapshot.find_provider(None, provider, None)
            _, usage = host.extract_usage(body, api_flavor=flavor)
        except (LookupError, ValueError) as fault:
            raise BadInput(f"no usage of provider={provider!r} ({flavor}) in the response body: {fault}") from fault
        return {key: Decimal(str(value)) for key, value in usage._reported_values().items()}

    def models(self, provider: str | None = None) -> tuple[str, ...]:
        """The ids of all models, or of one provider's."""
        hosts = self._snapshot.providers
        return tuple(dict.fromkeys(m.id for host in hosts if provider in (None, host.id) for m in host.models))

    def _find(self, model: str, provider: str | None) -> "tuple[Provider, ModelInfo] | None":
        for name in shorter_names(model):
            try:
                return self._snapshot.find_provider_model(name, None, provider, None)
            except LookupError:
                continue
        return None

    def _missing_tier(
        self, info: "ModelInfo", at: datetime, wanted: Mapping[str, str], batch: bool, service_tier: str
    ) -> tuple[str, ...]:
        if not batch and service_tier == "standard":
            return ()
        for variant in info.price_variants or ():
            active = variant.constraint is None or variant.constraint.active(_utc(at))
            if active and wanted and all(wanted.get(key) == value for key, value in variant.when.items()):
                return ()
        tier = "batch" if batch else service_tier
        return (f"{self.name} has no {tier} price for {info.id} then: priced as standard",)


def meter_of_unit(dimensions: Mapping[str, str], usage_key: str) -> Meter:
    """Our meter for one of genai-prices' units."""
    if dimensions.get("family") != "tokens":
        return Meter(usage_key)
    kind, modality = dimensions.get("token_type"), dimensions.get("modality", "")
    if dimensions.get("direction") == "output":
        return Meter(OUTPUT_KINDS[kind], modality, "citation" if kind == "citation" else "")
    return Meter(KINDS[kind], modality, "tool" if kind == "tool" else dimensions.get("cache_ttl", ""))


def _rates(prices: "ModelPrice") -> dict[Meter, Rate]:
    from genai_prices.types import TieredPrices
    from genai_prices.units import _get_registry  # the only way to its units

    registry = _get_registry()
    rates: dict[Meter, Rate] = {}
    for unit in registry.units.values():
        price = getattr(prices, unit.price_key)
        if price is None:
            continue
        meter = meter_of_unit(unit.dimensions, unit.usage_key)
        label = "Tokens" if meter.is_tokens else OTHER_UNITS.get(meter.kind, meter.label)
        if isinstance(price, TieredPrices):
            rates[meter] = Rate(price.base, unit.per, label, tuple((tier.start, tier.price) for tier in price.tiers))
        elif isinstance(price, Decimal):
            rates[meter] = Rate(price, unit.per, label)
    return rates


def _is_free(info: "ModelInfo") -> bool:
    comment = (info.price_comments or "").lower()
    return info.id.endswith(":free") or "free of charge" in comment or "included in the subscription" in comment


def _valid_from(info: "ModelInfo", at: datetime) -> date | None:
    from genai_prices.types import StartDateConstraint

    if not isinstance(info.prices, list):
        return None
    days = [one.constraint.start_date for one in info.prices if isinstance(one.constraint, StartDateConstraint)]
    return max((day for day in days if day <= _utc(at).date()), default=None)


def _utc(at: datetime) -> datetime:
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def noon(day: date) -> datetime:
    """A time on a day, for prices that hold all day."""
    return datetime.combine(day, time(12), UTC)
