"""A provider's response body, priced by the same rows and rates that ingested usage is priced by."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from tools.domain.errors import BadInput
from tools.pricing.catalogue import Catalogue, meter_of_unit
from tools.pricing.meters import INPUT_TYPES, OUTPUT_TYPES, Meter
from tools.pricing.rates import worth


@dataclass(frozen=True)
class PricedRow:
    """One meter's disjoint quantity and what it costs; `cost` None: unpriced."""

    meter: Meter
    quantity: Decimal
    unit_price: Decimal | None
    cost: Decimal | None


@dataclass(frozen=True)
class PricedPayload:
    """A response body as disjoint rows."""

    rows: tuple[PricedRow, ...]

    @property
    def input_cost(self) -> Decimal | None:
        """What the tokens that went in cost; None when one of them has no price."""
        return _sum([row.cost for row in self.rows if row.meter.kind in INPUT_TYPES])

    @property
    def output_cost(self) -> Decimal | None:
        """What the tokens that came out cost, reasoning included."""
        return _sum([row.cost for row in self.rows if row.meter.kind in OUTPUT_TYPES])


def price_payload(
    provider: str, body: Mapping[str, Any], *, model: str, at: datetime, catalogue: Catalogue, flavor: str = "default"
) -> PricedPayload:
    """Price the usage in a response body by the catalogue's prices at a time.

    genai-prices reads a model that it lists without prices as free, and so does this; ingested usage stays unpriced.
    `provider` is genai-prices' id, `flavor` its API flavour. Raises BadInput when the body has no usage or
    the model no price.
    """
    card = catalogue.card(model, provider, at)
    if card is None:
        raise BadInput(f"{catalogue.name} has no price for model={model!r} at provider={provider!r}")
    quantities = disjoint(catalogue.usage_of(provider, body, flavor))
    context = sum((quantity for meter, quantity in quantities.items() if meter.kind in INPUT_TYPES), Decimal(0))
    rows = []
    for meter, quantity in quantities.items():
        price = card.unit_price(meter, int(context))
        amount = price.amount if price else None if card.rates else Decimal(0)
        rows.append(PricedRow(meter, quantity, amount, None if amount is None else worth(quantity, amount)))
    return PricedPayload(tuple(rows))


def disjoint(reported: Mapping[str, Decimal]) -> dict[Meter, Decimal]:
    """Reported counts, of which some include others, as quantities that don't overlap and sum to the totals.

    Raises BadInput when a part exceeds its whole.
    """
    from genai_prices.decompose import is_descendant_or_self
    from genai_prices.units import _get_registry  # the only way to its units

    units = [_get_registry().units[key] for key in reported]
    left: dict[str, Decimal] = {}
    for unit in sorted(units, key=lambda one: -len(one.dimensions)):
        parts = [one.usage_key for one in units if one is not unit and is_descendant_or_self(unit, one)]
        left[unit.usage_key] = reported[unit.usage_key] - sum((left[key] for key in parts), Decimal(0))
        if left[unit.usage_key] < 0:
            raise BadInput(f"{unit.usage_key}={reported[unit.usage_key]} is less than its parts ({', '.join(parts)})")
    return {meter_of_unit(unit.dimensions, unit.usage_key): left[unit.usage_key] for unit in units}


def _sum(costs: list[Decimal | None]) -> Decimal | None:
    if any(cost is None for cost in costs):
        return None
    return sum((cost for cost in costs if cost is not None), Decimal(0))
