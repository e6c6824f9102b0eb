"""OpenAI's and Anthropic's invoices for closed months, as FOCUS 1.2: a line a day, project, model and meter.

They bill tokens by the million and say nothing of requests: what was consumed stands in the usage records.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from tools.demo.calendar import Calendar, Ints
from tools.demo.lines import UNITS, Block, day_starts, months_of, seconds_of, table
from tools.demo.metering import Meter
from tools.demo.prices import PriceTable
from tools.domain.focus import TOKEN_TYPES

CENT = UNITS // 100
_DAY = 86_400
_METERS = {
    "input": "Input Tokens",
    "cached_input": "Cached Input Tokens",
    "cache_write": "Cache Write Tokens",
    "output": "Output Tokens",
    "reasoning": "Reasoning Tokens",
}
COLUMNS = (
    "BillingAccountId BillingAccountName BillingAccountType BillingCurrency BillingPeriodStart BillingPeriodEnd "
    "ChargePeriodStart ChargePeriodEnd ChargeCategory ChargeClass ChargeDescription ChargeFrequency InvoiceId "
    "InvoiceIssuerName ProviderName PublisherName ServiceCategory ServiceSubcategory ServiceName SkuId SkuMeter "
    "SubAccountId SubAccountName SubAccountType PricingCategory PricingCurrency PricingQuantity PricingUnit "
    "BilledCost EffectiveCost ListCost ContractedCost ListUnitPrice x_Model x_ModelDeveloper x_ServiceTier "
    "x_Workload x_Team x_Project x_Environment x_UseCase x_Customer"
)


@dataclass(frozen=True)
class Vendor:
    """Who sends the invoice, for what, and the tax on it in parts of ten thousand."""

    name: str
    service: str
    account: str
    tax: int
    credits: tuple[tuple[int, int], ...]
    """(month number, whole dollars taken off)."""
    refunds: tuple[tuple[int, int], ...] = ()


OPENAI = Vendor("OpenAI", "OpenAI API", "org-7Qm2xTfA", 888, ((2, 2500), (8, 4000)), ((6, 1275),))
ANTHROPIC = Vendor("Anthropic", "Claude API", "5d1e0f4c-org", 888, ((4, 3000),), ((11, 842),))


def write_invoices(
    folder: Path, vendor: Vendor, meters: Sequence[Meter], prices: PriceTable, calendar: Calendar
) -> list[Path]:
    """One Parquet file a closed month; amounts are rounded to cents line by line, as invoices are."""
    usage = [block for meter in meters for block in _usage_blocks(vendor, meter, prices, calendar)]
    blocks = [*usage, *_monthly_blocks(vendor, usage, calendar)]
    lines = table(blocks, calendar, tags=None, names=COLUMNS.split())
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for first, part in months_of(lines, calendar):
        paths.append(folder / f"invoice_{first:%Y-%m}.parquet")
        number = pa.array([f"{vendor.account[:4].upper()}-{first:%Y%m}-0001"] * len(part))
        pq.write_table(part.append_column("InvoiceId", number), paths[-1], compression="zstd")
    return paths


def round_to_cents(units: Ints) -> Ints:
    """Half up, for amounts that are not negative."""
    return (units + CENT // 2) // CENT * CENT


def _usage_blocks(vendor: Vendor, meter: Meter, prices: PriceTable, calendar: Calendar) -> list[Block]:
    stream, closed = meter.stream, calendar.closed_days
    starts = day_starts(calendar)[:closed]
    blocks = []
    for kind in TOKEN_TYPES:
        tokens = meter.daily(kind)[:closed]
        unit = prices.units(stream.model, kind, batch=stream.is_batch)[:closed]
        cost = round_to_cents(tokens * unit)
        text = {
            **_vendor_names(vendor),
            "ChargeCategory": "Usage",
            "ChargeFrequency": "Usage-Based",
            "ChargeDescription": f"{stream.model}, {_METERS[kind].lower()}{', batch' if stream.is_batch else ''}",
            "SkuId": f"{stream.model}/{kind}/{stream.tier}",
            "SkuMeter": _METERS[kind],
            "SubAccountId": f"proj_{stream.project}_{stream.environment[:4]}",
            "SubAccountName": f"{stream.project}-{stream.environment[:4]}",
            "SubAccountType": "Project",
            "PricingCategory": "Standard",
            "PricingUnit": "1M Tokens",
            "x_Model": stream.model,
            "x_ModelDeveloper": stream.developer,
            "x_ServiceTier": stream.tier,
            "x_Workload": stream.workload,
            "x_Team": stream.team,
            "x_Project": stream.project,
            "x_Environment": stream.environment,
            "x_UseCase": stream.use_case,
            "x_Customer": stream.customer,
        }
        money = {"BilledCost": cost, "EffectiveCost": cost, "ListCost": cost, "ContractedCost": cost}
        quantity = {"PricingQuantity": tokens}
        block = Block(starts, _DAY, text, {**money, "ListUnitPrice": unit * 10**6}, quantity)
        blocks.append(block.where(tokens > 0))
    return [block for block in blocks if len(block)]


def _monthly_blocks(vendor: Vendor, usage: Sequence[Block], calendar: Calendar) -> list[Block]:
    firsts = np.array([seconds_of(calendar.month(number)) for number in range(14)], dtype=np.int64)
    time = np.concatenate([block.start for block in usage])
    cost = np.concatenate([block.money["BilledCost"] for block in usage])
    sums = [int(cost[(time >= low) & (time < high)].sum()) for low, high in pairwise(firsts)]
    tax = round_to_cents(np.array(sums, dtype=np.int64) * vendor.tax // 10_000)
    blocks = [_flat(vendor, "Tax", None, "Sales tax", firsts[:-1], tax)]
    for rows, category, kind, words in (
        (vendor.credits, "Credit", None, "Promotional credit"),
        (vendor.refunds, "Adjustment", "Correction", "Refund for failed requests, previous invoice"),
    ):
        at = np.array([firsts[month] for month, _ in rows], dtype=np.int64)
        off = np.array([-dollars * UNITS for _, dollars in rows], dtype=np.int64)
        blocks.append(_flat(vendor, category, kind, words, at, off))
    return blocks


def _flat(vendor: Vendor, category: str, kind: str | None, words: str, at: Ints, cost: Ints) -> Block:
    text = {
        **_vendor_names(vendor),
        "ChargeCategory": category,
        "ChargeClass": kind,
        "ChargeFrequency": "One-Time",
        "ChargeDescription": words,
    }
    return Block(at, None, text, {"BilledCost": cost, "EffectiveCost": cost, "ListCost": cost, "ContractedCost": cost})


def _vendor_names(vendor: Vendor) -> dict[str, str | None]:
    return {
        "BillingAccountId": vendor.account,
        "BillingAccountName": "Fernhill",
        "BillingAccountType": "Organization",
        "BillingCurrency": "USD",
        "PricingCurrency": "USD",
        "InvoiceIssuerName": vendor.name,
        "ProviderName": vendor.name,
        "PublisherName": vendor.name,
        "ServiceCategory": "AI and Machine Learning",
        "ServiceSubcategory": "Generative AI",
        "ServiceName": vendor.service,
    }
