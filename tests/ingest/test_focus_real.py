"""The real and the published files: totals from the store equal a plain sum of the text."""

import csv
from decimal import Decimal
from pathlib import Path

import pytest

from tests.paths import shared_data
from tools.ingest.focus import load_focus
from tools.store import Store

pytestmark = pytest.mark.data
SPECIFICATION = ("focus_spec", "examples")


def plain_sum(path: Path, column: str) -> tuple[int, Decimal]:
    """Rows and total of a CSV column, read with nothing but the csv module and Decimal."""
    rows, total = 0, Decimal(0)
    with path.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            rows += 1
            text = (row.get(column) or "").strip().replace("$", "").replace(",", "")
            if text and text.lower() != "null":
                total += Decimal(text)
    return rows, total


def assert_totals(store: Store, path: Path) -> None:
    report = load_focus(store, [path], source=path.stem)
    assert report.read == report.accepted + report.quarantined
    for column in ("BilledCost", "EffectiveCost"):
        rows, total = plain_sum(path, column)
        assert report.read == rows
        for table in ("charges", "daily"):
            found = (
                store.snapshot().query(f'SELECT sum("{column}") FROM {table} WHERE "x_Source" = ?', [path.stem]).rows
            )
            assert found == [(total,)], (path.name, column, table)


def test_each_example_of_the_specification_adds_up(store: Store) -> None:
    files = sorted((shared_data("focus_spec") / "examples").glob("*.csv"))
    assert files
    for path in files:
        assert_totals(store, path)


def test_each_synthetic_bill_adds_up(store: Store) -> None:
    for path in sorted(shared_data("focus_synthetic_1_2_1_3").glob("*.csv")):
        assert_totals(store, path)


@pytest.mark.parametrize("name", ["focus_sample.csv", "focus_sample.parquet"])
def test_the_real_sample_has_its_published_totals(store: Store, name: str) -> None:
    report = load_focus(store, [shared_data("focus_1_0_sample") / name])
    assert (report.read, report.accepted) == (575, 575)
    billed = 'SELECT "HostProviderName", sum("BilledCost") FROM daily GROUP BY 1 ORDER BY 1'
    assert store.snapshot().query(billed).rows == [
        ("AWS", Decimal("4.5798154128")),
        ("Microsoft", Decimal("1.96579371923")),
        ("Oracle", Decimal("0.444")),
    ]


def test_csv_and_parquet_of_the_real_sample_agree_row_by_row(store: Store) -> None:
    folder = shared_data("focus_1_0_sample")
    load_focus(store, [folder / "focus_sample.csv"], source="csv")
    load_focus(store, [folder / "focus_sample.parquet"], source="parquet")
    costs = '"BilledCost", "EffectiveCost", "ListCost", "ContractedCost", "ListUnitPrice", "ConsumedQuantity", "x_Id"'
    query = f'SELECT {costs} FROM charges WHERE "x_Source" = ? ORDER BY "x_Id"'
    assert store.snapshot().query(query, ["csv"]).rows == store.snapshot().query(query, ["parquet"]).rows


def test_the_folder_of_the_sample_is_refused_because_it_holds_one_bill_twice(store: Store) -> None:
    from tools.domain.errors import BadInput

    with pytest.raises(BadInput, match="one bill in two formats"):
        load_focus(store, [shared_data("focus_1_0_sample")])
