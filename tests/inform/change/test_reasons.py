"""What a change of one thing in a bill is explained by."""

from decimal import Decimal

import pytest

from tests.inform.change.bills import BEFORE, COVERED, NOW, SEPTEMBER, UNUSED, machine, tokens
from tests.inform.change.conftest import Explain, effects
from tests.semantic.bill import charge
from tools.domain.errors import MixedCurrencies

ONE = [tokens(BEFORE, "m", "input", 1000, "0.002", 10), tokens(BEFORE, "m", "output", 100, "0.01")]


def test_a_dearer_token_is_price_alone(explain: Explain) -> None:
    later = [tokens(NOW, "m", "input", 1000, "0.003", 10), tokens(NOW, "m", "output", 100, "0.01")]
    assert effects(explain([*ONE, *later])) == {"token price": Decimal(1)}


def test_more_requests_of_the_same_kind_are_requests_alone(explain: Explain) -> None:
    later = [tokens(NOW, "m", "input", 3000, "0.002", 30), tokens(NOW, "m", "output", 300, "0.01")]
    assert effects(explain([*ONE, *later])) == {"requests": Decimal(6)}


def test_longer_prompts_and_longer_completions_are_told_apart(explain: Explain) -> None:
    later = [tokens(NOW, "m", "input", 2000, "0.002", 10), tokens(NOW, "m", "output", 300, "0.01")]
    assert effects(explain([*ONE, *later])) == {"prompt length": Decimal(2), "completion length": Decimal(2)}


def test_a_cache_that_fills_up_is_cache_share_alone(explain: Explain) -> None:
    later = [tokens(NOW, "m", "input", 400, "0.002", 10), tokens(NOW, "m", "output", 100, "0.01"),
             tokens(NOW, "m", "cached_input", 600, "0.0002")]  # fmt: skip
    assert effects(explain([*ONE, *later])) == {"cache share": Decimal("-1.08")}


def test_a_switch_of_models_is_model_mix_and_shows_both_sides(explain: Explain) -> None:
    dear, cheap = "0.002", "0.0005"
    bill = [tokens(BEFORE, "big", "input", 1000, dear, 10), tokens(NOW, "small", "input", 1000, cheap, 10)]
    result = explain(bill)
    assert effects(result) == {"model mix": Decimal("-1.5")}
    assert result.totals["Raised"] == Decimal("0.5")
    assert result.totals["Lowered"] == Decimal(-2)


def test_a_move_to_batch_is_service_tier_alone(explain: Explain) -> None:
    batch = {"x_ServiceTier": "batch"}
    bill = [
        tokens(BEFORE, "m", "input", 1000, "0.002", 10),
        tokens(BEFORE, "m", "input", 1000, "0.001", 10, **batch),
        tokens(NOW, "m", "input", 500, "0.002", 5),
        tokens(NOW, "m", "input", 1500, "0.001", 15, **batch),
    ]
    assert effects(explain(bill)) == {"service tier": Decimal("-0.5")}


def test_what_starts_is_new_and_what_ends_is_gone(explain: Explain) -> None:
    bill = [*ONE, tokens(NOW, "m", "input", 1000, "0.002", 10, x_Project="other")]
    assert effects(explain(bill)) == {"gone": Decimal(-3), "new": Decimal(2)}


def test_commitment_coverage_unused_commitment_and_price_are_told_apart(explain: Explain) -> None:
    bill = [
        machine(BEFORE, "p5.48xlarge", "10", "4"),
        machine(BEFORE, "p5.48xlarge", "10", "3", **COVERED),
        machine(NOW, "p5.48xlarge", "5", "4"),
        machine(NOW, "p5.48xlarge", "15", "3", **COVERED),
        charge(NOW, "7", **UNUSED, ServiceName="Machines"),
    ]
    assert effects(explain(bill)) == {"commitment coverage": Decimal(-5), "unused commitment": Decimal(7)}


@pytest.mark.parametrize(
    ("reason", "later", "amount"),
    [
        ("instance mix", [("p5.48xlarge", "20", "3", {}), ("p4d.24xlarge", "10", "1", {})], -20),
        ("region mix", [("p5.48xlarge", "20", "3", {}), ("p5.48xlarge", "10", "4", {"RegionId": "south"})], 10),
        ("usage", [("p5.48xlarge", "60", "3", {})], 90),
        ("unit price", [("p5.48xlarge", "30", "2", {})], -30),
    ],
)
def test_machines_are_explained_by(
    explain: Explain, reason: str, later: list[tuple[str, str, str, dict[str, str]]], amount: int
) -> None:
    bill = [machine(BEFORE, "p5.48xlarge", "30", "3")]
    bill += [machine(NOW, name, hours, price, **more) for name, hours, price, more in later]
    assert effects(explain(bill)) == {reason: Decimal(amount)}


def test_what_no_quantity_explains_goes_by_its_category(explain: Explain) -> None:
    bill = [charge(BEFORE, "10"), charge(NOW, "12")]
    for category, before, now in (("Tax", "1", "2"), ("Credit", "-1", "-4"), ("Purchase", "5", "6")):
        bill += [charge(BEFORE, before, ChargeCategory=category), charge(NOW, now, ChargeCategory=category)]
    bill.append(charge(NOW, "-2", ChargeClass="Correction"))
    assert effects(explain(bill)) == {
        "amount without a quantity": Decimal(2),
        "taxes": Decimal(1),
        "credits": Decimal(-3),
        "purchases and fees": Decimal(1),
        "refunds and corrections": Decimal(-2),
    }


def test_each_group_sums_to_its_own_change(explain: Explain) -> None:
    bill = [*ONE, machine(BEFORE, "p5.48xlarge", "30", "3"), machine(NOW, "p5.48xlarge", "7.3", "3.33")]
    bill.append(tokens(NOW, "m", "input", 777, "0.0031", 9))
    result = explain(bill, group_by=["ServiceName"])
    for service, change in (("Machines", Decimal("-65.691")), ("Models", Decimal("-0.5913"))):
        assert sum(effects(result, service).values()) == change
    assert result.totals["Contribution"] == result.totals["EffectiveCost_change"]


@pytest.mark.parametrize("dimension", ["HostProviderName", "ServiceName", "x_Model", "RegionId", "x_ServiceTier"])
def test_a_breakdown_shares_out_the_same_effects(explain: Explain, dimension: str) -> None:
    bill = [
        tokens(BEFORE, "big", "input", 1000, "0.002", 10),
        tokens(BEFORE, "small", "input", 300, "0.0005", 4, x_ServiceTier="batch"),
        tokens(NOW, "big", "input", 400, "0.003", 5, HostProviderName="Other"),
        tokens(NOW, "small", "input", 900, "0.0005", 12, x_ServiceTier="batch"),
        machine(BEFORE, "p5.48xlarge", "30", "3"),
        machine(NOW, "p5.48xlarge", "10", "3"),
        machine(NOW, "p5.48xlarge", "25", "4", RegionId="south"),
    ]
    whole, parts = explain(bill), explain(bill, group_by=[dimension])
    sums: dict[str, Decimal] = {}
    for row in parts.rows:
        reason, amount = str(row[1]), row[parts.column_index("Contribution")]
        sums[reason] = sums.get(reason, Decimal(0)) + amount  # type: ignore[operator]
    assert {reason: amount for reason, amount in sums.items() if amount} == effects(whole)


def test_kinds_of_reasons_sum_the_reasons(explain: Explain) -> None:
    later = [tokens(NOW, "m", "input", 3000, "0.003", 30), tokens(NOW, "m", "output", 300, "0.01")]
    assert effects(explain([*ONE, *later], by="kind")) == {"volume": Decimal(7), "price": Decimal(2)}


def test_two_slices_of_one_month_are_told_apart(explain: Explain) -> None:
    bill = [tokens(NOW, "m", "input", 1000, "0.002", 10), tokens(NOW, "m", "input", 500, "0.002", 5, x_Project="b")]
    project = "x_Project"
    result = explain(
        bill,
        filters=[{"dimension": project, "values": ["assistant"]}],
        compare_filters=[{"dimension": project, "values": ["b"]}],
        compare_to=None,
    )
    assert effects(result) == {"requests": Decimal(1)}
    assert result.evidence.compare_period is None


def test_several_currencies_are_refused(explain: Explain) -> None:
    with pytest.raises(MixedCurrencies, match="EUR, USD"):
        explain([*ONE, charge(NOW, "5", BillingCurrency="EUR")])


def test_a_month_that_is_not_loaded_is_not_a_month_without_cost(explain: Explain) -> None:
    result = explain([tokens(NOW, "m", "input", 1000, "0.002", 10)], compare_to=SEPTEMBER)
    assert result.no_data_reason == "not_loaded"
    assert "2026-09-01" in (result.no_data or "")


def test_the_same_question_gives_the_same_cells(explain: Explain) -> None:
    bill = [*ONE, tokens(NOW, "m", "input", 777, "0.0031", 9)]
    assert explain(bill).rows == explain(bill).rows
