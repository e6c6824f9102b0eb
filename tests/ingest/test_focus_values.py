"""Values as people export them: money, dates, words for nothing, tags."""

from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.ingest.bills import bill
from tools.domain.load import LoadReport
from tools.ingest.focus import load_focus
from tools.store import Store


def one(store: Store, column: str) -> Any:
    return store.snapshot().query(f'SELECT "{column}" FROM charges').rows[0][0]


def defects(report: LoadReport) -> list[tuple[str, str]]:
    return [(defect.column, defect.defect) for defect in report.defects]


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("0.1", "0.1"),
        ("8e-07", "0.0000008"),
        ("1.5E3", "1500"),
        ("-0.000000000000000000000001", "-0.000000000000000000000001"),
        ("$50,000.00 ", "50000"),
        ("(12.50)", "-12.5"),
        ("-$3.10", "-3.1"),
        ("€ 7", "7"),
        ("99999999999999.999999999999999999999999", "99999999999999.999999999999999999999999"),
    ],
)
def test_money_is_read_exactly(store: Store, tmp_path: Path, text: str, amount: str) -> None:
    load_focus(store, [bill(tmp_path / "a.csv", {"EffectiveCost": text})])
    assert one(store, "EffectiveCost") == Decimal(amount)


@pytest.mark.parametrize("text", ["twelve", "1e400", "1e14", "inf", "12,5", "1.2.3", "=cmd()", "0x10", "--5"])
def test_money_that_cannot_be_read_is_kept_out_with_what_can(store: Store, tmp_path: Path, text: str) -> None:
    report = load_focus(store, [bill(tmp_path / "a.csv", {"EffectiveCost": text}, {})])
    assert (report.read, report.accepted, report.quarantined) == (2, 1, 1)
    (reason,) = report.reasons
    assert (reason.reason, reason.money) == ("EffectiveCost can't be read", Decimal(10))
    assert text in reason.example
    (row,) = store.snapshot().query("SELECT file, reason, money FROM quarantine").rows
    assert row == ("a.csv", "EffectiveCost can't be read", Decimal(10))


def test_a_24th_decimal_is_the_last_and_losing_more_is_reported(store: Store, tmp_path: Path) -> None:
    report = load_focus(store, [bill(tmp_path / "a.csv", {"EffectiveCost": "0.1234567890123456789012345"})])
    assert one(store, "EffectiveCost") == Decimal("0.123456789012345678901235")
    assert ("EffectiveCost", "rounded") in defects(report)


def test_zeros_past_the_24th_decimal_are_no_loss(store: Store, tmp_path: Path) -> None:
    report = load_focus(store, [bill(tmp_path / "a.csv", {"EffectiveCost": "0.5" + "0" * 40})])
    assert defects(report) == []


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("2026-10-05", datetime(2026, 10, 5)),
        ("2026-10-05T07:00:00Z", datetime(2026, 10, 5, 7)),
        ("2026-10-05 07:00:00", datetime(2026, 10, 5, 7)),
        ("2026-10-05T01:30:00+05:30", datetime(2026, 10, 4, 20)),
        ("10/5/26", datetime(2026, 10, 5)),
        ("10/31/2025", datetime(2025, 10, 31)),
        ("31/10/2025", datetime(2025, 10, 31)),
        ("10/5/2026 13:00", datetime(2026, 10, 5, 13)),
        ("20261005", datetime(2026, 10, 5)),
    ],
)
def test_dates_are_read_in_the_ways_they_are_written(store: Store, tmp_path: Path, text: str, start: datetime) -> None:
    load_focus(store, [bill(tmp_path / "a.csv", {"ChargePeriodStart": text})])
    assert one(store, "ChargePeriodStart") == start


def test_an_ambiguous_date_is_month_first_and_said(store: Store, tmp_path: Path) -> None:
    report = load_focus(store, [bill(tmp_path / "a.csv", {"ChargePeriodStart": "5/1/25"})])
    assert one(store, "ChargePeriodStart") == datetime(2025, 5, 1)
    assert "month/day/year" in next(d.detail for d in report.defects if d.column == "ChargePeriodStart")


@pytest.mark.parametrize("text", ["soon", "0001-01-01", "9999-12-31", "2026-13-01", "infinity", "5/1"])
@pytest.mark.parametrize("column", ["ChargePeriodStart", "BillingPeriodStart"])
def test_a_period_that_cannot_be_read_is_kept_out(store: Store, tmp_path: Path, column: str, text: str) -> None:
    report = load_focus(store, [bill(tmp_path / "a.csv", {column: text})])
    assert (report.accepted, report.quarantined) == (0, 1)
    assert report.reasons[0].reason == f"{column} can't be read"


def test_an_end_that_cannot_be_read_is_a_defect(store: Store, tmp_path: Path) -> None:
    report = load_focus(store, [bill(tmp_path / "a.csv", {"ChargePeriodEnd": "2023-02-01T30:00:00Z"})])
    assert one(store, "ChargePeriodEnd") is None
    assert ("ChargePeriodEnd", "unreadable_value") in defects(report)


def test_a_missing_billing_period_is_the_charges_month(store: Store, tmp_path: Path) -> None:
    report = load_focus(store, [bill(tmp_path / "a.csv", without=["BillingPeriodStart"])])
    assert one(store, "BillingPeriodStart") == datetime(2026, 10, 1)
    assert ("BillingPeriodStart", "derived") in defects(report)


def test_a_row_without_any_period_is_kept_out(store: Store, tmp_path: Path) -> None:
    report = load_focus(store, [bill(tmp_path / "a.csv", {"BillingPeriodStart": "", "ChargePeriodStart": "NULL"})])
    assert report.reasons[0].reason == "the row has no period"


@pytest.mark.parametrize("word", ["", "NULL", "null", "None", "NaN", " "])
def test_a_word_for_nothing_is_nothing(store: Store, tmp_path: Path, word: str) -> None:
    load_focus(store, [bill(tmp_path / "a.csv", {"ContractedCost": word, "PricingQuantity": word})])
    assert (one(store, "ContractedCost"), one(store, "PricingQuantity")) == (None, None)


def test_without_a_currency_rows_are_loaded_as_xxx(store: Store, tmp_path: Path) -> None:
    report = load_focus(store, [bill(tmp_path / "a.csv", {}, {"BillingCurrency": ""})])
    counts = 'SELECT "BillingCurrency", count(*) FROM charges GROUP BY 1 ORDER BY 1'
    assert store.snapshot().query(counts).rows == [("USD", 1), ("XXX", 1)]
    assert ("BillingCurrency", "null_value") in defects(report)


def test_a_currency_that_is_none_is_kept_out(store: Store, tmp_path: Path) -> None:
    report = load_focus(store, [bill(tmp_path / "a.csv", {"BillingCurrency": "dollars"})])
    assert report.reasons[0].reason == "BillingCurrency can't be read"


def test_headers_are_found_whatever_their_case(store: Store, tmp_path: Path) -> None:
    path = bill(tmp_path / "a.csv", {"SkuPriceid": "p1", "resource_name": "vm"})
    report = load_focus(store, [path])
    assert (one(store, "SkuPriceId"), one(store, "ResourceName")) == ("p1", "vm")
    assert ("SkuPriceId", "renamed") in defects(report)


def test_older_provider_columns_fill_the_newer_ones(store: Store, tmp_path: Path) -> None:
    row = {"HostProviderName": "", "ProviderName": "GCP", "PublisherName": "Google", "ServiceProviderName": "NULL"}
    load_focus(store, [bill(tmp_path / "a.csv", row)])
    assert (one(store, "HostProviderName"), one(store, "ServiceProviderName")) == ("GCP", "Google")
    assert "ProviderName" not in store.snapshot().columns


def test_columns_of_ones_own_are_kept(store: Store, tmp_path: Path) -> None:
    report = load_focus(store, [bill(tmp_path / "a.csv", {"x_CostCenter": "cc-1", "Id": "17"})])
    assert (one(store, "x_CostCenter"), one(store, "x_Id")) == ("cc-1", "17")
    assert ("x_Id", "note") in defects(report)


def test_tags_fill_the_columns_that_a_bill_lacks(store: Store, tmp_path: Path) -> None:
    tags = '{"Team": "search", "env": "prod", "cost-center": "1"}'
    load_focus(store, [bill(tmp_path / "a.csv", {"Tags": tags}, {"Tags": "not json"}, {"Tags": ""})])
    rows = store.snapshot().query('SELECT "x_Team", "x_Environment", "Tags" FROM charges ORDER BY ALL').rows
    assert rows == [("search", "prod", tags), (None, None, "not json"), (None, None, None)]
    assert store.snapshot().tag_keys() == ("Team", "cost-center", "env")


def test_a_column_of_the_file_wins_over_its_tags(store: Store, tmp_path: Path) -> None:
    load_focus(store, [bill(tmp_path / "a.csv", {"Tags": '{"team": "search"}', "x_Team": "ads"})])
    assert one(store, "x_Team") == "ads"


def test_a_value_that_focus_does_not_allow_is_a_defect(store: Store, tmp_path: Path) -> None:
    report = load_focus(store, [bill(tmp_path / "a.csv", {"ChargeCategory": "Fee"}, {})])
    (defect,) = report.defects
    assert (defect.column, defect.rows, defect.defect, defect.example) == ("ChargeCategory", 1, "unknown_value", "Fee")


def test_a_missing_mandatory_column_is_a_defect(store: Store, tmp_path: Path) -> None:
    report = load_focus(store, [bill(tmp_path / "a.csv", without=["ServiceName"])])
    assert defects(report) == [("ServiceName", "missing_column")]
