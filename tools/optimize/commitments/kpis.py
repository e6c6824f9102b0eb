"""What commitments bring: coverage, utilisation, waste, break-even, effective savings rate; from FOCUS rows.

Source of the formulas: FinOps Foundation KPI library (finops.org/kpi). Purchases, taxes and credits stay out.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal

from tools.domain.errors import MixedCurrencies, NoData
from tools.domain.period import Period
from tools.optimize.commitments.hourly import machine_of
from tools.registry import SqlValue, ToolContext
from tools.semantic.numbers import EXACT, over, total

By = Literal["commitment", "machine", "account"]
_TEXTS = ("ChargeDescription", "SkuMeter", "SkuId", "ResourceType")
_NAMES = (
    "HostProviderName", "ServiceName", "RegionId", "SubAccountId", "SubAccountName", "CommitmentDiscountId",
    "CommitmentDiscountName", "CommitmentDiscountType", "CommitmentDiscountCategory", "CommitmentDiscountStatus",
    "PricingCategory", "BillingCurrency",
)  # fmt: skip
_SUMS = ("EffectiveCost", "ListCost", "ContractedCost", "CommitmentDiscountQuantity", "ConsumedQuantity")
ZERO = Decimal(0)


@dataclass(frozen=True)
class Kpi:
    """One group's commitment KPIs. Amounts are of the period; what can't be said is None.

    `used` and `unused`: effective cost of what commitments covered and of what nobody used. `covered`: what the covered
    usage would have cost on demand, at contracted prices; `eligible`: that, and what ran on demand on the same
    machines; `listed`: the covered usage at list prices.
    """

    name: str
    provider: str
    kind: str | None
    used: Decimal
    unused: Decimal
    covered: Decimal
    eligible: Decimal
    listed: Decimal

    @property
    def utilization(self) -> Decimal | None:
        """Used ÷ total."""
        return over(self.used, EXACT.add(self.used, self.unused))

    @property
    def coverage(self) -> Decimal | None:
        """Covered ÷ eligible on-demand equivalent."""
        return over(self.covered, self.eligible)

    @property
    def break_even(self) -> Decimal | None:
        """The utilisation below which the commitment costs more than on demand: 1 − discount, the discount being that
        of the committed price on the contracted one."""
        return over(self.used, self.covered)

    @property
    def saved(self) -> Decimal:
        """Covered usage on demand, less all that the commitment cost."""
        return EXACT.subtract(self.covered, EXACT.add(self.used, self.unused))

    @property
    def savings_rate(self) -> Decimal | None:
        """Effective savings rate = 1 − actual ÷ on-demand equivalent, of the covered usage at contracted prices.

        An unused commitment counts as actual cost, but never as on-demand equivalent.
        """
        return over(self.saved, self.covered)


@dataclass(frozen=True)
class Kpis:
    """Groups with the most cost first, and all of them together."""

    groups: tuple[Kpi, ...]
    total: Kpi
    currency: str
    sql: str
    parameters: tuple[SqlValue, ...]


@dataclass
class _Sums:
    used: Decimal = ZERO
    unused: Decimal = ZERO
    covered: Decimal = ZERO
    listed: Decimal = ZERO
    kinds: set[tuple[Any, ...]] = field(default_factory=set)
    provider: str = ""
    kind: str | None = None
    name: str = ""


def commitment_kpis(ctx: ToolContext, period: Period, by: By = "commitment", provider: str | None = None) -> Kpis:
    """The KPIs by commitment, machine or account. Raises NoData without commitments, MixedCurrencies for several."""
    if "CommitmentDiscountStatus" not in ctx.store.columns:
        raise NoData("no loaded file has the column CommitmentDiscountStatus", "missing_column")
    sql, parameters = _query(ctx), (period.start, period.end)
    every = [_row(row) for row in ctx.store.query(sql, parameters).rows]
    rows = [row for row in every if provider is None or (row["HostProviderName"] or "").lower() == provider.lower()]
    committed = [row for row in rows if row["CommitmentDiscountStatus"] is not None]
    if not committed:
        raise NoData(f"no usage was under a commitment from {period.start} to {period.last_day}", "absent")
    currencies = sorted({row["BillingCurrency"] or "" for row in committed})
    if len(currencies) > 1:
        raise MixedCurrencies(currencies)
    on_demand = _on_demand(rows)
    groups = [_kpi(one, on_demand) for one in _grouped(committed, on_demand, by)]
    all_of_them = _kpi(next(iter(_grouped(committed, on_demand, None))), on_demand)
    ordered = tuple(sorted(groups, key=lambda one: (-(one.used + one.unused), one.name)))
    return Kpis(ordered, all_of_them, currencies[0], sql, parameters)


def _grouped(
    rows: Iterable[Mapping[str, Any]], on_demand: Mapping[tuple[Any, ...], Decimal], by: By | None
) -> Sequence[_Sums]:
    groups: dict[tuple[Any, ...], _Sums] = defaultdict(_Sums)
    known = list(rows)
    owners = _owners(known) if by == "machine" else {}
    for row in known:
        key, name, kind = _key(row, by, owners)
        one = groups[key]
        one.name, one.kind, one.provider = name, kind, (row["HostProviderName"] or "") if by else ""
        if row["CommitmentDiscountStatus"] == "Unused":
            one.unused = EXACT.add(one.unused, row["EffectiveCost"] or ZERO)
            continue
        one.used = EXACT.add(one.used, row["EffectiveCost"] or ZERO)
        one.covered = EXACT.add(one.covered, row["ContractedCost"] or row["ListCost"] or ZERO)
        one.listed = EXACT.add(one.listed, row["ListCost"] or ZERO)
        one.kinds.add(_machine(row))
    return list(groups.values())


def _owners(rows: Iterable[Mapping[str, Any]]) -> Mapping[str | None, tuple[Any, ...]]:
    """CommitmentDiscountId → the machine that it covered, where it covered one kind only."""
    found: dict[str | None, set[tuple[Any, ...]]] = defaultdict(set)
    for row in rows:
        if row["CommitmentDiscountStatus"] == "Used":
            found[row["CommitmentDiscountId"]].add(_machine(row))
    return {commitment: next(iter(kinds)) for commitment, kinds in found.items() if len(kinds) == 1}


def _key(
    row: Mapping[str, Any], by: By | None, owners: Mapping[str | None, tuple[Any, ...]]
) -> tuple[tuple[Any, ...], str, str | None]:
    if by == "commitment":
        name = row["CommitmentDiscountName"] or row["CommitmentDiscountId"] or ""
        return (row["CommitmentDiscountId"],), name, row["CommitmentDiscountType"] or row["CommitmentDiscountCategory"]
    if by == "machine":
        machine = _machine(row)
        if row["CommitmentDiscountStatus"] == "Unused":
            machine = owners.get(row["CommitmentDiscountId"], machine)
        return machine, f"{machine[-1]}", machine[2]
    if by == "account":
        name = row["SubAccountName"] or row["SubAccountId"] or f"{row['HostProviderName']}, no sub-account"
        return (row["HostProviderName"], row["SubAccountId"]), name, None
    return (), "all commitments", None


def _machine(row: Mapping[str, Any]) -> tuple[Any, ...]:
    text = " ".join(row[name] for name in _TEXTS if row[name])
    return row["HostProviderName"], row["ServiceName"], row["RegionId"], machine_of(text)


def _on_demand(rows: Iterable[Mapping[str, Any]]) -> Mapping[tuple[Any, ...], Decimal]:
    """What ran on demand, at contracted prices, by machine."""
    found: dict[tuple[Any, ...], Decimal] = defaultdict(Decimal)
    for row in rows:
        if row["CommitmentDiscountStatus"] is None and (row["PricingCategory"] or "Standard") == "Standard":
            cost = row["ContractedCost"] or row["ListCost"] or row["EffectiveCost"] or ZERO
            found[_machine(row)] = EXACT.add(found[_machine(row)], cost)
    return found


def _kpi(one: _Sums, on_demand: Mapping[tuple[Any, ...], Decimal]) -> Kpi:
    eligible = total([one.covered, *(on_demand.get(kind) for kind in one.kinds)]) or ZERO
    return Kpi(one.name, one.provider, one.kind, one.used, one.unused, one.covered, eligible, one.listed)


def _row(row: Sequence[Any]) -> Mapping[str, Any]:
    return dict(zip((*_TEXTS, *_NAMES, *_SUMS), row, strict=True))


def _query(ctx: ToolContext) -> str:
    def item(name: str, kind: str = "VARCHAR") -> str:
        return f'"{name}"' if name in ctx.store.columns else f'CAST(NULL AS {kind}) AS "{name}"'

    names = ", ".join(item(name) for name in (*_TEXTS, *_NAMES))
    sums = ", ".join(item(name, "DECIMAL(38,18)") for name in _SUMS)
    return f"""
WITH rows_ AS (
    SELECT {names}, {sums} FROM charges
    WHERE "ChargeDay" >= CAST(? AS DATE) AND "ChargeDay" < CAST(? AS DATE) AND "x_CountsForCost"
        AND {'COALESCE("ChargeCategory", ' + "'Usage') = 'Usage'" if "ChargeCategory" in ctx.store.columns else "true"}
        AND {'"x_TokenType" IS NULL' if "x_TokenType" in ctx.store.columns else "true"}
)
SELECT {", ".join(f'"{name}"' for name in (*_TEXTS, *_NAMES))}, {", ".join(f'SUM("{name}")' for name in _SUMS)}
FROM rows_ GROUP BY ALL ORDER BY ALL
""".strip()
