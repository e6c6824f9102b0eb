"""The scoring of business questions: a figure that is off, missing or of another row is a miss."""

from datetime import date, timedelta
from decimal import Decimal

from agent.answer.write import Asked, write_answer
from evals.business.runner import Case, Expected, judge, landing
from evals.business.truth import Company
from tools.domain.answer import Answer
from tools.domain.result import Column, Evidence, ToolResult

CASE = Case(("q",), (Expected("Spent", Decimal(5), "search"),), frozenset({"search", "ads"}))


def answered(cost: str) -> Answer:
    columns = (
        Column(name="Budget", kind="dimension", label="budget"),
        Column(name="Spent", kind="metric", label="spent", unit="USD", metric="Spent"),
    )
    rows = (("search", Decimal(cost)), ("ads", Decimal(7)))
    found = ToolResult(tool="budget_status", columns=columns, rows=rows, evidence=Evidence(sql="", row_count=2))
    return write_answer(Asked("q", date(2026, 11, 23)), {"r1": found})


def test_the_expected_figure_in_its_row_is_right() -> None:
    assert judge(CASE, answered("5")) == ""


def test_a_cent_off_is_wrong() -> None:
    assert "not 5" in judge(CASE, answered("5.01"))


def test_a_row_too_many_is_wrong() -> None:
    assert "differ" in judge(Case(("q",), (), frozenset({"search"})), answered("5"))


def test_a_steady_spend_lands_where_it_was_told_to() -> None:
    days = [date(2025, 10, 1) + timedelta(days=n) for n in range(420)]
    company = Company({(day, "ads"): Decimal(10) for day in days}, {}, {}, budgets=[{"x_Team": "ads"}])
    figures = landing(company)
    assert (figures["forecasts"], figures["wape"], figures["coverage_of_80_percent"]) == (30, 0.0, 1.0)


def test_a_days_training_cost_goes_to_its_runs_by_gpu_hours() -> None:
    runs = [
        {"run": "a", "start": "2026-10-01", "end": "2026-10-02", "gpu_hours": "10"},
        {"run": "b", "start": "2026-10-01", "end": "2026-10-03", "gpu_hours": "60"},
    ]
    training = {date(2026, 10, 1): Decimal(40), date(2026, 10, 2): Decimal(7)}
    assert Company({}, {}, training, runs=runs).run_costs() == {"a": 10, "b": 37}
