"""Questions about budgets and unit economics on the demo company, each figure held against one worked out apart.

python -m evals.business
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, localcontext

from agent.answer.check import check_answer
from agent.app import build_agent
from agent.settings import load_settings
from evals.business.truth import Company, quotient, read_company
from evals.demo.runner import SEED, ensure_home
from evals.demo.truth import TODAY
from tools.domain.answer import Answer
from tools.domain.period import Period, first_of_next_month
from tools.inform.forecast.landing import land

CLOSE = Decimal("1e-9")
"""Relative: quotients are kept to 28 digits, and the facts' money to 12 places."""
OCTOBER, NOVEMBER, DECEMBER = date(2026, 10, 1), date(2026, 11, 1), date(2026, 12, 1)
JULY = date(2026, 7, 1)


@dataclass(frozen=True)
class Expected:
    """A figure that an answer has to hold: in the row that begins with `row` ("" for the only one)."""

    column: str
    value: Decimal | str | None
    row: str = ""


@dataclass(frozen=True)
class Case:
    ask: tuple[str, ...]
    expected: tuple[Expected, ...]
    rows: frozenset[str] | None = None
    """The names of all rows, where that is what is asked for."""


def cases(company: Company) -> Iterator[Case]:
    yield from _budgets(company)
    yield from _units(company)


def _budgets(company: Company) -> Iterator[Case]:
    now, end = TODAY.replace(day=1), TODAY
    teams = sorted({one["x_Team"] for one in company.budgets if one["x_Team"]})
    spent = {team: company.spent(now, end, team) for team in teams}
    yield Case(
        ("Are we within budget this month?", "are we within budget", "how do we stand against budget"),
        (Expected("Spent", company.spent(now, end), f"company {now:%Y-%m}"),
         *(Expected("Spent", spent[team], f"{team} {now:%Y-%m}") for team in teams)),
    )  # fmt: skip
    left = company.amount("assist", now) - spent["assist"]
    yield Case(
        ("How much of the assist team's budget is left?", "how much budget is left for assist"),
        (Expected("Remaining", left),),
    )
    over = {
        f"{team} {first:%Y-%m}"
        for first in (JULY, date(2026, 8, 1), date(2026, 9, 1))
        for team in teams
        if company.spent(first, first_of_next_month(first), team) > company.amount(team, first)
    }
    yield Case(("Which teams went over budget in Q3?", "which teams were over budget in Q3"), (), frozenset(over))
    amount = company.amount("docflow", OCTOBER)
    variance = quotient(amount - company.spent(OCTOBER, NOVEMBER, "docflow"), amount)
    asked = ("budget variance for docflow in October", "docflow's budget variance, October")
    yield Case(asked, (Expected("Variance", variance),))


def _units(company: Company) -> Iterator[Case]:
    cost, before = company.spent(OCTOBER, NOVEMBER), company.spent(date(2026, 9, 1), OCTOBER)
    documents = company.total("documents_processed", OCTOBER, NOVEMBER)
    earlier = company.total("documents_processed", date(2026, 9, 1), OCTOBER)
    yield Case(
        ("cost per document in October", "what was our unit cost per document in October"),
        (Expected("UnitCost", quotient(cost, documents)), Expected("EffectiveCost", cost),
         Expected("Units", documents),
         Expected("MarginalCost", quotient(cost - before, documents - earlier))),
    )  # fmt: skip
    customers = company.mean("active_customers", OCTOBER, NOVEMBER)
    yield Case(("cost per active customer in October",), (Expected("UnitCost", quotient(cost, customers)),))
    calls, calls_before = (_calls(company, *span) for span in ((OCTOBER, NOVEMBER), (date(2026, 9, 1), OCTOBER)))
    marginal = quotient(calls[0] - calls_before[0], calls[1] - calls_before[1])
    expected = Expected("MarginalCost", marginal if marginal >= 0 else None)
    yield Case(("marginal cost per request in October",), (expected, Expected("EffectiveCost", calls[0])))
    spent, revenue = company.spent(JULY, OCTOBER), company.total("revenue", JULY, OCTOBER)
    roi = Expected("ReturnOnInvestment", quotient(revenue - spent, spent))
    yield Case(("ROI in Q3", "what was our return on investment in Q3"), (roi, Expected("Benefit", revenue)))
    costs = company.run_costs()
    shown = [one["run"] for one in company.runs if JULY <= date.fromisoformat(one["start"]) < OCTOBER]
    each = tuple(Expected("EffectiveCost", costs.get(run), run) for run in shown)
    yield Case(("training runs in Q3",), each, frozenset(shown))
    with localcontext(prec=60):
        mean = sum((costs[run] for run in shown if run in costs), Decimal(0)) / len(shown)
    yield Case(("cost per training run in Q3",), (Expected("CostPerRun", mean),))


def _calls(company: Company, start: date, end: date) -> tuple[Decimal, Decimal]:
    found = [pair for day, pair in company.requests.items() if start <= day < end]
    return sum((cost for cost, _ in found), Decimal(0)), sum((count for _, count in found), Decimal(0))


def judge(case: Case, answer: Answer) -> str:
    """What is wrong with an answer; empty when nothing is."""
    result = next((one for one in answer.results.values() if one.rows), None)
    if answer.status != "answered" or result is None:
        return f"{answer.status}: {answer.text[:120]}"
    if check_answer(answer):
        return "a figure is not bound"
    if case.rows is not None and {str(row[0]) for row in result.rows} != case.rows:
        return f"rows {sorted({str(row[0]) for row in result.rows} ^ case.rows)} differ"
    for one in case.expected:
        row = next((row for row in result.rows if not one.row or row[0] == one.row), None)
        if one.column not in {column.name for column in result.columns}:
            return f"no {one.column}"
        got = None if row is None else row[result.column_index(one.column)]
        if not _same(got, one.value):
            return f"{one.row} {one.column}: {got}, not {one.value}"
    return ""


def _same(got: object, wanted: Decimal | str | None) -> bool:
    if isinstance(got, Decimal) and isinstance(wanted, Decimal):
        return abs(got - wanted) <= CLOSE * max(abs(wanted), Decimal(1))
    return got == wanted


def landing(company: Company) -> dict[str, object]:
    """Each team's month end, told after 7, 14 and 21 days of it: error, coverage, and the error of the plain rate."""
    teams = sorted({one["x_Team"] for one in company.budgets})
    errors, naive, actuals, inside, told = Decimal(0), Decimal(0), Decimal(0), 0, 0
    for team in teams:
        daily = _daily(company, team or None)
        for month in range(1, 11):
            span = Period.month_of(date(2026, month, 1))
            actual = company.spent(span.start, span.end, team or None)
            for days in (7, 14, 21):
                through = span.start + timedelta(days=days - 1)
                first = min(daily)
                past = [daily.get(first + timedelta(days=n), Decimal(0)) for n in range((through - first).days + 1)]
                end = land(first, past, span)
                if end is None or end.low is None or end.high is None:
                    continue
                spent = company.spent(span.start, through + timedelta(days=1), team or None)
                errors += abs(end.mean - actual)
                naive += abs(spent / days * span.days - actual)
                actuals += actual
                inside += end.low <= actual <= end.high
                told += 1
    return {
        "forecasts": told,
        "wape": float(round(errors / actuals, 4)),
        "naive_wape": float(round(naive / actuals, 4)),
        "coverage_of_80_percent": round(inside / told, 3),
    }


def _daily(company: Company, team: str | None) -> dict[date, Decimal]:
    daily: dict[date, Decimal] = {}
    for (day, who), amount in company.spend.items():
        if team in (None, who):
            daily[day] = daily.get(day, Decimal(0)) + amount
    return daily


def run(say: Callable[[str], None]) -> dict[str, object]:
    """Ask every case in every wording, and back-test the projection."""
    home = ensure_home()
    company, agent = read_company(home / "demo"), build_agent(load_settings(home, None))
    asked, right, faults = 0, 0, []
    for case in cases(company):
        for wording in case.ask:
            asked += 1
            fault = judge(case, agent.ask(wording, as_of=TODAY))
            right += not fault
            if fault:
                faults.append(f"{wording}: {fault}")
            say(f"{'exact' if not fault else 'WRONG'}  {wording}{f'  ({fault})' if fault else ''}")
    figures = {"seed": SEED, "as_of": str(TODAY), "asked": asked, "exact": right, "faults": faults}
    return figures | {"landing": landing(company)}
