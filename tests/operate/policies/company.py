"""A company whose machines, tokens and other spend can be worked out in the head; a rule file; a context on both."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from tools.ingest.focus import load_focus
from tools.registry import ToolContext
from tools.store import Store

AS_OF = date(2026, 11, 20)


@dataclass(frozen=True)
class Charge:
    """One day's charge; `hours` of machines, or `tokens` of a model."""

    cost: str
    description: str = "storage"
    hours: str = ""
    team: str = ""
    day: date = date(2026, 11, 10)
    provider: str = "AWS"
    region: str = "us-east-1"
    currency: str = "USD"
    model: str = ""
    tokens: str = ""
    pricing: str = "Standard"
    tags: str = ""


def company(folder: Path, charges: Sequence[Charge], policies: str = "") -> ToolContext:
    """The charges loaded as a bill, beside a policies.yaml."""
    store = Store(folder / "store")
    if charges:
        with (folder / "bill.csv").open("w", newline="", encoding="utf-8") as file:
            rows = [_row(one) for one in charges]
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
        assert load_focus(store, [folder / "bill.csv"], source="bill").quarantined == 0
    path = folder / "policies.yaml"
    if policies:
        path.write_text(policies, encoding="utf-8")
    return ToolContext(store=Store(store.path).snapshot(), as_of=AS_OF, policies=path)


def _row(one: Charge) -> dict[str, object]:
    cost = Decimal(one.cost)
    first = one.day.replace(day=1)
    after = (first + timedelta(days=32)).replace(day=1)
    quantity = one.hours or one.tokens
    return {
        "BillingAccountId": "1",
        "BillingCurrency": one.currency,
        "BillingPeriodStart": f"{first}T00:00:00Z",
        "BillingPeriodEnd": f"{after}T00:00:00Z",
        "ChargePeriodStart": f"{one.day}T00:00:00Z",
        "ChargePeriodEnd": f"{one.day + timedelta(days=1)}T00:00:00Z",
        "ChargeCategory": "Usage",
        "ChargeDescription": one.description,
        "ConsumedQuantity": quantity,
        "ConsumedUnit": "Hours" if one.hours else "Tokens" if one.tokens else "",
        "PricingQuantity": quantity,
        "PricingUnit": "Hours" if one.hours else "Tokens" if one.tokens else "",
        "PricingCategory": one.pricing,
        "HostProviderName": one.provider,
        "ServiceName": "Compute",
        "RegionId": one.region,
        "ResourceId": "",
        "Tags": one.tags,
        **dict.fromkeys(("BilledCost", "EffectiveCost", "ListCost", "ContractedCost"), cost),
        "x_Team": one.team,
        "x_Model": one.model,
        "x_TokenType": "input" if one.tokens else "",
    }
