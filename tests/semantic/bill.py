"""A small made-up bill, as rows of text and as a loaded store."""

import csv
import random
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from tools.domain.scope import Scope
from tools.ingest.focus import load_focus
from tools.registry import ToolContext
from tools.store.store import Store

FIRST, DAYS = date(2026, 9, 1), 61
COSTS = ("EffectiveCost", "BilledCost", "ListCost", "ContractedCost")
Row = dict[str, str]


def charge(day: date, effective: str, **more: str) -> Row:
    """A usage charge of `effective` USD on a day; `more` overrides any column."""
    row = dict.fromkeys(COSTS, effective) | {
        "ChargePeriodStart": f"{day}T05:00:00Z",
        "ChargePeriodEnd": f"{day}T06:00:00Z",
        "BillingPeriodStart": f"{day.replace(day=1)}T00:00:00Z",
        "BillingPeriodEnd": f"{(day.replace(day=28) + timedelta(days=4)).replace(day=1)}T00:00:00Z",
        "BillingCurrency": "USD",
        "BillingAccountId": "acc-1",
        "InvoiceIssuerName": "Example Cloud",
        "HostProviderName": "Example Cloud",
        "ServiceProviderName": "Example Cloud",
        "ChargeCategory": "Usage",
        "ServiceCategory": "Compute",
        "ServiceName": "Machines",
    }
    return row | more


def random_bill(seed: int = 7, rows: int = 600) -> list[Row]:
    """Two months of charges with exact, awkward amounts, names that are missing, credits and zeros."""
    chance = random.Random(seed)
    bill = []
    for _ in range(rows):
        day = FIRST + timedelta(days=chance.randrange(DAYS))
        amount = str(Decimal(chance.randrange(-500, 90_000_000)) / Decimal(10**7)) if chance.random() > 0.1 else "0"
        model = chance.choice(["m-large", "m-mid", "m-small", "r1", "embed", ""])
        bill.append(
            charge(
                day,
                amount,
                ServiceName=chance.choice(["Machines", "Inference", "Disks", "Network"]),
                x_Model=model,
                x_Team=chance.choice(["search", "ads", "risk", ""]),
                x_TokenType=chance.choice(["input", "cached_input", "output"]) if model else "",
                ConsumedQuantity=str(chance.randrange(1, 10**9)),
                ConsumedUnit="Tokens" if model else "Hours",
                Tags=chance.choice(['{"env": "prod"}', '{"env": "dev"}']) if chance.random() > 0.2 else "",
            )
        )
    return bill


def load(
    folder: Path,
    bill: Sequence[Row],
    *,
    as_of: date = date(2026, 10, 31),
    scope: Scope = Scope(),  # noqa: B008 - frozen
    **context: object,
) -> ToolContext:
    """A store with `bill`, and the context of a question on `as_of` by somebody who may see `scope`."""
    names = list(dict.fromkeys(name for row in bill for name in row))
    path = folder / "bill.csv"
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, names, restval="")
        writer.writeheader()
        writer.writerows(bill)
    store = Store(folder / "store", scope=scope)
    load_focus(store, [path])
    return ToolContext(store=store.snapshot(), as_of=as_of, **context)  # type: ignore[arg-type]
