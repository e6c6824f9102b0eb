"""Parquet bills: their own types, exactly."""

from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tools.ingest.focus import load_focus
from tools.store import Store

ROW = {
    "EffectiveCost": "1.5",
    "BillingCurrency": "'USD'",
    "BillingPeriodStart": "TIMESTAMP '2026-10-01'",
    "ChargePeriodStart": "TIMESTAMP '2026-10-02 03:00:00'",
    "InvoiceIssuerName": "'AWS'",
    "BillingAccountId": "'42'",
}


def load(store: Store, path: Path, **values: str) -> Any:
    items = ", ".join(f'{value} AS "{name}"' for name, value in {**ROW, **values}.items())
    with store.writer() as writer:
        writer.execute(f"COPY (SELECT {items}) TO '{path}' (FORMAT parquet)")
    return load_focus(store, [path])


def one(store: Store, column: str) -> Any:
    return store.snapshot().query(f'SELECT "{column}" FROM charges').rows[0][0]


@pytest.mark.parametrize(
    ("value", "amount"),
    [
        ("0.1::DOUBLE", "0.1"),
        ("6169073812.97076017::DOUBLE", "6169073812.97076"),
        ("8e-07::DOUBLE", "0.0000008"),
        ("0.1::FLOAT", "0.1"),
        ("0.123456789012::DECIMAL(38,12)", "0.123456789012"),
        ("7::BIGINT", "7"),
        ("'$1,000.50'", "1000.5"),
    ],
)
def test_money_keeps_the_digits_it_shows(store: Store, tmp_path: Path, value: str, amount: str) -> None:
    load(store, tmp_path / "a.parquet", EffectiveCost=value)
    assert one(store, "EffectiveCost") == Decimal(amount)


@pytest.mark.parametrize("value", ["'inf'::DOUBLE", "1e300::DOUBLE", "123456789012345678::BIGINT"])
def test_money_beyond_the_stores_digits_is_kept_out(store: Store, tmp_path: Path, value: str) -> None:
    report = load(store, tmp_path / "a.parquet", EffectiveCost=value)
    assert (report.accepted, report.quarantined) == (0, 1)


def test_digits_past_the_24th_decimal_of_a_float_are_reported(store: Store, tmp_path: Path) -> None:
    report = load(store, tmp_path / "a.parquet", EffectiveCost="1.2345678901234567e-9::DOUBLE")
    assert [(one.column, one.rows) for one in report.defects if one.defect == "rounded"] == [("EffectiveCost", 1)]


@pytest.mark.parametrize(
    "value", ["TIMESTAMPTZ '2026-10-02 05:00:00+02'", "'2026-10-02T03:00:00Z'", "TIMESTAMP_S '2026-10-02 03:00:00'"]
)
def test_times_of_any_type_are_utc(store: Store, tmp_path: Path, value: str) -> None:
    load(store, tmp_path / "a.parquet", ChargePeriodStart=value)
    assert one(store, "ChargePeriodStart") == datetime(2026, 10, 2, 3)


@pytest.mark.parametrize("value", ["MAP {'team': 'search'}", "{'team': 'search'}", '\'{"team":"search"}\'::JSON'])
def test_tags_of_any_type_become_json_text(store: Store, tmp_path: Path, value: str) -> None:
    load(store, tmp_path / "a.parquet", Tags=value)
    assert (one(store, "Tags"), one(store, "x_Team")) == ('{"team":"search"}', "search")
