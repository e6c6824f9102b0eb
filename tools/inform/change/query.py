"""The two queries of an explanation: token lines from the daily rollup, everything else with what tells SKUs apart."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlglot import exp

from tools.domain.period import Period
from tools.inform.change.sides import Sides
from tools.registry import SqlValue, ToolContext
from tools.semantic.columns import Columns, column
from tools.semantic.filters import written
from tools.semantic.model import load_model
from tools.semantic.parameters import Parameters
from tools.semantic.plan import Plan

TOKEN_NAMES = ("HostProviderName", "ServiceName", "x_Model", "x_ServiceTier", "x_TokenType", "x_CostBasis")
CLOUD_NAMES = (
    "HostProviderName",
    "ServiceName",
    "ChargeCategory",
    "ChargeClass",
    "RegionName",
    "RegionId",
    "CommitmentDiscountStatus",
    "ConsumedUnit",
    "PricingUnit",
)
SKU_NAMES = ("SkuPriceDetails", "SkuMeter", "SkuId", "ChargeDescription")
_TOKENS = (
    ("x_TokenType", "x_TokenType IS NOT NULL"),
    ("ConsumedUnit", "COALESCE(ConsumedUnit = 'Tokens', FALSE)"),
    ("PricingUnit", "COALESCE(CONTAINS(LOWER(PricingUnit), 'token'), FALSE)"),
)
_METERED = "x_CountsForUsage AND x_TokenType IS NOT NULL"


@dataclass(frozen=True)
class Written:
    """SQL with its `?` values; `names` are the first columns: side, groups, then names, then sums."""

    sql: str
    parameters: tuple[SqlValue, ...]


class Queries:
    """Writes the queries; a column that no file has is NULL."""

    def __init__(self, ctx: ToolContext, sides: Sides, most: int) -> None:
        self.ctx, self.sides, self.most = ctx, sides, most
        self.has = ctx.store.columns

    @property
    def has_tokens(self) -> bool:
        return any(name in self.has for name, _ in _TOKENS)

    def tokens(self, uses: Sequence[str]) -> Written:
        """Token lines: cost, tokens, requests, cost of rows that count for usage only, priced quantity."""
        unpriced = " AND x_PriceSource IS DISTINCT FROM 'unpriced'" if "x_PriceSource" in self.has else ""
        known = f"(NOT x_CountsForCost OR TRUE{unpriced})"
        metered = f"{_METERED} AND {known}" if "x_TokenType" in self.has else "FALSE"
        metric = self.sides.request.metric
        sums = [
            self._sum(metric, "x_CountsForCost", "cost"),
            self._sum("ConsumedQuantity", metered, "tokens"),
            self._sum("x_Requests", f"x_CountsForUsage AND {known}", "requests"),
            self._sum(metric, f"{metered} AND NOT x_CountsForCost", "weight"),
            self._sum("PricingQuantity", "x_CountsForCost", "priced"),
        ]
        matching = f"({self._is_usage}) AND ({self._is_tokens}) AND (x_CountsForCost OR x_CountsForUsage)"
        return self._write((*TOKEN_NAMES, *uses), sums, matching, self.sides.now.table)

    def others(self, uses: Sequence[str], skus: Sequence[str]) -> Written:
        """Everything but token lines: cost and quantity."""
        table = "charges" if any(name in self.has for name in skus) else self.sides.now.table
        sums = [
            self._sum(self.sides.request.metric, "TRUE", "cost"),
            self._sum("ConsumedQuantity", "TRUE", "consumed"),
            self._sum("PricingQuantity", "TRUE", "priced"),
        ]
        matching = f"x_CountsForCost AND NOT (({self._is_usage}) AND ({self._is_tokens}))"
        return self._write((*CLOUD_NAMES, *uses, *skus), sums, matching, table)

    @property
    def _is_tokens(self) -> str:
        return " OR ".join(condition for name, condition in _TOKENS if name in self.has) or "FALSE"

    @property
    def _is_usage(self) -> str:
        parts = ["COALESCE(ChargeCategory, 'Usage') = 'Usage'"] if "ChargeCategory" in self.has else []
        parts += ["ChargeClass IS DISTINCT FROM 'Correction'"] if "ChargeClass" in self.has else []
        return " AND ".join(parts) or "TRUE"

    def _sum(self, name: str, condition: str, alias: str) -> exp.Expr:
        if name not in self.has:
            return exp.alias_(exp.null(), alias)
        return exp.maybe_parse(f"SUM({name}) FILTER (WHERE {condition}) AS {alias}", dialect="duckdb")

    def _write(self, names: Sequence[str], sums: Sequence[exp.Expr], matching: str, table: str) -> Written:
        parameters = Parameters()
        columns = Columns(self.ctx.store, load_model(), parameters)
        both = [
            self._side(side, columns, plan, period, names, sums, matching, table)
            for side, plan, period in (
                (0, self.sides.before, self.sides.earlier),
                (1, self.sides.now, self.sides.period),
            )
        ]
        union = exp.Union(this=both[0], expression=both[1], distinct=False)
        keys = 2 + len(self.sides.dimensions) + len(names)
        query = exp.select("*").from_(union.subquery("sides")).limit(self.most + 1)
        query = query.order_by(*(exp.Ordered(this=exp.Literal.number(n + 1), nulls_first=False) for n in range(keys)))
        return Written(*parameters.write(query))

    def _side(
        self,
        side: int,
        columns: Columns,
        plan: Plan,
        period: Period,
        names: Sequence[str],
        sums: Sequence[exp.Expr],
        matching: str,
        table: str,
    ) -> exp.Select:
        groups = [
            exp.alias_(columns.dimension(one), f"group_{number}", quoted=True)
            for number, one in enumerate(self.sides.dimensions)
        ]
        keys = [
            exp.alias_(exp.Literal.number(side), "side"),
            self._key(columns, "BillingCurrency"),
            *groups,
            *(self._key(columns, name) for name in names),
        ]
        day = "ChargeDay" if table == "daily" else "ChargePeriodStart"
        when = column("BillingPeriodStart" if self.sides.by_bill else day)
        start, end = (columns.parameters.add(day) for day in (period.start, period.end))
        conditions = [
            when >= exp.cast(start, "DATE"),
            when.copy() < exp.cast(end, "DATE"),
            *(written(one, dimension, columns) for one, dimension in plan.filters),
            exp.maybe_parse(matching, dialect="duckdb"),
        ]
        query = exp.select(*keys, *(one.copy() for one in sums)).from_(exp.to_table(table)).where(*conditions)
        return query.group_by(*(exp.Literal.number(number + 1) for number in range(len(keys))))

    def _key(self, columns: Columns, name: str) -> exp.Expr:
        known = columns.model.dimensions.get(name)
        if known is not None and known.json_column is None and columns.stored_in(known):
            return exp.alias_(columns.dimension(known), name, quoted=True)
        if name in self.has:
            return exp.alias_(column(name), name, quoted=True)
        return exp.alias_(exp.cast(exp.null(), "VARCHAR"), name, quoted=True)
