"""Hourly costs by key, agent, project, team and model, as arrays; one query over the charges that are by the hour."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from tools.registry import CostReader

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SPENDERS = (
    "x_ApiKey", "x_ApiKeyId", "x_ApiKeyName", "x_Agent", "x_Job", "x_Workspace", "x_UseCase", "x_Project", "x_Team",
    "x_Model",
)  # fmt: skip
"""Who can run away; of several that show the same the first is named: what can be switched off comes first."""
HISTORY_HOURS = 28 * 24


@dataclass(frozen=True)
class Hourly:
    """`cost` is leaves × hours, the first of them `start` (UTC); `values` has a leaf's value of each dimension."""

    dimensions: tuple[str, ...]
    values: tuple[tuple[str | None, ...], ...]
    cost: "NDArray[np.float64]"
    start: datetime

    @property
    def hours(self) -> int:
        return int(self.cost.shape[1])

    def hour_at(self, index: int) -> datetime:
        return self.start + timedelta(hours=index)


def hourly_sql(reader: CostReader) -> tuple[str, tuple[str, ...]]:
    """The query, with `?` for the last day (twice) and the currency, and the dimensions that it groups by."""
    dimensions = tuple(name for name in SPENDERS if name in reader.columns)
    names = "".join(f'"{name}", ' for name in dimensions)
    hour = "CAST(epoch(date_trunc('hour', \"ChargePeriodStart\")) / 3600 AS BIGINT)"
    where = [
        "x_CountsForCost", '"EffectiveCost" IS NOT NULL', '"ChargeDay" <= CAST(? AS DATE)',
        '"ChargeDay" >= CAST(? AS DATE)', '"ChargePeriodEnd" <= "ChargePeriodStart" + INTERVAL 1 HOUR',
    ]  # fmt: skip
    if "ChargeCategory" in reader.columns:
        where.append("\"ChargeCategory\" = 'Usage'")
    if "BillingCurrency" in reader.columns:
        where.append('"BillingCurrency" = ?')
    sql = (
        f'SELECT {names}{hour} AS hour, CAST(sum("EffectiveCost") AS DOUBLE) AS cost FROM charges '
        f"WHERE {' AND '.join(where)} GROUP BY ALL ORDER BY ALL"
    )
    return sql, dimensions


def hourly_parameters(reader: CostReader, currency: str, last: date) -> tuple[str, ...]:
    """`last` is the newest day that is read; history reaches back from the newest day that is loaded."""
    newest = min(last, reader.loaded_through or last)
    days = (last.isoformat(), (newest - timedelta(hours=HISTORY_HOURS + 48)).isoformat())
    return (*days, currency) if "BillingCurrency" in reader.columns else days


def read_hourly(reader: CostReader, currency: str, last: date) -> Hourly | None:
    """The hourly usage charges in `currency` through the day `last`; None when there are none."""
    import numpy as np

    sql, dimensions = hourly_sql(reader)
    rows = reader.query(sql, hourly_parameters(reader, currency, last)).rows
    if not rows:
        return None
    width = len(dimensions)
    numbers: dict[tuple[str | None, ...], int] = {}
    leaf = np.array([numbers.setdefault(tuple(row[:width]), len(numbers)) for row in rows])
    hour = np.array([row[width] for row in rows], dtype=np.int64)
    first = int(hour.min())
    cost = np.zeros((len(numbers), int(hour.max()) - first + 1))
    np.add.at(cost, (leaf, hour - first), [row[width + 1] for row in rows])
    return Hourly(dimensions, tuple(numbers), cost, datetime.fromtimestamp(first * 3600, UTC))
