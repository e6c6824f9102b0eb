"""charge: what was spent, by team or any dimension. Untagged spend, quotas of money."""

from decimal import Decimal

from tools.domain.period import Period
from tools.domain.query import CostQuery
from tools.inform.spend import query_costs
from tools.operate.policies.kinds.charged import CURRENCY, MOST_GROUPS, filters_of, owner_of, target_of
from tools.operate.policies.resource import Number, Reading, ResourceKind, Row
from tools.operate.policies.rule import Rule
from tools.registry import ToolContext
from tools.semantic.numbers import over, total

COST, SHARE = "EffectiveCost", "CostShare"


def _read(ctx: ToolContext, rule: Rule, period: Period) -> Reading:
    by = rule.by if rule.by is not None else CHARGE.by
    filters, notes = filters_of(ctx, rule)
    if filters is None:
        return Reading((), notes=tuple(notes))
    query = CostQuery(group_by=(*by, CURRENCY), filters=filters, period=period, limit=MOST_GROUPS)
    found = query_costs.run(ctx, query)
    if found.no_data is not None:
        return Reading((), (found.evidence,), (*notes, found.no_data))
    everything = query_costs.run(ctx, CostQuery(group_by=(CURRENCY,), period=period))
    whole = {str(row[0]): row[everything.column_index(COST)] for row in everything.rows}
    rows = []
    for place, cells in enumerate(found.rows):
        if place == found.other_row:
            continue
        values = [None if cell is None else str(cell) for cell in cells[: len(by)]]
        currency, cost = str(cells[len(by)]), cells[found.column_index(COST)]
        known, all_of_it = _number(cost), _number(whole.get(currency))
        numbers = {COST: known, SHARE: over(known, all_of_it)}
        rows.append(Row(target_of(by, values), owner_of(rule, by, values), numbers, currency))
    notes += [f"only the {MOST_GROUPS} largest groups are judged"] if found.other_row is not None else []
    return Reading(tuple(rows), (found.evidence, everything.evidence), tuple(notes))


def _number(cell: object) -> Decimal | None:
    return total([cell]) if isinstance(cell, Decimal) else None


CHARGE = ResourceKind(
    name="charge",
    says="spend",
    numbers={COST: Number("effective cost", None), SHARE: Number("share of all cost", "ratio")},
    measure=COST,
    texts=("x_Team", "x_Project", "x_Environment", "ServiceName", "HostProviderName"),
    read=_read,
    by=("x_Team",),
    is_open=True,
    can_group=True,
)
