"""A small made-up company: usage records and GPU nodes, kept as plain rows and loaded like anyone's."""

import csv
import random
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from tools.ingest.focus import load_focus
from tools.ingest.usage import load_usage
from tools.pricing.book import PriceBook
from tools.registry import ToolContext
from tools.store import Store

FIRST, LAST, AS_OF = date(2026, 7, 1), date(2026, 10, 31), date(2026, 11, 5)
CHANGE = date(2026, 10, 11)
"""The day from which prices are other ones."""
KINDS = ("input", "cached_input", "cache_write", "output", "reasoning")
PRICES: dict[str, dict[date, dict[str, str]]] = {
    "alpha-large": {
        FIRST: {
            "input": "2.5",
            "cached_input": "0.25",
            "cache_write": "3.125",
            "output": "10",
            "batch_discount": "0.5",
        },
        CHANGE: {"input": "2", "cached_input": "0.2", "cache_write": "2.5", "output": "9", "batch_discount": "0.4"},
    },
    "alpha-small": {FIRST: {"input": "0.3", "cached_input": "0.03", "output": "1.2", "batch_discount": "0.5"}},
    "alpha-embed": {FIRST: {"input": "0.13"}},
    "beta-pro": {FIRST: {"input": "1.7", "cached_input": "0.9", "output": "7", "reasoning": "6"}},
    "beta-mini": {
        FIRST: {"input": "0.11", "output": "0.45", "batch_discount": "0.5"},
        CHANGE: {"input": "0.1", "output": "0.4", "batch_discount": "0.5"},
    },
    "gamma-new": {FIRST: {"input": "0.7", "cached_input": "0.1", "output": "3.3", "batch_discount": "0.25"}},
}
"""Per million tokens; gamma-new is listed and was never used."""
USED = {
    "Acme AI": ("alpha-large", "alpha-small", "alpha-embed"),
    "Bolt AI": ("beta-pro", "beta-mini", "alpha-small"),
}
TEAMS = {"search": ("finder", "ranker"), "docs": ("reader", "writer", "scanner")}
NODES = {"8x H100 node": ("H100", 8), "p4d.24xlarge on demand": ("A100", 8), "g6.12xlarge endpoint": ("L4", 4)}


@dataclass(frozen=True)
class Row:
    """One usage record."""

    day: date
    provider: str
    model: str
    team: str
    project: str
    batch: bool
    requests: int
    tokens: dict[str, int]


@dataclass(frozen=True)
class Node:
    """Node-hours of a day."""

    day: date
    name: str
    pricing: str
    hours: Decimal
    cost: Decimal


@dataclass(frozen=True)
class Company:
    rows: tuple[Row, ...]
    nodes: tuple[Node, ...]


def company(seed: int, rows: int = 420, nodes: int = 60) -> Company:
    rng = random.Random(seed)
    return Company(tuple(_row(rng) for _ in range(rows)), tuple(_node(rng) for _ in range(nodes)))


def load_company(one: Company, folder: Path) -> ToolContext:
    """The company in a store of its own."""
    prices = folder / "prices.yaml"
    prices.write_text(_price_list(), "utf-8")
    store = Store(folder / "store")
    for provider in USED:
        path = _write(folder / f"{provider[:4]}.csv", [_record(row) for row in one.rows if row.provider == provider])
        load_usage(store, [path], provider=provider, prices=prices)
    bill = _write(folder / "nodes.csv", [_charge(node) for node in one.nodes])
    load_focus(store, [bill], source="nodes")
    return ToolContext(store=store.snapshot(), as_of=AS_OF, prices=PriceBook([prices]))


def _row(rng: random.Random) -> Row:
    provider = rng.choice(list(USED))
    model = rng.choice(USED[provider])
    team = rng.choice(list(TEAMS))
    listed = PRICES[model][FIRST]
    tokens = {"input": rng.randint(1, 9_000_000)}
    if "cached_input" in listed and rng.random() < 0.6:
        tokens["cached_input"] = rng.randint(0, 12_000_000)
    if "cache_write" in listed and rng.random() < 0.5:
        tokens["cache_write"] = rng.randint(0, 3_000_000)
    if "output" in listed:
        tokens["output"] = rng.randint(1, 3_000_000)
    if model == "beta-pro" and rng.random() < 0.5:
        tokens["reasoning"] = rng.randint(1, 2_000_000)
    return Row(
        day=FIRST + timedelta(days=rng.randrange((LAST - FIRST).days + 1)),
        provider=provider,
        model=model,
        team=team,
        project=rng.choice(TEAMS[team]),
        batch="batch_discount" in listed and rng.random() < 0.2,
        requests=rng.randint(1, 50_000),
        tokens=tokens,
    )


def _node(rng: random.Random) -> Node:
    name = rng.choice(list(NODES))
    hours = Decimal(rng.randint(1, 240)) / 10
    price = Decimal(rng.randint(150, 3000)) / 100
    day = FIRST + timedelta(days=rng.randrange((LAST - FIRST).days + 1))
    return Node(day, name, rng.choice(["Standard", "Standard", "Committed"]), hours, hours * price)


def _record(row: Row) -> dict[str, object]:
    counts = {f"{kind}_tokens": row.tokens.get(kind, 0) for kind in KINDS}
    return {
        "time": f"{row.day}T09:00:00Z", "model": row.model, "requests": row.requests, **counts,
        "batch": str(row.batch).lower(), "x_Team": row.team, "x_Project": row.project,
    }  # fmt: skip


def _charge(node: Node) -> dict[str, object]:
    month = node.day.replace(day=1)
    following = (month + timedelta(days=32)).replace(day=1)
    return {
        "BilledCost": node.cost, "EffectiveCost": node.cost, "ListCost": node.cost, "ContractedCost": node.cost,
        "BillingAccountId": "1", "BillingCurrency": "USD", "BillingPeriodStart": f"{month}T00:00:00Z",
        "BillingPeriodEnd": f"{following}T00:00:00Z", "ChargePeriodStart": f"{node.day}T00:00:00Z",
        "ChargePeriodEnd": f"{node.day + timedelta(days=1)}T00:00:00Z", "ChargeCategory": "Usage", "ChargeClass": "",
        "ChargeDescription": node.name, "InvoiceIssuerName": "Cirrus", "HostProviderName": "Cirrus",
        "ServiceProviderName": "Cirrus", "PricingCategory": node.pricing, "PricingQuantity": node.hours,
        "PricingUnit": "Hours", "ServiceCategory": "Compute", "ServiceName": "GPU nodes",
    }  # fmt: skip


def _price_list() -> str:
    lines = [
        "  - {" + ", ".join(f"{name}: {price}" for name, price in {"model": model, **prices, "from": day}.items()) + "}"
        for model, dated in PRICES.items()
        for day, prices in dated.items()
    ]
    return "\n".join(["currency: USD", "prices:", *lines, ""])


def _write(path: Path, records: list[dict[str, object]]) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(records[0]))
        writer.writeheader()
        writer.writerows(records)
    return path
