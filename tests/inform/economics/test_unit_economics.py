"""Cost against the business, over a spend that can be added up in the head."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.store.staged import Charge, load
from tools.domain.errors import BadRequest, UnknownName
from tools.domain.period import Period
from tools.domain.result import ToolResult
from tools.domain.scope import Filter
from tools.inform.economics.tool import UnitRequest, unit_economics
from tools.ingest.focus import load_focus
from tools.ingest.records import load_records
from tools.registry import ToolContext
from tools.store import Store

SEPTEMBER = Period(start=date(2026, 9, 1), end=date(2026, 10, 1))
OCTOBER = Period(start=date(2026, 10, 1), end=date(2026, 11, 1))
METRICS = """date,metric,value
2026-09-10,documents_processed,100
2026-10-05,documents_processed,60
2026-10-06,documents_processed,90
2026-09-10,active_customers,10
2026-10-05,active_customers,20
2026-10-06,active_customers,40
2026-10-05,revenue,300
2026-10-06,revenue,150
"""
BILL = """BilledCost,EffectiveCost,BillingCurrency,BillingPeriodStart,BillingPeriodEnd,ChargePeriodStart,\
ChargePeriodEnd,ChargeCategory,HostProviderName,ServiceProviderName,InvoiceIssuerName,BillingAccountId,ServiceName,ServiceCategory,\
x_Customer,x_Workload,x_Project
{lines}
"""
Ask = Callable[..., ToolResult]


def charge(day: str, cost: int, customer: str = "", workload: str = "", project: str = "") -> str:
    month, after = day[:7], "2026-10" if day[:7] == "2026-09" else "2026-11"
    return (
        f"{cost},{cost},USD,{month}-01,{after}-01,{day}T00:00:00Z,{day}T01:00:00Z,Usage,Acme,Acme,Acme,1,Runs,Compute,"
        f"{customer},{workload},{project}"
    )


LINES = (
    charge("2026-09-10", 200, "Aldgate"),
    charge("2026-10-05", 90, "Aldgate"),
    charge("2026-10-06", 120, "Norrland"),
    charge("2026-10-06", 30),
    charge("2026-10-07", 60, workload="training", project="base"),
    charge("2026-10-08", 40, workload="training", project="base"),
    charge("2026-10-31", 5),
)


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text)
    return path


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    folder = tmp_path_factory.mktemp("economics")
    store = Store(folder / "store")
    load_focus(store, [write(folder, "bill.csv", BILL.format(lines="\n".join(LINES)))])
    load_records(store, "metrics", [write(folder, "metrics.csv", METRICS)])
    return store


@pytest.fixture
def ask(store: Store) -> Ask:
    return lambda **request: asked(store, **request)


def asked(store: Store, **request: Any) -> ToolResult:
    return unit_economics.run(
        ToolContext(store.snapshot(), date(2026, 11, 2)), UnitRequest(**{"period": OCTOBER, **request})
    )


def cells(result: ToolResult, row: int = 0) -> dict[str, Any]:
    return dict(zip([column.name for column in result.columns], result.rows[row], strict=True))


def test_cost_per_document_is_over_the_days_for_which_both_are_known(ask: Ask) -> None:
    october = cells(ask(per="document"))
    assert (october["EffectiveCost"], october["Units"], october["UnitCost"]) == (240, 150, Decimal("1.6"))


def test_marginal_cost_is_the_change_in_cost_over_the_change_in_units(ask: Ask) -> None:
    october = cells(ask(per="documents_processed"))
    assert (october["UnitCostBefore"], october["MarginalCost"]) == (2, Decimal("0.8"))


def test_a_level_is_averaged_over_its_days_and_says_so(ask: Ask) -> None:
    result = ask(per="active customers")
    assert (cells(result)["Units"], cells(result)["UnitCost"]) == (30, 8)
    assert any("mean of its days" in caveat for caveat in result.evidence.caveats)


def test_no_marginal_cost_where_more_came_for_less(store: Store) -> None:
    result = asked(store, per="document", filters=(Filter(dimension="x_Customer", values=("Aldgate",)),))
    assert cells(result)["MarginalCost"] is None
    assert any(caveat.startswith("documents_processed is not loaded by customer") for caveat in result.evidence.caveats)


def test_without_a_unit_every_metric_that_is_no_benefit_has_a_row(ask: Ask) -> None:
    assert [row[0] for row in ask().rows] == ["active customer", "document processed"]


def test_months_are_each_held_against_the_one_before(ask: Ask) -> None:
    period = Period(start=SEPTEMBER.start, end=OCTOBER.end)
    result = ask(per="document", period=period, granularity="month")
    assert [row[0] for row in result.rows] == ["2026-09-01", "2026-10-01"]
    assert [cells(result, n)["UnitCost"] for n in (0, 1)] == [2, Decimal("1.6")]
    assert cells(result, 1)["MarginalCost"] == Decimal("0.8")


@pytest.mark.parametrize(("per", "said"), [("transaction", "loaded are active_customers"), ("document", "loaded from")])
def test_a_metric_or_a_month_that_is_not_loaded_is_named(ask: Ask, per: str, said: str) -> None:
    period = OCTOBER if per == "transaction" else Period(start=date(2026, 10, 7), end=date(2026, 10, 9))
    result = ask(per=per, period=period)
    assert said in (result.no_data or "")


def test_return_on_investment_is_benefit_less_cost_over_cost_of_the_same_days(ask: Ask) -> None:
    found = cells(ask(about="return"))
    assert (found["EffectiveCost"], found["Benefit"], found["Net"]) == (240, 450, 210)
    assert (found["ReturnOnInvestment"], found["PaybackDays"].quantize(Decimal("0.001"))) == (
        Decimal("0.875"), Decimal("1.067"),
    )  # fmt: skip


def test_customers_need_revenue_by_customer(ask: Ask) -> None:
    assert "x_Customer" in (ask(about="customers").no_data or "")


def test_customers_that_cost_more_than_they_bring_come_first(tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    load_focus(store, [write(tmp_path, "bill.csv", BILL.format(lines="\n".join(LINES)))])
    text = "date,metric,value,x_Customer\n2026-10-05,revenue,200,Aldgate\n2026-10-06,revenue,100,norrland\n"
    load_records(store, "metrics", [write(tmp_path, "revenue.csv", text)])
    every = asked(store, about="customers")
    assert [(row[0], row[3]) for row in every.rows] == [("Norrland", -20), ("Aldgate", 110)]
    assert "30.00 USD of cost names no customer" in every.evidence.caveats
    assert [row[0] for row in asked(store, about="customers", loss_only=True).rows] == ["Norrland"]


def test_revenue_in_another_currency_is_not_set_against_cost(tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    load(store, [Charge(date(2026, 10, 5), "10")])
    load_records(store, "metrics", [write(tmp_path, "m.csv", "date,metric,value,unit\n2026-10-05,revenue,9,EUR\n")])
    with pytest.raises(BadRequest, match="revenue is in EUR, the charges are in USD"):
        asked(store, about="return")


def test_training_cost_is_divided_by_gpu_hours_and_adds_up(store: Store, tmp_path: Path) -> None:
    text = (
        "run,start,end,gpu_hours,status,epochs,final_loss,x_Project\n"
        "r1,2026-10-07,2026-10-08,30,finished,3,2.0,base\n"
        "r2,2026-10-07,2026-10-09,60,finished,4,1.5,base\n"
    )
    load_records(store, "runs", [write(tmp_path, "runs.csv", text)])
    runs = asked(store, about="runs")
    # The 7th has 30 + 30 GPU-hours for 60 dollars, the 8th only r2.
    assert [(row[0], cells(runs, n)["EffectiveCost"]) for n, row in enumerate(runs.rows)] == [("r1", 30), ("r2", 70)]
    assert runs.totals["EffectiveCost"] == 100
    assert (cells(runs, 1)["Gained"], cells(runs, 1)["CostPerPoint"]) == (Decimal("0.5"), 140)
    mean = cells(asked(store, about="run_cost"))
    assert (mean["Runs"], mean["CostPerRun"], mean["CostPerEpoch"].quantize(Decimal("0.01"))) == (
        2, 50, Decimal("14.29"),
    )  # fmt: skip


def test_every_kpi_has_a_formula_and_a_value_or_what_it_needs(ask: Ask) -> None:
    result = ask(about="kpis")
    needs, value = result.column_index("Needs"), result.column_index("Value")
    assert len(result.rows) >= 25
    assert all((row[needs] is None) != (row[value] is None) for row in result.rows)


def test_a_kpi_is_found_by_its_other_spellings(ask: Ask) -> None:
    assert cells(ask(about="kpis", kpi="value-for-ai-initiatives"))["Value"] == Decimal("0.875")
    assert "status" in (ask(about="kpis", kpi="llm-error-rate").no_data or "")
    with pytest.raises(UnknownName):
        ask(about="kpis", kpi="happiness")


def test_the_recorded_arguments_give_the_same_cells_again(ask: Ask) -> None:
    first = ask(per="document")
    again = ask(**{key: value for key, value in first.evidence.arguments.items() if value is not None})
    assert (again.rows, again.evidence.sql) == (first.rows, first.evidence.sql)
