"""budget: the budgets in force today. The share of them that is used."""

from datetime import timedelta
from decimal import Decimal

from tools.domain.errors import NoData
from tools.domain.period import Period
from tools.operate.policies.resource import Number, Reading, ResourceKind, Row
from tools.operate.policies.rule import Rule
from tools.operate.spent import read_spent
from tools.registry import ToolContext
from tools.semantic.numbers import over, plain, total

SPENT, USED, AMOUNT = "Spent", "UsedShare", "Amount"


def _read(ctx: ToolContext, rule: Rule, period: Period) -> Reading:
    """A budget is judged over its own span up to today, whatever the rule's period."""
    today = period.last_day
    wanted = [
        one
        for one in ctx.store.records("budgets")
        if one.start <= today < one.end
        and all(f.holds({**one.slice, "Budget": one.name, "Owner": one.owner}.get(f.column)) for f in rule.conditions)
    ]
    if not ctx.store.records("budgets"):
        raise NoData("needs budgets (outlay ingest budgets FILE)", "not_loaded")
    if not wanted:
        return Reading((), notes=("no such budget is in force",))
    reading = read_spent(ctx, wanted, Period(start=min(one.start for one in wanted), end=today + timedelta(days=1)))
    rows, notes = [], []
    for one, spent in zip(wanted, reading.spent, strict=True):
        if spent.missing:
            notes.append(f"{one.name}: {spent.missing}")
            continue
        cost = total(value for day, value in spent.daily.items() if one.start <= day <= today) or Decimal(0)
        numbers = {SPENT: plain(cost), USED: over(cost, one.amount), AMOUNT: plain(one.amount)}
        facts = (f"budget {plain(one.amount)} {one.currency} from {one.start} to {one.end - timedelta(days=1)}",)
        rows.append(Row(one.name, one.owner or one.slice.get("x_Team"), numbers, one.currency, facts))
    return Reading(tuple(rows), tuple(one.evidence for one in reading.results), tuple(notes))


BUDGET = ResourceKind(
    name="budget",
    says="budgets in force",
    numbers={SPENT: Number("spent", None), USED: Number("used share", "ratio"), AMOUNT: Number("budget", None)},
    measure=SPENT,
    texts=("Budget", "Owner", "x_Team", "x_Project"),
    read=_read,
    is_open=True,
)
