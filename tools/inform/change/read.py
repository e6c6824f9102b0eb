"""The store's sums as cells: read as finely as fits, and coarser where there would be too many lines."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from tools.domain.errors import MixedCurrencies
from tools.inform.change import effects as why
from tools.inform.change.cells import AmountCell, Names, Side, TokenCell, UsageCell
from tools.inform.change.effects import about
from tools.inform.change.query import SKU_NAMES, Queries, Written
from tools.inform.change.sides import Sides
from tools.inform.change.skus import instance_type, sku
from tools.registry import SqlValue, ToolContext
from tools.semantic.numbers import EXACT

MOST_LINES = 20_000
"""More sums than these are read again with fewer names told apart."""
_COARSER = (
    ("x_Customer",),
    ("x_UseCase", "x_Workload"),
    ("x_Environment", "x_Team"),
    ("x_Project",),
)
_REASONS = {
    "Credit": why.CREDITS,
    "Adjustment": why.REFUNDS,
    "Tax": why.TAXES,
    "Purchase": why.PURCHASES,
}
_TOLD_OF_TOKENS = frozenset({"HostProviderName", "ServiceName", "x_Model", "x_ServiceTier"})
_TOLD_OF_USAGE = frozenset({"HostProviderName", "ServiceName", "RegionName", "RegionId", "CommitmentDiscountStatus"})
"""Dimensions that lines are made of anyway: a breakdown by them shares out the same effects."""
Row = Mapping[str, Any]


@dataclass
class Cells:
    """All that is decomposed, with the queries that it came from."""

    tokens: list[TokenCell] = field(default_factory=list)
    usage: list[UsageCell] = field(default_factory=list)
    amounts: list[AmountCell] = field(default_factory=list)
    currencies: set[str] = field(default_factory=set)
    sql: list[str] = field(default_factory=list)
    parameters: list[SqlValue] = field(default_factory=list)
    caveats: list[str] = field(default_factory=list)
    found: bool = False


def read_cells(ctx: ToolContext, sides: Sides, most: int = MOST_LINES) -> Cells:
    """Raises MixedCurrencies when amounts of several currencies would be summed."""
    return _Reader(ctx, sides, most).read()


class _Reader:
    def __init__(self, ctx: ToolContext, sides: Sides, most: int) -> None:
        self.ctx, self.sides, self.most = ctx, sides, most
        self.queries = Queries(ctx, sides, most)
        self.cells = Cells()
        self.bases: dict[str, tuple[set[str], set[str]]] = {}
        names = [dimension.name for dimension in sides.dimensions]
        self.tokens_apart = [n for n, name in enumerate(names) if name not in (*sides.uses, *_TOLD_OF_TOKENS)]
        self.usage_apart = [n for n, name in enumerate(names) if name not in (*sides.uses, *_TOLD_OF_USAGE)]
        self.groups = len(names)

    def read(self) -> Cells:
        if self.queries.has_tokens:
            for row in self._rows(self.queries.tokens, "token lines"):
                self.cells.tokens.append(self._token_cell(row))
        skus = [name for name in SKU_NAMES if name in self.ctx.store.columns]
        for row in self._rows(
            lambda uses: self.queries.others(uses, skus), "lines", lambda: self.queries.others((), ())
        ):
            self._other_cell(row)
        if len(self.cells.currencies) > 1 and not self.sides.now.rates:
            raise MixedCurrencies(tuple(sorted(self.cells.currencies)))
        self.cells.caveats += _basis_notes(self.bases)
        return self.cells

    def _rows(self, write: Any, what: str, last: Any = None) -> Iterator[Row]:
        """The finest reading with at most so many rows."""
        names, left_out = list(self.sides.uses), []
        attempts = [write(tuple(names))]
        result = self.ctx.store.query(attempts[0].sql, attempts[0].parameters)
        for coarser in _COARSER:
            if len(result.rows) <= self.most:
                break
            if not set(coarser) & set(names):
                continue
            left_out += [name for name in coarser if name in names]
            names = [name for name in names if name not in coarser]
            attempts.append(write(tuple(names)))
            result = self.ctx.store.query(attempts[-1].sql, attempts[-1].parameters)
        if len(result.rows) > self.most and last is not None:
            attempts.append(last())
            result = self.ctx.store.query(attempts[-1].sql, attempts[-1].parameters)
        self._note(attempts[-1], left_out, what)
        for row in result.rows:
            self.cells.found = True
            yield dict(zip(result.columns, row, strict=True))

    def _note(self, written: Written, left_out: Sequence[str], what: str) -> None:
        self.cells.sql.append(written.sql)
        self.cells.parameters += written.parameters
        if left_out:
            names = ", ".join(name.removeprefix("x_").lower() for name in left_out)
            self.cells.caveats.append(f"there are too many {what} to tell apart by {names}: these are taken together")

    def _token_cell(self, row: Row) -> TokenCell:
        if row["cost"]:
            self.bases.setdefault(row["HostProviderName"] or "", (set(), set()))[_side(row)].add(row["x_CostBasis"])
        group = self._group(row)
        return TokenCell(
            side=_side(row),
            group=group,
            apart=tuple(group[place] for place in self.tokens_apart),
            use=tuple(row.get(name) for name in self.sides.uses),
            provider=row["HostProviderName"],
            service=row["ServiceName"],
            model=row["x_Model"],
            tier=row["x_ServiceTier"],
            token_type=row["x_TokenType"],
            cost=self._money(row, "cost"),
            tokens=row["tokens"] or Decimal(0),
            requests=row["requests"] or Decimal(0),
            weight=row["weight"] or Decimal(0),
            priced=row["priced"] or Decimal(0),
        )

    def _other_cell(self, row: Row) -> None:
        names = ("HostProviderName", "ServiceName", "RegionName", *self.sides.uses)
        told = about(names, [row.get(name) for name in names])
        cost, side, group = self._money(row, "cost"), _side(row), self._group(row)
        if (reason := _reason(row)) is not None:
            self.cells.amounts.append(AmountCell(side, group, reason, cost, told))
            return
        unit, quantity = _quantity(row)
        instance = instance_type(row)
        use = (row["HostProviderName"], row["ServiceName"], unit, *(row.get(name) for name in self.sides.uses))
        if instance is None:
            use = (*use, sku(row))
        told |= {"InstanceType": instance} if instance else {}
        covered = row["CommitmentDiscountStatus"] == "Used"
        apart = tuple(group[place] for place in self.usage_apart)
        region = row["RegionName"] or row["RegionId"]
        self.cells.usage.append(UsageCell(side, group, use, region, instance, covered, cost, quantity, told, apart))

    def _group(self, row: Row) -> Names:
        return tuple(None if (value := row[f"group_{n}"]) is None else str(value) for n in range(self.groups))

    def _money(self, row: Row, name: str) -> Decimal:
        amount, currency = row[name] or Decimal(0), row["BillingCurrency"]
        if amount:
            self.cells.currencies.add(currency or "")
        rates = self.sides.now.rates
        if not rates or not amount:
            return Decimal(amount)
        if currency not in rates:
            raise MixedCurrencies((currency or "", self.sides.request.currency or ""))
        return EXACT.multiply(amount, rates[currency])


def _basis_notes(bases: Mapping[str, tuple[set[str], set[str]]]) -> Iterator[str]:
    """Where the two sides are valued by different records, a part of the price is that difference."""
    for provider, (before, now) in sorted(bases.items()):
        if before and now and before != now:
            then, after = (" and ".join(sorted(one)).replace("_", " ") for one in (before, now))
            yield f"{provider}: cost is by {then} before and by {after} now, which can show as a change of token price"


def _side(row: Row) -> Side:
    return 1 if row["side"] else 0


def _reason(row: Row) -> str | None:
    """The reason of an amount that is not usage; None for usage."""
    if row["ChargeClass"] == "Correction":
        return why.REFUNDS
    if row["CommitmentDiscountStatus"] == "Unused":
        return why.UNUSED
    category = row["ChargeCategory"] or "Usage"
    return None if category == "Usage" else _REASONS.get(category, why.UNCOUNTED)


def _quantity(row: Row) -> tuple[str | None, Decimal]:
    for unit, amount in (("ConsumedUnit", "consumed"), ("PricingUnit", "priced")):
        if row[amount]:
            return row[unit], Decimal(row[amount])
    return None, Decimal(0)
