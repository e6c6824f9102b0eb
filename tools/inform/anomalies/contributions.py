"""How much each value of each dimension contributed to an incident's excess; the parts sum to it exactly."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from tools.domain.focus import ROLLUP_DIMENSIONS
from tools.inform.anomalies.incident import Incident
from tools.registry import CostReader, SqlValue

WEEKS = 4
TOLD = (
    "HostProviderName", "ServiceName", "x_Model", "x_Team", "x_Project", "x_Environment", "RegionId", "SubAccountName",
    "x_UseCase", "x_Customer", "x_ServiceTier", "x_TokenType",
)  # fmt: skip
assert set(TOLD) <= set(ROLLUP_DIMENSIONS)


@dataclass(frozen=True)
class Contribution:
    """`usual`: the mean of the same weekdays of the four weeks before; `value` None is "not set"."""

    dimension: str
    value: str | None
    observed: Decimal
    usual: Decimal

    @property
    def excess(self) -> Decimal:
        return self.observed - self.usual


def windows(one: Incident) -> list[tuple[date, date]]:
    """The incident's days, then the four spans of the same weekdays before it; ends inclusive."""
    back = ((one.end - one.start).days // 7 + 1) * 7
    shifts = [timedelta(days=0), *(timedelta(days=back + 7 * k) for k in range(WEEKS))]
    return [(one.start - shift, one.end - shift) for shift in shifts]


def contributions(
    reader: CostReader, one: Incident, currency: str, dimension: str | None
) -> tuple[str, tuple[SqlValue, ...], list[Contribution]]:
    """The query, its parameters, and a contribution for each value, largest first; without a dimension, the whole."""
    sql, parameters = _query(reader, one, currency, dimension)
    found = [
        Contribution(dimension or "", row[0], _exact(row[1]), _exact(row[2]) / WEEKS)
        for row in reader.query(sql, parameters).rows
    ]
    return sql, parameters, sorted(found, key=lambda part: (-abs(part.excess), str(part.value)))


def _query(reader: CostReader, one: Incident, currency: str, dimension: str | None) -> tuple[str, tuple[SqlValue, ...]]:
    spans = windows(one)
    between = 'CASE WHEN "ChargeDay" BETWEEN CAST(? AS DATE) AND CAST(? AS DATE) THEN "EffectiveCost" ELSE 0 END'
    usual = " + ".join([between] * WEEKS)
    value = f'"{dimension}"' if dimension else "NULL"
    where, held = _conditions(reader, one, currency)
    sql = f"SELECT {value} AS value, sum({between}), sum({usual}) FROM daily WHERE {where} GROUP BY 1 ORDER BY 1"
    days: Sequence[SqlValue] = [day.isoformat() for span in spans for day in span]
    return sql, (*days, *held)


def _conditions(reader: CostReader, one: Incident, currency: str) -> tuple[str, tuple[SqlValue, ...]]:
    where, held = ["x_CountsForCost", '"EffectiveCost" IS NOT NULL'], []
    if "ChargeCategory" in reader.rollup_columns:
        where.append("\"ChargeCategory\" = 'Usage'")
    if "BillingCurrency" in reader.rollup_columns:
        where.append('"BillingCurrency" = ?')
        held.append(currency)
    for name, value in one.where.where:
        where.append(f'"{name}" = ?')
        held.append(str(value))
    return " AND ".join(where), tuple(held)


def _exact(value: object) -> Decimal:
    return value if isinstance(value, Decimal) else Decimal(str(value or 0))
