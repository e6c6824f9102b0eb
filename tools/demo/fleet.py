"""The rented GPU fleet: node days and their reservation, as the neocloud's FOCUS 1.3 CSV."""

from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow.csv as pacsv

from tools.demo.calendar import Calendar
from tools.demo.cloud import MILLION, Account, Item, daily_level, daily_usage, dollars, flat, month_firsts, usage
from tools.demo.lines import UNITS, Block, as_text, day_starts, table, tag_texts
from tools.demo.streams import DEVELOPERS, SELF_HOSTED

COLUMNS = (
    "BillingAccountId BillingAccountName BillingAccountType BillingCurrency BillingPeriodStart BillingPeriodEnd "
    "ChargePeriodStart ChargePeriodEnd ChargeCategory ChargeClass ChargeDescription ChargeFrequency "
    "CommitmentDiscountCategory CommitmentDiscountId CommitmentDiscountName CommitmentDiscountQuantity "
    "CommitmentDiscountStatus CommitmentDiscountType CommitmentDiscountUnit ConsumedQuantity ConsumedUnit "
    "ContractedCost HostProviderName InvoiceIssuerName ListCost ListUnitPrice PricingCategory PricingCurrency "
    "PricingQuantity PricingUnit ServiceProviderName RegionId RegionName ResourceId ResourceName ServiceCategory "
    "ServiceSubcategory ServiceName BilledCost EffectiveCost Tags x_Model x_ModelDeveloper x_Workload"
)
ACCOUNT = Account({
    "BillingAccountId": "nh-acct-30418",
    "BillingAccountName": "Fernhill",
    "BillingAccountType": "Organization",
    "BillingCurrency": "USD",
    "PricingCurrency": "USD",
        "ChargeClass": None,
    "InvoiceIssuerName": SELF_HOSTED,
    "HostProviderName": SELF_HOSTED,
    "ServiceProviderName": SELF_HOSTED,
})  # fmt: skip
NODE = Item("GPU Cloud", "Compute", "Virtual Machines", "8x H100 SXM node", "Hours", "us-mid-2", contract=94)
LIST_PRICE = 23_9200 * UNITS // 10_000
RESERVED_PRICE = 16_8000 * UNITS // 10_000
RESERVATION: dict[str, str | None] = {
    "CommitmentDiscountCategory": "Usage",
    "CommitmentDiscountId": "nh-rsv-0087",
    "CommitmentDiscountName": "8 nodes, 24 months",
    "CommitmentDiscountType": "Reservation",
    "CommitmentDiscountUnit": "Hours",
}
RESERVED_NODES = 8


class Node(NamedTuple):
    """One machine of eight GPUs and what it is for. `reserved` nodes are under the reservation."""

    name: str
    team: str
    project: str
    environment: str
    workload: str
    model: str | None
    reserved: bool
    idle_every: int = 0
    """Not booked on each so-manieth day; a reserved node's hours are unused commitment then."""


def nodes() -> tuple[Node, ...]:
    chat = ("assist", "copilot", "production", "inference", "qwen3-235b", True)
    extract = ("docflow", "extractor", "production", "inference", "deepseek-v3.2", True)
    train = ("ml-research", "foundation", "production", "training", None)
    lab = ("ml-research", "evals-lab", "development", "evaluation", None)
    return (
        *(Node(f"nh-{code}", *chat) for code in ("a04", "a05", "a11")),
        *(Node(f"nh-{code}", *extract) for code in ("a06", "a17")),
        *(Node(f"nh-{code}", *train, True, every) for code, every in (("b02", 0), ("b03", 6), ("b09", 4))),
        *(Node(f"nh-{code}", *train, False, every) for code, every in (("c12", 2), ("c13", 3))),
        Node("nh-c20", *lab, False),
    )


def write_fleet(folder: Path, calendar: Calendar, noise: np.random.Generator) -> Path:
    """One CSV export."""
    blocks = [line for node in nodes() for line in _node_lines(node, calendar)]
    blocks += _on_top(calendar, noise)
    blocks = [block for block in blocks if len(block)]
    lines = table(blocks, calendar, tags=tag_texts(blocks), names=COLUMNS.split())
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "nordhaven_focus_1_3.csv"
    pacsv.write_csv(as_text(lines), path)
    return path


def _node_lines(node: Node, calendar: Calendar) -> list[Block]:
    days = np.arange(calendar.days)
    booked = np.ones(calendar.days, dtype=bool) if not node.idle_every else days % node.idle_every != 1
    hours = np.where(booked, 24 * MILLION, 0).astype(np.int64)
    tags = {"team": node.team, "project": node.project, "environment": node.environment}
    names: dict[str, str | None] = {}
    if node.model:
        names = {"x_Model": node.model, "x_ModelDeveloper": DEVELOPERS[node.model[:3]]}
    item = replace(NODE, resource=node.name, tags=tags, workload=node.workload, more=names)
    line = usage(ACCOUNT, item, day_starts(calendar), 86_400, hours, LIST_PRICE)
    if not node.reserved:
        return [line]
    idle = usage(ACCOUNT, replace(item, tags={}, workload=None, more={}), day_starts(calendar), 86_400,
                 24 * MILLION - hours, LIST_PRICE)  # fmt: skip
    return [_reserved(line, "Used"), _reserved(idle, "Unused")]


def _reserved(line: Block, status: str) -> Block:
    hours = line.quantity["ConsumedQuantity"]
    cost = hours * (RESERVED_PRICE // MILLION)
    text = {**line.text, **RESERVATION, "PricingCategory": "Committed", "CommitmentDiscountStatus": status}
    money = {**line.money, "BilledCost": cost * 0, "EffectiveCost": cost}
    if status == "Used":
        return replace(line, text=text, money=money, quantity={**line.quantity, "CommitmentDiscountQuantity": hours})
    text |= {"ConsumedUnit": None, "PricingUnit": None, "ChargeDescription": "Unused reservation"}
    money |= {"ListCost": cost * 0, "ContractedCost": cost * 0}
    return replace(line, text=text, money=money, quantity={"CommitmentDiscountQuantity": hours})


def _on_top(calendar: Calendar, noise: np.random.Generator) -> list[Block]:
    """The reservation's fee for three months in advance, shared storage and one credit for an outage."""
    firsts = month_firsts(calendar)
    quarters = range(0, len(firsts), 3)
    lengths = [(calendar.month(number + 3) - calendar.month(number)).days for number in quarters]
    fees = np.array(lengths, dtype=np.int64) * 24 * RESERVED_NODES * RESERVED_PRICE
    plan = replace(NODE, description="Reservation, three months in advance")
    fee = flat(ACCOUNT, plan, "Purchase", firsts[::3], fees, **RESERVATION, PricingCategory="Standard")
    shared = Item("Parallel File System", "Storage", "File Storage", "Shared file system", "TiB-Days", "us-mid-2",
                  tags={"team": "platform", "project": "data-lake", "environment": "production"})  # fmt: skip
    credit = replace(NODE, description="Service level credit")
    return [
        replace(fee, money={**fee.money, "EffectiveCost": fees * 0}),
        daily_usage(ACCOUNT, shared, calendar, daily_level(calendar, 46, noise), 2_3000 * UNITS // 10_000),
        flat(ACCOUNT, credit, "Credit", firsts[5:6], -dollars(np.array([2_016.0])), ChargeFrequency="One-Time"),
    ]
