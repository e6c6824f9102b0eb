"""Small FOCUS bills as text."""

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path

COLUMNS: Mapping[str, str] = {
    "BilledCost": "10",
    "EffectiveCost": "9.5",
    "ListCost": "12",
    "ContractedCost": "11",
    "BillingAccountId": "42",
    "BillingAccountName": "Acme",
    "BillingCurrency": "USD",
    "BillingPeriodStart": "2026-10-01T00:00:00Z",
    "BillingPeriodEnd": "2026-11-01T00:00:00Z",
    "ChargePeriodStart": "2026-10-05T00:00:00Z",
    "ChargePeriodEnd": "2026-10-06T00:00:00Z",
    "ChargeCategory": "Usage",
    "ChargeClass": "",
    "ChargeDescription": "compute, per hour",
    "InvoiceIssuerName": "AWS",
    "HostProviderName": "AWS",
    "ServiceProviderName": "AWS",
    "PricingQuantity": "1",
    "PricingUnit": "Hours",
    "ServiceCategory": "Compute",
    "ServiceName": "Amazon EC2",
}
"""A row without a defect: column → value."""


def bill(path: Path, *rows: Mapping[str, str], without: Sequence[str] = ()) -> Path:
    """Write a CSV whose rows differ from `COLUMNS` as given; columns that only `rows` name are added."""
    names = list(dict.fromkeys([*COLUMNS, *(name for row in rows for name in row)]))
    names = [name for name in names if name not in without]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(names)
    for row in rows or ({},):
        writer.writerow([{**COLUMNS, **row}.get(name, "") for name in names])
    path.write_text(out.getvalue(), encoding="utf-8")
    return path
