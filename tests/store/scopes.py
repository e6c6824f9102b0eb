"""Random bills and scopes over them, and the same bill with only the rows that a scope permits."""

import json
import random
from collections.abc import Sequence
from pathlib import Path

from tests.semantic.bill import Row, random_bill
from tools.domain.scope import TAG, Filter, Scope
from tools.ingest.focus import load_focus
from tools.store import Store

BROKEN = "not a number"


def mixed_bill(seed: int, rows: int = 160) -> list[Row]:
    """A bill with two providers on two bases, a column that only some teams have, and rows that end in quarantine."""
    chance, bill = random.Random(seed), random_bill(seed, rows)
    for row in bill:
        row["HostProviderName"] = row["ServiceProviderName"] = chance.choice(["Example Cloud", "Other Cloud"])
        row["x_CostBasis"] = chance.choice(["invoice", "invoice", "provider_usage"])
        row["SubAccountId"] = f"{chance.randrange(1, 4):03d}"
        row["x_Secret"] = f"plan-{chance.randrange(3)}" if row["x_Team"] == "risk" else ""
        if chance.random() < 0.05:
            row["EffectiveCost"] = row["BilledCost"] = BROKEN
    return bill


def random_scope(seed: int) -> Scope:
    chance = random.Random(seed)
    choices = {
        "x_Team": ["search", "ads", "risk", "nobody"],
        "SubAccountId": ["001", "002", "003"],
        "HostProviderName": ["Example Cloud", "Other Cloud"],
        "tag:env": ["prod", "dev", "'); DROP TABLE daily; --"],
        "x_Secret": ["plan-0", "plan-1"],
    }
    names = chance.sample(sorted(choices), chance.randrange(1, 3))
    return Scope(
        filters=tuple(
            Filter(dimension=name, values=tuple(chance.sample(choices[name], chance.randrange(1, len(choices[name])))))
            for name in names
        )
    )


def permitted(bill: Sequence[Row], scope: Scope) -> list[Row]:
    """The rows inside a scope, found without a database."""
    return [row for row in bill if all(_value(row, one.dimension) in one.values for one in scope.filters)]


def _value(row: Row, dimension: str) -> str | None:
    if dimension.startswith(TAG):
        return json.loads(row.get("Tags") or "{}").get(dimension.removeprefix(TAG))
    return row.get(dimension) or None


def load_bill(folder: Path, bill: Sequence[Row], columns: Sequence[Row]) -> Store:
    """A store with `bill`; its file has the columns of `columns`, whatever rows are left."""
    import csv

    folder.mkdir(parents=True, exist_ok=True)
    names = list(dict.fromkeys(name for row in columns for name in row))
    path = folder / "bill.csv"
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, names, restval="")
        writer.writeheader()
        writer.writerows(bill)
    store = Store(folder / "store")
    if bill:
        load_focus(store, [path])
    return store
