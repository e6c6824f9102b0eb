"""Ledger: daily costs by combination of the watched dimensions, as arrays; one query over the rollup."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from tools.registry import CostReader

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

WATCHED = ("HostProviderName", "ServiceName", "x_Team", "x_Model", "x_Project", "RegionId")
"""In the order of preference when two slices hold the same charges, the last the most telling but one."""


@dataclass(frozen=True)
class Ledger:
    """Leaves (combinations of values) × days in sparse form: entry i is `cost[i]` of leaf `leaf[i]` on day `day[i]`."""

    dimensions: tuple[str, ...]
    values: tuple[tuple[str | None, ...], ...]
    """A leaf's value of each dimension."""
    leaf: "NDArray[np.int64]"
    day: "NDArray[np.int64]"
    """Days since `start`."""
    cost: "NDArray[np.float64]"
    start: date
    days: int
    currency: str = "USD"

    def day_at(self, index: int) -> date:
        return self.start + timedelta(days=index)

    def until(self, day: date) -> "Ledger":
        """What was there before `day`."""
        days = max(0, min(self.days, (day - self.start).days))
        kept = self.day < days
        return Ledger(
            self.dimensions, self.values, self.leaf[kept], self.day[kept], self.cost[kept], self.start, days,
            self.currency,
        )  # fmt: skip


def ledger_sql(reader: CostReader) -> tuple[str, tuple[str, ...]]:
    """The query, with `?` for currency and for the end (exclusive), and the dimensions that it groups by."""
    dimensions = tuple(name for name in WATCHED if name in reader.rollup_columns)
    names = ", ".join(f'"{name}"' for name in dimensions)
    keys = f"{names}, " if names else ""
    where = ["x_CountsForCost", "ChargeDay < CAST(? AS DATE)"]
    if "BillingCurrency" in reader.rollup_columns:
        where.append('"BillingCurrency" = ?')
    if "ChargeCategory" in reader.rollup_columns:
        where.append("\"ChargeCategory\" = 'Usage'")
    inner = (
        f'SELECT {keys}"ChargeDay", CAST(sum("EffectiveCost") AS DOUBLE) AS cost FROM daily '
        f"WHERE {' AND '.join(where)} GROUP BY ALL"
    )
    sql = (
        f'SELECT {keys}list(CAST("ChargeDay" - DATE \'1970-01-01\' AS INTEGER) ORDER BY "ChargeDay"), '
        f'list(cost ORDER BY "ChargeDay") FROM ({inner}) WHERE cost IS NOT NULL GROUP BY ALL ORDER BY ALL'
    )
    return sql, dimensions


def read_ledger(reader: CostReader, currency: str, end: date) -> Ledger | None:
    """The ledger of usage charges in `currency` before `end`; None when there are none."""
    sql, dimensions = ledger_sql(reader)
    return ledger_of(reader.query(sql, ledger_parameters(reader, currency, end)).rows, dimensions, currency)


def ledger_parameters(reader: CostReader, currency: str, end: date) -> tuple[str, ...]:
    return (end.isoformat(), currency) if "BillingCurrency" in reader.rollup_columns else (end.isoformat(),)


def ledger_of(rows: Any, dimensions: tuple[str, ...], currency: str) -> Ledger | None:
    """Rows of values, days since 1970 and costs, as arrays."""
    import numpy as np

    if not rows:
        return None
    width = len(dimensions)
    leaf = np.repeat(np.arange(len(rows)), [len(row[width]) for row in rows])
    day = np.concatenate([np.asarray(row[width], dtype=np.int64) for row in rows])
    cost = np.concatenate([np.asarray(row[width + 1], dtype=np.float64) for row in rows])
    first = int(day.min())
    start = date(1970, 1, 1) + timedelta(days=first)
    values = tuple(tuple(row[:width]) for row in rows)
    return Ledger(dimensions, values, leaf, day - first, cost, start, int(day.max()) - first + 1, currency)
