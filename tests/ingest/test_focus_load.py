"""Loading FOCUS files: sources, parts, reloads, files under other names."""

import gzip
import shutil
from decimal import Decimal, localcontext
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.ingest.bills import bill
from tools.domain.errors import BadInput
from tools.domain.load import Progress
from tools.ingest.focus import load_focus
from tools.store import Store


def effective(store: Store, where: str = "true") -> Decimal | None:
    return store.snapshot().query(f'SELECT sum("EffectiveCost") FROM charges WHERE {where}').rows[0][0]  # type: ignore[no-any-return]


def test_a_bill_is_named_after_its_issuer_and_account(store: Store, tmp_path: Path) -> None:
    report = load_focus(store, [bill(tmp_path / "any.csv")])
    assert (report.read, report.accepted, report.quarantined) == (1, 1, 0)
    assert (report.sources, report.periods, report.defects) == (("AWS/42",), ("2026-10-01",), ())


def test_a_named_source_wins(store: Store, tmp_path: Path) -> None:
    assert load_focus(store, [bill(tmp_path / "a.csv")], source="mine").sources == ("mine",)


def test_the_same_bill_under_another_name_replaces_itself(store: Store, tmp_path: Path) -> None:
    first = bill(tmp_path / "first.csv")
    load_focus(store, [first])
    report = load_focus(store, [shutil.copy(first, tmp_path / "second.csv")])
    assert (effective(store), report.replaced) == (Decimal("9.5"), 1)


def test_a_renamed_copy_of_a_file_without_issuer_keeps_its_source(store: Store, tmp_path: Path) -> None:
    bare = ("InvoiceIssuerName", "BillingAccountId", "ServiceProviderName")
    first = bill(tmp_path / "first.csv", without=bare)
    assert load_focus(store, [first]).sources == ("first",)
    assert load_focus(store, [shutil.copy(first, tmp_path / "second.csv")]).sources == ("first",)
    assert effective(store) == Decimal("9.5")


def test_a_folder_of_parts_is_one_load(store: Store, tmp_path: Path) -> None:
    folder = tmp_path / "export" / "2026-10"
    folder.mkdir(parents=True)
    bill(folder / "part-1.csv", {"EffectiveCost": "1"})
    bill(folder / "part-2.csv", {"EffectiveCost": "2"})
    with gzip.open(folder / "part-3.csv.gz", "wb") as file:
        file.write(bill(tmp_path / "loose.csv", {"EffectiveCost": "4"}).read_bytes())
    assert load_focus(store, [tmp_path / "export"]).accepted == 3
    assert load_focus(store, [str(tmp_path / "export" / "**" / "*.csv*")]).replaced == 3
    assert effective(store) == Decimal(7)


def test_one_content_under_two_names_counts_once(store: Store, tmp_path: Path) -> None:
    first = bill(tmp_path / "bill.csv")
    copy = shutil.copy(first, tmp_path / "bill copy.csv")
    report = load_focus(store, [first, copy])
    assert report.read == 1
    assert "bill.csv holds the same as bill copy.csv and was loaded once" in [one.detail for one in report.defects]


def test_one_bill_in_two_formats_is_refused(store: Store, tmp_path: Path) -> None:
    path = bill(tmp_path / "bill.csv")
    with store.writer() as writer:
        writer.execute(f"COPY (SELECT * FROM read_csv('{path}')) TO '{tmp_path / 'bill.parquet'}' (FORMAT parquet)")
    with pytest.raises(BadInput, match="look like one bill in two formats"):
        load_focus(store, [path, tmp_path / "bill.parquet"])


def test_a_restated_month_replaces_only_itself(store: Store, tmp_path: Path) -> None:
    september = {"BillingPeriodStart": "2026-09-01", "ChargePeriodStart": "2026-09-05", "EffectiveCost": "3"}
    load_focus(store, [bill(tmp_path / "both.csv", september, {"EffectiveCost": "4"})])
    load_focus(store, [bill(tmp_path / "october.csv", {"EffectiveCost": "40"})])
    assert effective(store) == Decimal(43)


def test_one_refused_file_refuses_the_whole_load(store: Store, tmp_path: Path) -> None:
    good = bill(tmp_path / "good.csv")
    (tmp_path / "bad.csv").write_text("a,b\n1,2\n")
    with pytest.raises(BadInput, match=r"bad\.csv is not a FOCUS file"):
        load_focus(store, [good, tmp_path / "bad.csv"])
    assert store.snapshot().generation == 0


def test_an_estimate_never_fills_billed_cost(store: Store, tmp_path: Path) -> None:
    report = load_focus(store, [bill(tmp_path / "gateway.csv", {"EffectiveCost": ""})], basis="estimate")
    assert store.snapshot().query('SELECT "BilledCost", "EffectiveCost" FROM charges').rows == [(None, Decimal(10))]
    assert "an estimate fills EffectiveCost, never BilledCost" in [defect.detail for defect in report.defects]
    assert report.sources == ("AWS/42 [estimate]",)


def test_progress_ends_with_every_row(store: Store, tmp_path: Path) -> None:
    seen: list[Progress] = []
    load_focus(store, [bill(tmp_path / "a.csv", {}, {})], progress=seen.append)
    assert seen[-1] == Progress("done", 2, 2)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    amounts=st.lists(st.decimals(-(10**9), 10**9, allow_nan=False, places=20), min_size=1, max_size=12),
    cuts=st.lists(st.integers(0, 12), max_size=3),
)
def test_however_a_bill_is_split_into_parts_its_total_is_the_exact_sum(
    tmp_path_factory: pytest.TempPathFactory, amounts: list[Decimal], cuts: list[int]
) -> None:
    folder = tmp_path_factory.mktemp("parts")
    store = Store(folder / "store")
    edges = sorted({0, len(amounts), *(cut for cut in cuts if cut < len(amounts))})
    parts = [
        bill(
            folder / f"part-{start}.csv",
            *({"EffectiveCost": str(one), "ResourceId": str(i)} for i, one in enumerate(amounts[start:end], start)),
        )
        for start, end in pairwise(edges)
    ]
    report = load_focus(store, parts)
    assert report.read == report.accepted == len(amounts)
    with localcontext(prec=76):
        assert effective(store) == sum(amounts)
