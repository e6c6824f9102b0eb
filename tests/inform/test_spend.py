from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from tests.semantic.bill import Row, charge, load
from tools.domain.errors import BadRequest, MixedCurrencies, UnknownName
from tools.domain.period import Period
from tools.domain.query import CostQuery
from tools.domain.result import ToolResult
from tools.domain.scope import Filter, Scope
from tools.inform.spend import query_costs
from tools.registry import ToolContext

OCTOBER = Period(start=date(2026, 10, 1), end=date(2026, 11, 1))
DAY = date(2026, 10, 5)


def ask(context: ToolContext, **query: object) -> ToolResult:
    return query_costs.run(context, CostQuery.model_validate({"period": OCTOBER, **query}))


def test_a_credit_lowers_effective_cost_but_not_usage(tmp_path: Path) -> None:
    context = load(tmp_path, [charge(DAY, "10"), charge(DAY, "-3", ChargeCategory="Credit")])
    result = ask(context, metrics=("EffectiveCost", "UsageCost", "Credits"))
    assert result.rows == ((Decimal(7), Decimal(10), Decimal(-3)),)


def test_billed_cost_goes_by_billing_period(tmp_path: Path) -> None:
    late = charge(date(2026, 9, 30), "5", BillingPeriodStart="2026-10-01T00:00:00Z")
    context = load(tmp_path, [charge(DAY, "10"), late])
    assert ask(context, metrics=("BilledCost", "EffectiveCost")).rows == ((Decimal(15), Decimal(10)),)


def test_a_bill_for_part_of_a_month_goes_by_charge_period_and_says_so(tmp_path: Path) -> None:
    context = load(tmp_path, [charge(DAY, "10"), charge(date(2026, 10, 20), "5")])
    week = Period(start=date(2026, 10, 1), end=date(2026, 10, 8))
    result = ask(context, metrics=("BilledCost",), period=week)
    assert result.rows == ((Decimal(10),),)
    assert any("charge period" in caveat for caveat in result.evidence.caveats)


def test_savings_rate_leaves_out_purchases_and_counts_unused_commitment_as_cost_only(tmp_path: Path) -> None:
    used = {"CommitmentDiscountId": "c", "CommitmentDiscountStatus": "Used"}
    unused = used | {"CommitmentDiscountStatus": "Unused"}
    rows = [
        charge(DAY, "60", ContractedCost="100", **used),
        charge(DAY, "10", ContractedCost="10", **unused),
        charge(DAY, "0", ContractedCost="500", ChargeCategory="Purchase"),
        charge(DAY, "7", ContractedCost="7", ChargeCategory="Tax"),
    ]
    result = ask(load(tmp_path, rows), metrics=("EffectiveSavingsRate", "Savings", "CommitmentWaste"))
    assert result.rows == ((Decimal("0.3"), Decimal(30), Decimal("0.1428571428571428571428571429")),)


def test_several_currencies_are_refused(tmp_path: Path) -> None:
    context = load(tmp_path, [charge(DAY, "10"), charge(DAY, "5", BillingCurrency="EUR")])
    with pytest.raises(MixedCurrencies, match="EUR, USD"):
        ask(context)
    with pytest.raises(MixedCurrencies):
        ask(context, metrics=("EffectiveSavingsRate",))


def test_currencies_may_be_grouped_filtered_or_converted(tmp_path: Path) -> None:
    rows = [charge(DAY, "10"), charge(DAY, "5", BillingCurrency="EUR")]
    context = load(tmp_path, rows, rates={"EUR/USD": Decimal("1.1")})
    assert ask(context, group_by=("BillingCurrency",)).rows == (("USD", Decimal(10)), ("EUR", Decimal(5)))
    euros = ask(context, filters=(Filter(dimension="BillingCurrency", values=("eur",)),))
    assert (euros.rows, euros.columns[0].unit) == (((Decimal(5),),), "EUR")
    dollars = ask(context, currency="USD", group_by=("ServiceName",), limit=1)
    assert (dollars.rows, dollars.columns[1].unit) == ((("Machines", Decimal("15.5")),), "USD")
    assert any("1 EUR = 1.1 USD" in caveat for caveat in dollars.evidence.caveats)


def test_a_total_over_currencies_is_not_given(tmp_path: Path) -> None:
    context = load(tmp_path, [charge(DAY, "10"), charge(DAY, "5", BillingCurrency="EUR")])
    assert ask(context, group_by=("BillingCurrency",)).totals == {"EffectiveCost": None}


def test_conversion_without_a_rate_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadRequest, match="no rate from USD to EUR"):
        ask(load(tmp_path, [charge(DAY, "10")]), currency="EUR")


def test_quantities_in_several_units_are_kept_apart(tmp_path: Path) -> None:
    rows = [
        charge(DAY, "1", ConsumedQuantity="3", ConsumedUnit="Hours"),
        charge(DAY, "1", ConsumedQuantity="8", ConsumedUnit="GB"),
    ]
    result = ask(load(tmp_path, rows), metrics=("ConsumedQuantity",))
    assert result.rows == (("GB", Decimal(8)), ("Hours", Decimal(3)))
    assert result.totals == {"ConsumedQuantity": None}


def test_what_a_limit_cuts_off_is_never_summed_over_units(tmp_path: Path) -> None:
    rows = [
        charge(DAY, "1", ServiceName=name, ConsumedQuantity=str(quantity), ConsumedUnit=unit)
        for unit in ("Hours", "GB", "Units")
        for name, quantity in (("Disks", 1), ("Machines", 2), ("Network", 4))
    ]
    context = load(tmp_path, rows)
    assert len(ask(context, metrics=("ConsumedQuantity",), limit=1).rows) == 3
    result = ask(context, metrics=("Rows", "ConsumedQuantity"), group_by=("ServiceName",), limit=1)
    assert {row[1] for row in result.rows if row[0] == "other"} == {"Hours", "GB", "Units"}


def test_a_tag_that_no_charge_has_is_answered_with_those_there_are(billed: ToolContext) -> None:
    assert "env" in (ask(billed, group_by=("tag:cost-center",)).no_data or "")
    with pytest.raises(UnknownName, match="env"):
        ask(billed, group_by=("tag:envv",))


def test_the_biggest_changes_come_first(tmp_path: Path) -> None:
    before = date(2026, 9, 5)
    rows = [charge(DAY, "10"), charge(before, "30"), charge(DAY, "5", ServiceName="Disks")]
    rows += [charge(DAY, "100", ServiceName="Network"), charge(before, "99", ServiceName="Network")]
    query = {"group_by": ("ServiceName",), "compare_to": "previous", "order_by": "absolute_change", "limit": 2}
    result = ask(load(tmp_path, rows), **query)
    assert [(row[0], row[3]) for row in result.rows] == [("Machines", -20), ("Disks", 5), ("other", 1)]


def test_a_near_miss_is_answered_with_the_values_there_are(billed: ToolContext) -> None:
    with pytest.raises(UnknownName, match="m-large"):
        ask(billed, filters=(Filter(dimension="x_Model", values=("m-lrge",)),))


def test_a_name_like_nothing_in_the_data_gives_no_data(billed: ToolContext) -> None:
    result = ask(billed, filters=(Filter(dimension="x_Model", values=("zzz",)),))
    assert (result.no_data_reason, result.rows) == ("absent", ())
    assert "m-large" in (result.no_data or "")


def test_case_does_not_matter_in_a_value(billed: ToolContext) -> None:
    shouted = ask(billed, filters=(Filter(dimension="x_Model", values=("M-LARGE",)),))
    assert shouted.rows == ask(billed, filters=(Filter(dimension="x_Model", values=("m-large",)),)).rows


def test_a_period_that_is_not_loaded_is_told_from_one_without_such_charges(billed: ToolContext) -> None:
    earlier = Period(start=date(2025, 1, 1), end=date(2025, 2, 1))
    assert ask(billed, period=earlier).no_data_reason == "not_loaded"
    assert ask(billed, metrics=("Taxes",)).no_data_reason == "absent"


def test_a_missing_column_is_named(billed: ToolContext) -> None:
    result = ask(billed, group_by=("x_Customer",))
    assert (result.no_data_reason, result.missing_column) == ("missing_column", "x_Customer")


def test_a_scope_can_not_be_widened(bill: list[Row], tmp_path: Path) -> None:
    scope = Scope(filters=(Filter(dimension="x_Team", values=("ads",)),))
    context = load(tmp_path, bill, scope=scope)
    mine = ask(context, group_by=("x_Team",), with_share=True)
    assert [(row[0], row[-1]) for row in mine.rows] == [("ads", Decimal(1))]
    assert mine.evidence.scope == scope
    hidden, absent = (ask(context, filters=(Filter(dimension="x_Team", values=(name,)),)) for name in ("risk", "rosk"))
    assert hidden.no_data == (absent.no_data or "").replace("rosk", "risk")
    assert "search" not in (hidden.no_data or "")


def test_evidence_can_be_run_again(billed: ToolContext) -> None:
    first = ask(billed, metrics=("spend",), group_by=("x_Model",), limit=2, period=None)
    again = query_costs.run(billed, CostQuery.model_validate(first.evidence.arguments))
    assert again.rows == first.rows
    assert first.evidence.row_count == 6


def test_previous_zero_has_no_ratio(tmp_path: Path) -> None:
    context = load(tmp_path, [charge(DAY, "10"), charge(date(2026, 9, 5), "0", ServiceName="Disks")])
    result = ask(context, group_by=("ServiceName",), compare_to="previous")
    assert result.rows[0] == ("Machines", Decimal(10), Decimal(0), Decimal(10), None)


def test_a_week_that_the_period_cuts_is_said_to_be_cut(tmp_path: Path) -> None:
    context = load(tmp_path, [charge(date(2026, 10, day), "1") for day in range(1, 31)])
    caveats = ask(context, granularity="week", metrics=("EffectiveCost",)).evidence.caveats
    assert (
        "not every week is whole: the first week starts on 2026-10-01 and the last week ends on 2026-10-30" in caveats
    )
    whole = Period(start=date(2026, 10, 5), end=date(2026, 10, 19))
    assert not any("whole" in one for one in ask(context, granularity="week", period=whole).evidence.caveats)


def test_a_threshold_without_groups_is_refused_and_never_applied_to_the_whole(tmp_path: Path) -> None:
    context = load(tmp_path, [charge(DAY, "10")])
    with pytest.raises(BadRequest, match="keeps groups"):
        ask(context, threshold={"operator": "over", "value": "5"})
