"""When commitments end: as recorded, or as their name and first day tell."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from tools.domain.period import Period
from tools.domain.records import Commitment
from tools.optimize.commitments.bill_offers import ONE_YEAR, names_term, term_of
from tools.optimize.commitments.kpis import ZERO
from tools.registry import SqlValue, ToolContext

WINDOW_DAYS = 30
"""What a commitment covers is taken from so many days."""


@dataclass(frozen=True)
class Ending:
    """A commitment in force, and when it ends. Money is of a month of WINDOW_DAYS days."""

    id: str
    name: str
    provider: str
    currency: str
    ends: date | None
    """The first day without it; None where nothing tells."""
    known_from: str
    """What says so: a contract's record, or the name and the first day of use."""
    committed: Decimal
    """What it costs, used and unused."""
    on_demand: Decimal
    """What its usage would cost on demand, at contracted prices."""

    @property
    def avoided(self) -> Decimal:
        """By how much the cost rises when it ends and its usage goes on."""
        return self.on_demand - self.committed

    def ends_within(self, today: date, days: int) -> bool:
        return self.ends is not None and today <= self.ends <= today + timedelta(days=days)


@dataclass(frozen=True)
class Endings:
    """Commitments in force, the first to end first."""

    endings: tuple[Ending, ...]
    period: Period
    """What amounts are of."""
    sql: str
    parameters: tuple[SqlValue, ...]


def read_endings(ctx: ToolContext) -> Endings | None:
    """None where no commitment stands in the store."""
    through = ctx.store.loaded_through
    if through is None or "CommitmentDiscountId" not in ctx.store.columns:
        return None
    end = min(through, ctx.as_of - timedelta(days=1)) + timedelta(days=1)
    period = Period(start=end - timedelta(days=WINDOW_DAYS), end=end)
    parameters: tuple[SqlValue, ...] = (period.start, period.end)
    sql = _query(ctx)
    recorded = {one.commitment_id: one for one in ctx.store.records("commitments")}
    days: dict[str, list[date]] = defaultdict(list)
    for commitment, day in ctx.store.query(_DAYS).rows:
        days[commitment].append(day)
    found = [_ending(ctx, row, recorded, days) for row in ctx.store.query(sql, parameters).rows if row[4] or row[5]]
    if not found:
        return None
    ordered = sorted(found, key=lambda one: (one.ends or date.max, one.name))
    return Endings(tuple(ordered), period, sql, parameters)


def _ending(
    ctx: ToolContext, row: Sequence[Any], recorded: Mapping[str, Commitment], days: Mapping[str, Sequence[date]]
) -> Ending:
    commitment, name, provider, currency, committed, on_demand = row
    ends, why = _end(ctx, name or commitment, recorded.get(commitment), days.get(commitment, ()))
    return Ending(
        commitment, name or commitment, provider or "", currency or "", ends, why, committed or ZERO, on_demand or ZERO
    )


def _end(ctx: ToolContext, name: str, record: Commitment | None, days: Sequence[date]) -> tuple[date | None, str]:
    if record is not None:
        return record.end, f"contract {record.contract_id}"
    if not names_term(name):
        return None, "neither a contract's record nor its name tells"
    start, seen = _start(days)
    years = term_of(name) if days else ONE_YEAR
    if not seen or ctx.store.loaded_from is None or start <= ctx.store.loaded_from:
        latest = _years_after(ctx.store.loaded_from or start, years)
        return None, f"it began before the data does; by its name it ends on {latest} at the latest"
    return _years_after(start, years), f"its name, and its first day {start}"


def _years_after(day: date, years: int) -> date:
    """The same day of a later year; of a 29 February where there is none, the day before March."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def _start(days: Sequence[date]) -> tuple[date, bool]:
    """The first day of the last run of days without a gap."""
    if not days:
        return date.min, False
    start = days[-1]
    for day in reversed(days[:-1]):
        if (start - day).days > 1:
            break
        start = day
    return start, True


_DAYS = """
SELECT DISTINCT "CommitmentDiscountId", "ChargeDay" FROM charges
WHERE "CommitmentDiscountStatus" IS NOT NULL AND "CommitmentDiscountId" IS NOT NULL ORDER BY ALL
""".strip()


def _query(ctx: ToolContext) -> str:
    name = '"CommitmentDiscountName"' if "CommitmentDiscountName" in ctx.store.columns else "CAST(NULL AS VARCHAR)"
    return f"""
SELECT "CommitmentDiscountId", MAX({name}), MAX("HostProviderName"), MAX("BillingCurrency"),
    SUM("EffectiveCost"),
    SUM(CASE WHEN "CommitmentDiscountStatus" = 'Used' THEN COALESCE("ContractedCost", "ListCost") END)
FROM charges
WHERE "ChargeDay" >= CAST(? AS DATE) AND "ChargeDay" < CAST(? AS DATE) AND "x_CountsForCost"
    AND "CommitmentDiscountStatus" IS NOT NULL AND "CommitmentDiscountId" IS NOT NULL
GROUP BY 1 ORDER BY 1
""".strip()
