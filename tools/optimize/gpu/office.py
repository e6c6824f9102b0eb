"""Hours outside of office hours that machines are charged for: what charges alone say of nights and weekends."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction

from tools.optimize.gpu.rules import gpu_rules
from tools.registry import ToolContext


@dataclass(frozen=True)
class OffHours:
    """Charged instance hours, those of them outside of office hours, and on how many days."""

    all: Fraction
    off: Fraction
    days: int

    @property
    def share(self) -> Fraction:
        return self.off / self.all


def off_hours(ctx: ToolContext, keys: Collection[str]) -> dict[str, OffHours]:
    """Resource → its hours over the last days that are loaded.

    Charges of an hour tell the hour. A charge of a day with all of its 24 hours is spread over them; one with less does
    not say when it ran, and counts as office hours.
    """
    through = ctx.store.loaded_through
    if not keys or through is None:
        return {}
    first = through - timedelta(days=gpu_rules().window_days - 1)
    office = gpu_rules().office_hours
    rows = ctx.store.query(
        _sql(len(keys)), (office.first, office.after, office.after - office.first, first, *keys)
    ).rows
    return {key: OffHours(Fraction(whole), Fraction(off), days) for key, whole, off, days in rows if whole}


def _sql(keys: int) -> str:
    return f"""
WITH own AS (
    SELECT COALESCE("ResourceId", "ResourceName") AS key, "ChargeDay", "ConsumedQuantity" AS hours,
        isodow("ChargePeriodStart") >= 6 AS weekend, hour("ChargePeriodStart") AS at,
        epoch("ChargePeriodEnd" - "ChargePeriodStart") <= 3600 AS is_hour,
        CAST(? AS INTEGER) AS first, CAST(? AS INTEGER) AS after, CAST(? AS INTEGER) AS open
    FROM charges WHERE "ChargeDay" >= CAST(? AS DATE) AND "x_CountsForCost" AND "ConsumedUnit" ILIKE '%hour%'
        AND COALESCE("ResourceId", "ResourceName") IN ({", ".join("?" * keys)})
)
SELECT key, SUM(hours), SUM(CASE
    WHEN is_hour THEN CASE WHEN weekend OR at < first OR at >= after THEN hours ELSE 0 END
    WHEN hours % 24 = 0 THEN CASE WHEN weekend THEN hours ELSE hours / 24 * (24 - open) END
    ELSE 0 END)::DECIMAL(38,9), count(DISTINCT "ChargeDay")
FROM own GROUP BY key"""
