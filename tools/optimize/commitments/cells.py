"""Rows of the commitments tool: a column for each thing told, and its cells."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from tools.domain.result import Cell, Column
from tools.optimize.commitments.agreements import AgreementState, is_prepaid
from tools.optimize.commitments.buy import said
from tools.optimize.commitments.ends import Ending
from tools.optimize.commitments.kpis import By, Kpi, Kpis
from tools.optimize.commitments.plan import Plan
from tools.semantic.numbers import plain

UNKNOWN = "unknown"


@dataclass(frozen=True)
class Table:
    """Columns, rows and totals."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    totals: dict[str, Decimal | None]


def name(key: str, label: str, plural: str = "") -> Column:
    return Column(name=key, kind="dimension", label=label, plural=plural)


def figure(key: str, label: str, unit: str | None) -> Column:
    return Column(name=key, kind="metric", label=label, unit=unit, metric=key)


_BY: dict[By, tuple[str, str, str]] = {
    "commitment": ("Commitment", "commitment", "commitments"),
    "machine": ("Machine", "machine", "machines"),
    "account": ("Account", "account", "accounts"),
}


def coverage_table(kpis: Kpis, by: By) -> Table:
    """The KPIs of each group, and of all of them."""
    money = kpis.currency
    columns = (
        name(*_BY[by]),
        name("Provider", "provider", "providers"),
        figure("Coverage", "coverage", "ratio"),
        figure("Utilization", "utilisation", "ratio"),
        figure("BreakEven", "break-even utilisation", "ratio"),
        figure("SavingsRate", "effective savings rate", "ratio"),
        figure("Saved", "saved", money),
        figure("Unused", "unused", money),
        figure("Used", "used", money),
    )
    rows = tuple((one.name, one.provider, *_kpi_cells(one)) for one in kpis.groups)
    totals = dict(zip((column.name for column in columns[2:]), _kpi_cells(kpis.total), strict=True))
    return Table(columns, rows, totals)


def _kpi_cells(one: Kpi) -> tuple[Decimal | None, ...]:
    values = (
        one.coverage, one.utilization, one.break_even, one.savings_rate, one.saved, one.unused, one.used,
    )  # fmt: skip
    return tuple(None if value is None else plain(value) for value in values)


def endings_table(endings: tuple[Ending, ...], today: date) -> Table:
    """When each ends, and what its usage costs with it and without."""
    money = endings[0].currency
    columns = (
        name("Commitment", "commitment", "commitments"),
        name("Provider", "provider", "providers"),
        name("Ends", "ends on"),
        figure("DaysLeft", "days left", "days"),
        figure("Committed", "cost a month", money),
        figure("OnDemand", "on demand", money),
        figure("Rise", "rise without it", money),
        Column(name="KnownFrom", kind="detail", label="known from"),
    )
    return Table(columns, tuple(_ending_cells(one, today) for one in endings), {})


def _ending_cells(one: Ending, today: date) -> tuple[Cell, ...]:
    days = None if one.ends is None else Decimal((one.ends - today).days)
    ends = UNKNOWN if one.ends is None else one.ends.isoformat()
    amounts = (plain(value) for value in (one.committed, one.on_demand, one.avoided))
    return (one.name, one.provider, ends, days, *amounts, one.known_from)


def plan_table(plans: tuple[Plan, ...]) -> Table:
    """A row for each provider's best mix over a term."""
    money = plans[0].currency
    columns = (
        name("Provider", "provider", "providers"),
        name("Term", "term"),
        name("Buy", "what to buy"),
        figure("Saving", "saving a month", money),
        figure("SavingLow", "saving at least", money),
        figure("SavingHigh", "saving at most", money),
        figure("OnDemand", "on demand a month", money),
        figure("Cost", "with the plan", money),
        figure("Fee", "fee a month", money),
        figure("Upfront", "due on the first day", money),
        figure("Utilization", "expected utilisation", "ratio"),
        figure("BreakEven", "break-even utilisation", "ratio"),
    )
    return Table(columns, tuple(_plan_cells(plan) for plan in plans), {})


def _plan_cells(plan: Plan) -> tuple[Cell, ...]:
    alone = plan.purchases[0] if len(plan.purchases) == 1 else None
    ranged = (None, None) if plan.certain else (plan.low, plan.high)
    numbers = (
        plan.saving, *ranged, plan.on_demand, plan.cost, plan.fee, plan.upfront,
        alone.utilization if alone else None, alone.break_even if alone else None,
    )  # fmt: skip
    return (
        plan.provider,
        f"{plan.years} year{'s' if plan.years > 1 else ''}",
        "; ".join(said(one) for one in plan.purchases),
        *(None if number is None else plain(number) for number in numbers),
    )


def agreements_table(states: tuple[AgreementState, ...], through: date) -> Table:
    """How each agreement stands."""
    money = states[0].currency
    columns = (
        name("Agreement", "agreement", "agreements"),
        name("Provider", "provider", "providers"),
        name("Status", "status"),
        name("Ends", "ends on"),
        figure("Balance", "left", money),
        figure("Amount", "agreed", money),
        figure("Spent", "spent", money),
        figure("BurnRate", "burn rate per day", money),
        figure("Projected", "projected by the end", money),
        figure("Shortfall", "shortfall", money),
        figure("NeededRate", "needed per day", money),
        name("UsedUpOn", "used up on"),
    )
    return Table(columns, tuple(_agreement_cells(one, through) for one in states), {})


def _agreement_cells(one: AgreementState, through: date) -> tuple[Cell, ...]:
    gone = one.used_up_on(through)
    needed = None if one.needed_rate is None else plain(one.needed_rate)
    return (
        one.agreement.description or one.agreement.commitment_id,
        one.agreement.provider,
        status_of(one),
        one.agreement.end.isoformat(),
        *(plain(value) for value in (one.balance, one.amount, one.spent, one.burn_rate, one.projected, one.shortfall)),
        needed,
        None if gone is None else gone.isoformat(),
    )


def status_of(one: AgreementState) -> str:
    """In a word: met, used up early, short, on track."""
    if one.balance == 0:
        return "used up" if is_prepaid(one.agreement) else "met"
    if one.shortfall > 0:
        return "some will expire" if is_prepaid(one.agreement) else "heading short"
    return "used up early" if is_prepaid(one.agreement) else "on track"
