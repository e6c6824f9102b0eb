"""What targets that somebody named cost lately: the most that stopping them can save."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction

from tools.domain.remediation import UNKNOWN_SAVING, Estimate, TargetRef
from tools.inform.scenario.attribution import decimal_of
from tools.registry import SqlValue, ToolContext

DAYS = 30
STOPPING = frozenset({"ec2_stop", "sagemaker_delete"})
"""Actions that end a target's cost; of others nothing is known without a recommendation."""
_SQL = """
SELECT ResourceId, BillingCurrency, SUM(EffectiveCost) AS EffectiveCost
FROM charges
WHERE x_CountsForCost AND ResourceId IN ({marks}) AND ChargePeriodStart >= ? AND ChargePeriodStart < ?
GROUP BY ALL ORDER BY ALL
"""


@dataclass(frozen=True)
class RecentCost:
    """A month's cost by the target's key, and the query that it comes from."""

    estimates: Mapping[str, Estimate]
    currency: str
    sql: str = ""
    parameters: tuple[SqlValue, ...] = ()


def recent_cost(ctx: ToolContext, action: str, targets: Sequence[TargetRef]) -> RecentCost:
    """What stopping these targets would save a month, by the last 30 loaded days: between nothing and all of it.

    Unknown for other actions, for targets that no charge names, and where charges are in several currencies.
    """
    through = ctx.store.loaded_through
    if action not in STOPPING or through is None or "ResourceId" not in ctx.store.columns:
        return RecentCost({}, "USD")
    end = min(through, ctx.as_of) + timedelta(days=1)
    names = tuple(one.id for one in targets)
    sql = _SQL.format(marks=", ".join("?" * len(names)))
    parameters: tuple[SqlValue, ...] = (*names, end - timedelta(days=DAYS), end)
    rows = ctx.store.query(sql, parameters).rows
    currencies = {row[1] for row in rows}
    if len(currencies) != 1:
        return RecentCost({}, "USD", sql, parameters)
    by_id = {row[0]: decimal_of(Fraction(row[2]) * 365 / 12 / DAYS) for row in rows}
    found = {one.key: _at_most(by_id[one.id]) if one.id in by_id else UNKNOWN_SAVING for one in targets}
    return RecentCost(found, currencies.pop(), sql, parameters)


def _at_most(cost: Decimal) -> Estimate:
    return Estimate(amount=cost, low=Decimal(0), high=cost)
