"""A small bill with rows inside and outside an asker's scope."""

import csv
import random
from datetime import date, timedelta
from pathlib import Path

from tools.domain.scope import Filter, Scope
from tools.ingest.focus import load_focus
from tools.store import Store

SCOPE = Scope(filters=(Filter(dimension="x_Team", values=("ads", "search", "retail")),))
ROWS, FIRST, DAYS = 500, date(2026, 9, 1), 61


def load_world(store: Store, path: Path, *, hidden: str) -> None:
    """Two months of charges; every name of the rows outside the scope holds `hidden`."""
    chance = random.Random(5)
    rows = [_row(chance, chance.choice(["ads", "search", "retail"])) for _ in range(ROWS)]
    rows += [_row(chance, f"secret {hidden}") | {"x_Model": hidden, "ServiceName": hidden} for _ in range(20)]
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    load_focus(store, [path])


def _row(chance: random.Random, team: str) -> dict[str, str]:
    day = FIRST + timedelta(days=chance.randrange(DAYS))
    cost = f"{chance.randrange(-100, 90_000) / 1000:.3f}"
    model = chance.choice(["m-large", "m-mid", "gpt-x", "claude-x", "r1"])
    return {
        "ChargePeriodStart": f"{day}T00:00:00Z",
        "ChargePeriodEnd": f"{day + timedelta(days=1)}T00:00:00Z",
        "BillingPeriodStart": f"{day.replace(day=1)}T00:00:00Z",
        "BillingPeriodEnd": f"{(day.replace(day=28) + timedelta(days=4)).replace(day=1)}T00:00:00Z",
        "BillingCurrency": "USD",
        "BillingAccountId": "acc-1",
        "SubAccountId": f"{chance.randrange(3)}-sub",
        "HostProviderName": chance.choice(["Example Cloud", "Other Cloud"]),
        "ServiceProviderName": "Example Cloud",
        "InvoiceIssuerName": "Example Cloud",
        "ChargeCategory": "Usage",
        "ServiceCategory": "AI and Machine Learning",
        "ServiceName": chance.choice(["Machines", "Inference"]),
        "BilledCost": cost,
        "EffectiveCost": cost,
        "ListCost": cost,
        "ContractedCost": cost,
        "ConsumedQuantity": str(chance.randrange(1, 10**7)),
        "ConsumedUnit": "Tokens",
        "x_TokenType": chance.choice(["input", "output"]),
        "x_Requests": str(chance.randrange(100)),
        "x_Environment": chance.choice(["prod", "dev"]),
        "x_Model": model,
        "x_Team": team,
    }
