"""A company with one kind of machine on demand and under a reservation; every figure can be worked out in the head."""

import csv
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

from tools.ingest.focus import load_focus
from tools.ingest.records import load_records
from tools.registry import ToolContext
from tools.store import Store

FIRST, AS_OF = date(2026, 9, 1), date(2026, 11, 1)
DAYS = (AS_OF - FIRST).days
ON_DEMAND, RESERVED = 10, 6
"""Dollars an hour."""
COLUMNS: tuple[str, ...] = (
    "BillingPeriodStart", "BillingPeriodEnd", "ChargePeriodStart", "ChargePeriodEnd", "BillingCurrency",
    "BillingAccountId", "ChargeCategory", "ChargeDescription", "HostProviderName", "ServiceProviderName",
    "InvoiceIssuerName", "ServiceName", "RegionId", "PricingCategory", "ConsumedQuantity", "ConsumedUnit",
    "PricingQuantity", "PricingUnit", "BilledCost", "EffectiveCost", "ListCost", "ContractedCost",
    "CommitmentDiscountId", "CommitmentDiscountName", "CommitmentDiscountCategory", "CommitmentDiscountType",
    "CommitmentDiscountStatus", "CommitmentDiscountQuantity", "CommitmentDiscountUnit", "SubAccountId",
)  # fmt: skip
RESERVATION = {
    "CommitmentDiscountId": "rsv-1", "CommitmentDiscountName": "2 machines, 1 year",
    "CommitmentDiscountCategory": "Usage", "CommitmentDiscountType": "Reservation", "CommitmentDiscountUnit": "Hours",
    "PricingCategory": "Committed",
}  # fmt: skip
Row = dict[str, object]


def company(folder: Path, *, machine: str = "g9.large") -> Store:
    """Two machines run on demand by day and one by night; of two reserved ones one is idle at night."""
    rows = [row for hour in range(DAYS * 24) for row in _hour(hour, machine)]
    path = folder / "bill.csv"
    write(path, rows)
    store = Store(folder / "store")
    load_focus(store, [path], source="bill")
    return store


def _hour(hour: int, machine: str) -> Iterator[Row]:
    start = datetime(FIRST.year, FIRST.month, FIRST.day) + timedelta(hours=hour)
    by_day = start.hour >= 12
    yield row(start, machine, 2 if by_day else 1, ON_DEMAND)
    used = 2 if by_day else 1
    yield row(start, machine, used, RESERVED, **RESERVATION, CommitmentDiscountStatus="Used")
    if not by_day:
        idle = row(start, "", 1, RESERVED, **RESERVATION, CommitmentDiscountStatus="Unused")
        yield {**idle, "ChargeDescription": "Unused reservation", "ConsumedQuantity": None, "ConsumedUnit": None,
               "ListCost": 0, "ContractedCost": 0}  # fmt: skip


def row(start: datetime, machine: str, count: float, price: float, **more: object) -> Row:
    """One hour of some machines."""
    month = start.date().replace(day=1)
    following = (month + timedelta(days=32)).replace(day=1)
    committed = "CommitmentDiscountId" in more
    return {
        "BillingPeriodStart": month, "BillingPeriodEnd": following, "ChargePeriodStart": start,
        "ChargePeriodEnd": start + timedelta(hours=1), "BillingCurrency": "USD", "BillingAccountId": "a",
        "ChargeCategory": "Usage", "ChargeDescription": f"{machine} node", "HostProviderName": "Cloud",
        "ServiceProviderName": "Cloud", "InvoiceIssuerName": "Cloud", "ServiceName": "Machines", "RegionId": "r1",
        "PricingCategory": "Standard", "ConsumedQuantity": count, "ConsumedUnit": "Hours", "PricingQuantity": count,
        "PricingUnit": "Hours", "BilledCost": 0 if committed else count * price, "EffectiveCost": count * price,
        "ListCost": count * ON_DEMAND, "ContractedCost": count * ON_DEMAND,
        "CommitmentDiscountQuantity": count if committed else None, **more,
    }  # fmt: skip


def write(path: Path, rows: Iterable[Row]) -> None:
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows({name: _text(value) for name, value in one.items()} for one in rows)


def _text(value: object) -> object:
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%dT%H:%M:%SZ")
    return f"{value}T00:00:00Z" if isinstance(value, date) else value


def with_agreements(store: Store, text: str) -> Store:
    """Load ContractCommitment rows: id, start, end, cost, description."""
    path = store.path.parent / "contracts.csv"
    header = (
        "ContractId,ContractCommitmentId,ServiceProviderName,ContractCommitmentPeriodStart,ContractCommitmentPeriodEnd,"
        "ContractCommitmentCost,BillingCurrency,ContractCommitmentCategory,ContractCommitmentDescription"
    )
    path.write_text(f"{header}\n{text}")
    load_records(store, "commitments", [path])
    return store


def context(store: Store, as_of: date = AS_OF, offers: Path | None = None) -> ToolContext:
    return ToolContext(store=Store(store.path).snapshot(), as_of=as_of, commitment_offers=offers)
