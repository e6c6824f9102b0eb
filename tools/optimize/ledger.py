"""The ledger that savings are computed on: a month's avoidable lines of cost, by everything that a lever may change."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property
from typing import Any

from tools.domain.errors import MixedCurrencies, NoData
from tools.domain.period import Period
from tools.domain.recommendation import Edit
from tools.inform.scenario.base import base_period, month_factor
from tools.registry import SqlValue, ToolContext

KEYS = (
    "HostProviderName", "ServiceName", "ChargeCategory", "PricingCategory", "CommitmentDiscountStatus",
    "CommitmentDiscountId", "SubAccountId", "RegionId", "ResourceId", "ResourceName", "ChargeDescription",
    "ConsumedUnit", "x_Model", "x_TokenType", "x_ServiceTier", "x_Workload", "x_UseCase", "x_Team", "x_Project",
    "x_Environment",
)  # fmt: skip
"""What lines are told apart by."""
SUMS = ("EffectiveCost", "ListCost", "ContractedCost", "ConsumedQuantity", "x_Requests")


@dataclass(frozen=True)
class Line:
    """What has one cost in the period. Amounts are of the ledger's period, at the rates that were paid."""

    keys: Mapping[str, str | None]
    cost: Fraction
    list_cost: Fraction | None
    contracted_cost: Fraction | None
    quantity: Fraction
    requests: Fraction

    def __getitem__(self, key: str) -> str | None:
        return self.keys.get(key)

    def times(self, part: Fraction) -> "Line":
        """So much of the line."""
        return replace(
            self,
            cost=self.cost * part,
            list_cost=None if self.list_cost is None else self.list_cost * part,
            contracted_cost=None if self.contracted_cost is None else self.contracted_cost * part,
            quantity=self.quantity * part,
            requests=self.requests * part,
        )


@dataclass(frozen=True)
class Ledger:
    """Lines of a period, in one currency. `month` scales an amount of the period to one month."""

    lines: tuple[Line, ...]
    period: Period
    currency: str
    month: Fraction
    sql: str = ""
    parameters: tuple[SqlValue, ...] = ()
    edits: tuple[Edit, ...] = field(default=())
    """Those already applied: what usage optimization leaves."""

    @cached_property
    def tokens(self) -> tuple[Line, ...]:
        """Lines of token usage."""
        return tuple(line for line in self.lines if line["x_TokenType"] is not None)

    @cached_property
    def resources(self) -> Mapping[str, tuple[Line, ...]]:
        """Lines by ResourceId."""
        found: dict[str, list[Line]] = defaultdict(list)
        for line in self.lines:
            if line["ResourceId"] is not None:
                found[line["ResourceId"]].append(line)
        return {key: tuple(lines) for key, lines in found.items()}

    def after(self, edits: Sequence[Edit]) -> "Ledger":
        """The ledger of a world in which the edits are made."""
        left = remaining(self.lines, edits)
        lines = tuple(line.times(part) for line, part in zip(self.lines, left, strict=True))
        return replace(self, lines=lines, edits=(*self.edits, *edits))

    def monthly(self, edits: Sequence[Edit]) -> Fraction:
        """A month's cost of all lines with the edits made, each on what the ones before left."""
        left = remaining(self.lines, edits)
        return self.month * sum((line.cost * part for line, part in zip(self.lines, left, strict=True)), Fraction(0))


def remaining(lines: Sequence[Line], edits: Sequence[Edit]) -> list[Fraction]:
    """For each line the product of what the edits that match it leave."""
    by_columns: dict[tuple[str, ...], dict[tuple[str | None, ...], Fraction]] = {}
    for edit in edits:
        columns = tuple(sorted(edit.where))
        table = by_columns.setdefault(columns, {})
        for values in _combinations([edit.where[column] for column in columns]):
            table[values] = table.get(values, Fraction(1)) * edit.remaining
    return [_part(line, by_columns) for line in lines]


def _part(line: Line, by_columns: Mapping[tuple[str, ...], Mapping[tuple[str | None, ...], Fraction]]) -> Fraction:
    part = Fraction(1)
    for columns, table in by_columns.items():
        part *= table.get(tuple(line[column] for column in columns), Fraction(1))
    return part


def _combinations(choices: Sequence[Sequence[str | None]]) -> Iterable[tuple[str | None, ...]]:
    from itertools import product

    return product(*(dict.fromkeys(one) for one in choices))


def read_ledger(ctx: ToolContext, asked: Period | None = None) -> Ledger:
    """The last full month's ledger, or that of the period asked for.

    Tokens count from the account with the best usage, everything else as it was charged. Tokens of models that are
    served on machines of one's own are left out: their cost is that of the machines. Raises NoData when there is
    nothing, MixedCurrencies for more than one currency.
    """
    period = base_period(ctx, asked)
    sql, parameters = _query(ctx), (period.start, period.end)
    lines = tuple(_line(row) for row in ctx.store.query(sql, parameters).rows)
    if not lines:
        raise NoData(f"no charges from {period.start} to {period.last_day}", "absent")
    currencies = sorted({line["BillingCurrency"] or "" for line in lines})
    if len(currencies) > 1:
        raise MixedCurrencies(currencies)
    return Ledger(lines, period, currencies[0], month_factor(ctx, period), sql, parameters)


def _query(ctx: ToolContext) -> str:
    def item(name: str, kind: str = "VARCHAR") -> str:
        return f'"{name}"' if name in ctx.store.columns else f'CAST(NULL AS {kind}) AS "{name}"'

    keys = ", ".join(item(name) for name in ("BillingCurrency", *KEYS))
    sums = ", ".join(item(name, "DECIMAL(38,18)") for name in SUMS)
    totals = ", ".join(f'SUM("{name}") AS "{name}"' for name in SUMS)
    return f"""
WITH rows_ AS (
    SELECT {keys}, {sums}, "x_CountsForCost", "x_CountsForUsage", "x_CostBasis" FROM charges
    WHERE "ChargeDay" >= CAST(? AS DATE) AND "ChargeDay" < CAST(? AS DATE)
),
own AS (SELECT DISTINCT "x_Model" FROM rows_ WHERE "ConsumedUnit" ILIKE '%hour%' AND "x_Model" IS NOT NULL),
tokens AS (
    SELECT * FROM rows_ WHERE "x_TokenType" IS NOT NULL AND "x_CountsForUsage" AND "EffectiveCost" IS NOT NULL
        AND NOT ("x_CostBasis" = 'estimate' AND "x_Model" IN (FROM own))
),
others AS (
    SELECT * FROM rows_ WHERE "x_TokenType" IS NULL AND "x_CountsForCost" AND "EffectiveCost" IS NOT NULL
        AND COALESCE("ChargeCategory", 'Usage') = 'Usage'
        AND ("HostProviderName" IS NULL OR "ConsumedUnit" IS NOT NULL OR "CommitmentDiscountStatus" IS NOT NULL
            OR "HostProviderName" NOT IN (SELECT "HostProviderName" FROM tokens WHERE "HostProviderName" IS NOT NULL))
)
SELECT "BillingCurrency", {", ".join(f'"{name}"' for name in KEYS)}, {totals}
FROM (FROM tokens UNION ALL BY NAME FROM others) GROUP BY ALL ORDER BY ALL
""".strip()


def _line(row: Sequence[Any]) -> Line:
    names = ("BillingCurrency", *KEYS)
    cost, listed, contracted, quantity, requests = row[len(names) :]
    return Line(
        keys=dict(zip(names, row[: len(names)], strict=True)),
        cost=Fraction(cost),
        list_cost=None if listed is None else Fraction(listed),
        contracted_cost=None if contracted is None else Fraction(contracted),
        quantity=Fraction(quantity or 0),
        requests=Fraction(requests or 0),
    )
