"""Charges of one month as plain rows, and who they are of."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from tools.registry import ToolContext

SLICE = ("HostProviderName", "x_Model", "x_Workload", "x_UseCase", "x_Team", "x_Environment")
TEXT = (
    *SLICE, "ServiceName", "ChargeCategory", "PricingCategory", "CommitmentDiscountStatus", "CommitmentDiscountId",
    "SubAccountId", "RegionId", "ResourceId", "ResourceName", "ChargeDescription", "ConsumedUnit", "x_TokenType",
    "x_ServiceTier", "x_Project", "x_CostBasis", "x_Status", "x_RequestHash", "x_PrefixHashes", "x_SimHash",
    "x_LatencySeconds",
)  # fmt: skip


@dataclass(frozen=True)
class Row:
    """One charge. `text` holds the columns of TEXT."""

    text: Mapping[str, str | None]
    at: datetime
    cost: Decimal | None
    quantity: Decimal
    requests: Decimal | None
    for_usage: bool
    for_cost: bool

    def __getitem__(self, column: str) -> str | None:
        return self.text[column]

    @property
    def slice(self) -> tuple[str | None, ...]:
        return tuple(self.text[name] for name in SLICE)

    @property
    def priced(self) -> Decimal:
        return self.cost or Decimal(0)


def read_rows(ctx: ToolContext, start: date, end: date) -> tuple[Row, ...]:
    """All charges of the days from `start` up to, but not including, `end`."""
    items = ", ".join(f'"{name}"' if name in ctx.store.columns else f'NULL AS "{name}"' for name in TEXT)
    sql = (
        f'SELECT "ChargePeriodStart", "EffectiveCost", "ConsumedQuantity", "x_Requests", "x_CountsForUsage", '
        f'"x_CountsForCost", {items} FROM charges WHERE "ChargeDay" >= ? AND "ChargeDay" < ?'
    )
    return tuple(
        Row(dict(zip(TEXT, texts, strict=True)), at, cost, quantity or Decimal(0), requests, usage, billed)
        for at, cost, quantity, requests, usage, billed, *texts in ctx.store.query(sql, (start, end)).rows
    )


def token_rows(rows: Iterable[Row]) -> list[Row]:
    """Token usage with a price, of models that nobody serves on machines of their own."""
    rows = list(rows)
    own = {row["x_Model"] for row in rows if "hour" in (row["ConsumedUnit"] or "").lower() and row["x_Model"]}
    return [
        row
        for row in rows
        if row["x_TokenType"]
        and row.for_usage
        and row.cost is not None
        and not (row["x_CostBasis"] == "estimate" and row["x_Model"] in own)
    ]


def other_rows(rows: Iterable[Row]) -> list[Row]:
    """Usage that is no tokens; of those who sell tokens only what is metered or under a commitment.

    Their other lines are the bill of the tokens, which are counted from usage.
    """
    rows = list(rows)
    sellers = {row["HostProviderName"] for row in token_rows(rows)} - {None}
    return [
        row
        for row in rows
        if not row["x_TokenType"]
        and row.for_cost
        and row.cost is not None
        and (row["ChargeCategory"] or "Usage") == "Usage"
        and (row["HostProviderName"] not in sellers or row["ConsumedUnit"] or row["CommitmentDiscountStatus"])
    ]


def by_slice(rows: Iterable[Row]) -> Mapping[tuple[str | None, ...], list[Row]]:
    """Slices that cost something."""
    found: dict[tuple[str | None, ...], list[Row]] = defaultdict(list)
    for row in rows:
        found[row.slice].append(row)
    return {key: mine for key, mine in found.items() if total(mine) > 0}


def name_of(key: Iterable[str | None]) -> str:
    """A slice as recommendations call it."""
    return "/".join(value or "" for value in key)


def total(rows: Iterable[Row]) -> Decimal:
    return sum((row.priced for row in rows), Decimal(0))
