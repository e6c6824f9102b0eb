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
    closed = Fraction(24 - (office.after - office.first), 24)
    rows = ctx.store.query(_sql(len(keys)), (office.first, office.after - 1, first, *keys)).rows
    return {
        key: OffHours(Fraction(whole), Fraction(off) + Fraction(days_of_24) * closed, days)
        for key, whole, off, days_of_24, days in rows
        if whole
    }


def _sql(keys: int) -> str:
    return f"""
WITH own AS (
    SELECT COALESCE("ResourceId", "ResourceName") AS key, "ChargeDay", "ConsumedQuantity" AS hours,
        isodow("ChargePeriodStart") >= 6 AS is_weekend, hour("ChargePeriodStart") NOT BETWEEN ? AND ? AS is_night,
        epoch("ChargePeriodEnd" - "ChargePeriodStart") <= 3600 AS is_hour
    FROM charges WHERE "ChargeDay" >= CAST(? AS DATE) AND "x_CountsForCost" AND "ConsumedUnit" ILIKE '%hour%'
        AND COALESCE("ResourceId", "ResourceName") IN ({", ".join("?" * keys)})
)
SELECT key, SUM(hours),
    COALESCE(SUM(hours) FILTER (is_hour AND (is_weekend OR is_night) OR is_weekend AND hours % 24 = 0), 0),
    COALESCE(SUM(hours) FILTER (NOT is_hour AND NOT is_weekend AND hours % 24 = 0), 0), count(DISTINCT "ChargeDay")
FROM own GROUP BY key"""
