"""Budgets against a spend that can be added up in the head."""

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.operate.ledger import BUDGETS, FIRST, THROUGH, context, spent_company, with_budgets
from tests.semantic import bill
from tests.store.staged import Charge, load
from tools.domain.period import Period
from tools.domain.result import ToolResult
from tools.domain.scope import Filter, Scope
from tools.inform.forecast.request import ForecastRequest
from tools.inform.forecast.tool import forecast_costs
from tools.operate.budgets import BudgetRequest, budget_status
from tools.store import Store

NOVEMBER = Period(start=date(2026, 11, 1), end=date(2026, 12, 1))
OCTOBER = Period(start=date(2026, 10, 1), end=date(2026, 11, 1))


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return with_budgets(spent_company(tmp_path_factory.mktemp("ledger")))


def status(store: Store, **request: Any) -> ToolResult:
    return budget_status.run(context(store), BudgetRequest(**request))


def row(result: ToolResult, budget: str) -> dict[str, Any]:
    names = [column.name for column in result.columns]
    return next(dict(zip(names, cells, strict=True)) for cells in result.rows if cells[0] == budget)


def test_a_running_budget_tells_spent_remaining_burn_rate_and_where_it_will_end(store: Store) -> None:
    ads = row(status(store), "ads Nov")
    assert (ads["Spent"], ads["Remaining"], ads["BurnRate"], ads["Projected"]) == (600, 200, 30, 900)
    assert ads["Status"] == "heading over"
    assert (ads["ProjectedLow"], ads["ProjectedHigh"]) == (900, 900)


def test_the_day_a_budget_is_used_up_is_the_first_evening_on_which_more_is_spent(store: Store) -> None:
    # 26 days of 30 are 780, the 27th makes 810 of 800.
    assert row(status(store), "ads Nov")["ExhaustedOn"] == "2026-11-27"


def test_a_budget_that_will_do_is_on_track_and_never_used_up(store: Store) -> None:
    search = row(status(store), "search Nov")
    assert (search["Status"], search["ExhaustedOn"], search["Variance"]) == ("on track", None, Decimal("0.25"))


def test_a_budget_without_a_slice_is_about_everything(store: Store) -> None:
    assert row(status(store), "company Nov")["Spent"] == 800


def test_a_month_that_is_over_has_its_variance_and_no_projection(store: Store) -> None:
    october = row(status(store, period=OCTOBER), "ads Oct")
    assert (october["Spent"], october["Status"], october["Projected"]) == (930, "over budget", None)
    assert october["Variance"].quantize(Decimal("0.0001")) == Decimal("-0.0333")


def test_a_budget_that_has_not_begun_says_so(store: Store) -> None:
    december = status(store, period=Period(start=date(2026, 12, 1), end=date(2027, 1, 1)))
    assert row(december, "search Dec")["Status"] == "not begun"


def test_only_the_days_before_the_question_count(store: Store) -> None:
    asked = context(store, as_of=date(2026, 11, 11))
    ads = row(budget_status.run(asked, BudgetRequest()), "ads Nov")
    assert (ads["Spent"], ads["Projected"]) == (330, 900)


def test_soft_thresholds_name_the_highest_that_was_passed_and_its_day(store: Store) -> None:
    ads = row(status(store), "ads Nov")
    assert (ads["Threshold"], ads["ThresholdOn"]) == (Decimal("0.5"), "2026-11-14")
    own = row(status(store, thresholds=(Decimal("0.7"),)), "ads Nov")
    assert (own["Threshold"], own["ThresholdOn"]) == (Decimal("0.7"), "2026-11-19")


def test_only_those_over_or_heading_there_are_listed_when_asked(store: Store) -> None:
    assert [cells[0] for cells in status(store, which="over", of="x_Team").rows] == ["ads Nov"]
    assert [cells[0] for cells in status(store, which="under", of="x_Team").rows] == ["search Nov"]


def test_a_slice_without_a_budget_names_those_that_have_one(store: Store) -> None:
    none = status(store, filters=(Filter(dimension="x_Team", values=("sales",)),))
    assert none.no_data is not None
    assert "ads, everything, search" in none.no_data


def test_no_budget_loaded_is_not_the_same_as_none_for_a_month(tmp_path: Path, store: Store) -> None:
    empty = spent_company(tmp_path)
    assert budget_status.run(context(empty), BudgetRequest()).no_data_reason == "not_loaded"
    early = status(store, period=Period(start=date(2026, 7, 1), end=date(2026, 8, 1)))
    assert early.no_data_reason == "absent"
    assert "run from 2026-10-01 to 2026-12-31" in (early.no_data or "")


def test_in_a_scope_only_its_budgets_are_told(store: Store) -> None:
    scope = Scope(filters=(Filter(dimension="x_Team", values=("ads",)),))
    result = budget_status.run(context(store, scope=scope), BudgetRequest())
    assert [cells[0] for cells in result.rows] == ["ads Nov"]


def test_a_budget_and_a_forecast_of_its_slice_tell_the_same_end(tmp_path: Path) -> None:
    days = [FIRST + timedelta(days=n) for n in range((THROUGH - FIRST).days + 1)]
    charges = [
        Charge(day, str(base * (50 + n) * (7 + n * 7919 % 5) // 10), team=team)
        for n, day in enumerate(days)
        for team, base in (("ads", 3), ("search", 2))
    ]
    store = Store(tmp_path / "store")
    load(store, charges)
    asked = context(with_budgets(store, f"{BUDGETS}all H2,,2026-07-01,2027-01-01,90000,USD,\n"))
    told = budget_status.run(asked, BudgetRequest())
    for budget, team in (("ads Nov", "ads"), ("search Nov", "search"), ("company Nov", None), ("all H2", None)):
        shown = row(told, budget)
        span = Period(
            start=date.fromisoformat(shown["From"]), end=date.fromisoformat(shown["Through"]) + timedelta(days=1)
        )
        slice_ = (Filter(dimension="x_Team", values=(team,)),) if team else ()
        forecast = forecast_costs.run(asked, ForecastRequest(period=span, filters=slice_)).totals
        assert [shown[name] for name in ("Projected", "ProjectedLow", "ProjectedHigh")] == [
            forecast[name] for name in ("EffectiveCost", "Low80", "High80")
        ]


def test_environments_are_told_apart_in_the_budgets_days_alone(tmp_path: Path) -> None:
    days = [FIRST + timedelta(days=n) for n in range((THROUGH - FIRST).days + 1)]
    where = ("prod", "dev", "")
    rows = [bill.charge(day, "10", x_Team="ads", x_Environment=one) for day in days for one in where]
    bill.load(tmp_path, rows)
    ads = row(budget_status.run(context(with_budgets(Store(tmp_path / "store"))), BudgetRequest()), "ads Nov")
    assert (ads["Spent"], ads["Production"], ads["Experiment"], ads["Projected"]) == (600, 200, 200, 900)


def test_a_short_history_is_projected_without_an_interval_and_says_so(tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    load(store, [Charge(THROUGH - timedelta(days=n), "10", team="ads") for n in range(12)])
    result = budget_status.run(context(with_budgets(store)), BudgetRequest())
    ads = row(result, "ads Nov")
    assert (ads["Projected"], ads["ProjectedLow"]) == (220, None)
    assert any("too short to test a forecast" in caveat for caveat in result.evidence.caveats)


def test_the_recorded_arguments_give_the_same_cells_again(store: Store) -> None:
    first = status(store)
    again = budget_status.run(context(store), BudgetRequest.model_validate(first.evidence.arguments))
    assert (again.rows, again.evidence.sql) == (first.rows, first.evidence.sql)


def test_a_budget_in_another_currency_has_no_spent_without_a_rate(tmp_path: Path) -> None:
    text = "name,start,end,amount,currency\nall,2026-11-01,2026-12-01,100,EUR\n"
    result = budget_status.run(context(with_budgets(spent_company(tmp_path), text)), BudgetRequest())
    assert (row(result, "all")["Status"], row(result, "all")["Spent"]) == ("unknown", None)
    assert any("EUR" in caveat for caveat in result.evidence.caveats)


def test_a_budget_of_somebody_without_charges_leaves_the_others_alone(tmp_path: Path) -> None:
    lines = "x,ads,2026-11-01,2026-12-01,800,USD\ny,sales,2026-11-01,2026-12-01,800,USD\n"
    text = f"name,x_Team,start,end,amount,currency\n{lines}"
    result = budget_status.run(context(with_budgets(spent_company(tmp_path), text)), BudgetRequest())
    assert (row(result, "x")["Spent"], row(result, "y")["Spent"]) == (600, 0)
    assert any("no charge is for sales" in caveat for caveat in result.evidence.caveats)
