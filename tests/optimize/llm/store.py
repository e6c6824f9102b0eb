"""A small store for a lever: a few usage records, and charges and quality scores where they matter."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from tools.domain.recommendation import Recommendation
from tools.ingest.focus import load_focus
from tools.ingest.records import load_records
from tools.ingest.usage import load_usage
from tools.optimize.ledger import Ledger, read_ledger
from tools.optimize.lever import Lever
from tools.optimize.portfolio import valued
from tools.pricing.book import PriceBook
from tools.registry import ToolContext
from tools.store import Store

AS_OF = date(2026, 11, 5)
PRICES = """currency: USD
prices:
  - {model: gpt-4.1, input: 2, cached_input: 0.5, output: 8, batch_discount: 0.5, from: 2026-01-01,
     service_tiers: {priority: {input: 4, cached_input: 1, output: 16},
                     flex: {input: 1, cached_input: 0.25, output: 4}}}
  - {model: gpt-4.1-mini, input: 0.4, cached_input: 0.1, output: 1.6, from: 2026-01-01}
  - {model: claude-sonnet-4-5, input: 3, cached_input: 0.3, cache_write: 3.75, output: 15, from: 2026-01-01}
  - {model: qwen3-32b, input: 1, output: 1, from: 2026-01-01}
"""
"""USD per million tokens."""
MILLION = 1_000_000


@dataclass(frozen=True)
class Loaded:
    """A store, and October's ledger of it."""

    ctx: ToolContext
    ledger: Ledger

    def found(self, lever: Lever) -> tuple[Recommendation, ...]:
        """What a lever finds, with its saving. It has to say that it can judge."""
        preflight = lever.preflight(self.ctx, self.ledger)
        assert preflight.can_judge, preflight.missing
        return valued(self.ledger, lever.find(self.ctx, self.ledger))

    def missing(self, lever: Lever) -> str | None:
        return lever.preflight(self.ctx, self.ledger).missing


def loaded(
    folder: Path,
    records: Sequence[Mapping[str, Any]] = (),
    *,
    provider: str = "openai",
    own: Sequence[Mapping[str, Any]] = (),
    charges: Sequence[Mapping[str, Any]] = (),
    quality: Sequence[Mapping[str, Any]] = (),
) -> Loaded:
    """Load usage of a provider, of own models (an estimate), charges and quality scores."""
    prices = folder / "prices.yaml"
    prices.write_text(PRICES, "utf-8")
    store = Store(folder / "store")
    if records:
        load_usage(store, [_csv(folder / "usage.csv", records)], provider=provider, prices=prices)
    if own:
        load_usage(store, [_csv(folder / "own.csv", own)], provider="stratus", prices=prices, basis="estimate")
    if charges:
        load_focus(store, [_csv(folder / "charges.csv", charges)], source="charges")
    if quality:
        load_records(store, "quality", [_csv(folder / "quality.csv", quality)])
    ctx = ToolContext(store=store.snapshot(), as_of=AS_OF, prices=PriceBook([prices]))
    return Loaded(ctx, read_ledger(ctx))


def request(time: str, **more: Any) -> dict[str, Any]:
    """One request of a million tokens of input in October; `time` as in `05T10:00:00`."""
    return {
        "time": f"2026-10-{time}Z", "model": "gpt-4.1", "team": "claims", "use_case": "chat",
        "environment": "production", "workload": "inference", "service_tier": "standard", "requests": 1,
        "input_tokens": MILLION, "cached_input_tokens": 0, "output_tokens": 0, **more,
    }  # fmt: skip


def days(first: date, count: int, **more: Any) -> Iterable[dict[str, Any]]:
    """A day's usage on each of some days: a thousand requests."""
    for number in range(count):
        day = first + timedelta(days=number)
        yield request("01T00:00:00", requests=1000) | more | {"time": f"{day}T00:00:00Z"}


def machine(day: int, name: str, **more: Any) -> dict[str, Any]:
    """A machine's 24 hours on a day of October, at 10 USD an hour."""
    first = date(2026, 10, day)
    amounts = dict.fromkeys(("BilledCost", "EffectiveCost", "ListCost", "ContractedCost"), 240)
    return amounts | {
        "BillingAccountId": "1", "BillingCurrency": "USD", "BillingPeriodStart": "2026-10-01T00:00:00Z",
        "BillingPeriodEnd": "2026-11-01T00:00:00Z", "ChargePeriodStart": f"{first}T00:00:00Z",
        "ChargePeriodEnd": f"{first + timedelta(days=1)}T00:00:00Z", "ChargeCategory": "Usage",
        "ChargeDescription": "8x H100 node", "InvoiceIssuerName": "Stratus", "HostProviderName": "Stratus",
        "ServiceProviderName": "Stratus", "PricingCategory": "Standard", "CommitmentDiscountStatus": "",
        "CommitmentDiscountId": "", "PricingQuantity": 24, "PricingUnit": "Hours", "ServiceCategory": "Compute",
        "ServiceName": "GPU Nodes", "ConsumedQuantity": 24, "ConsumedUnit": "Hours", "ResourceId": name,
        "x_Model": "qwen3-32b", **more,
    }  # fmt: skip


def only(found: Sequence[Recommendation]) -> Recommendation:
    """The one recommendation that there is."""
    assert len(found) == 1, [one.target for one in found]
    return found[0]


def savings(found: Sequence[Recommendation]) -> dict[str | None, Decimal]:
    """Owner → saving."""
    return {one.owner: one.saving for one in found}


def _csv(path: Path, rows: Sequence[Mapping[str, Any]]) -> Path:
    names = list(dict.fromkeys(name for row in rows for name in row))
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, names, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return path
