"""Records beside the charges: pinned, replaced, narrowed and collected like segments."""

import json
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from tests.store.staged import Charge, load, total
from tools.domain.errors import StoreFault
from tools.domain.scope import Filter, Scope
from tools.ingest.records import load_all_records, load_records
from tools.store import RecordPlan, Retention, Store

HEADER = "name,x_Team,start,end,amount,currency\n"


def budgets(store: Store, *lines: str, source: str = "plan") -> None:
    path = store.path.parent / "plan.csv"
    path.write_text(HEADER + "\n".join(lines) + "\n")
    load_records(store, "budgets", [path], source=source)


def test_records_are_read_typed_and_as_a_table(store: Store) -> None:
    budgets(store, "search,search,2026-10-01,2026-11-01,100.10,USD")
    (one,) = store.snapshot().records("budgets")
    assert (one.name, one.start, one.end, one.amount) == (
        "search", date(2026, 10, 1), date(2026, 11, 1), Decimal("100.1"),
    )  # fmt: skip
    assert one.slice == {"x_Team": "search"}
    rows = store.snapshot().query('SELECT "Amount", "Slice"[\'x_Team\'] FROM budgets').rows
    assert rows == [(Decimal("100.1"), "search")]


def test_a_store_without_records_has_empty_tables(store: Store) -> None:
    load(store, [Charge(date(2026, 10, 3), "1")])
    assert store.snapshot().records("events") == ()
    assert store.snapshot().query("SELECT count(*) FROM owners").rows == [(0,)]


def test_charges_and_records_outlive_each_others_loads(store: Store) -> None:
    load(store, [Charge(date(2026, 10, 3), "1")])
    budgets(store, "search,search,2026-10-01,2026-11-01,100,USD")
    assert total(store) == Decimal(1)
    load(store, [Charge(date(2026, 10, 3), "2")])
    assert len(store.snapshot().records("budgets")) == 1
    assert len(store.summary().loads) == 2


def test_a_pinned_reader_keeps_its_records(store: Store) -> None:
    budgets(store, "search,search,2026-10-01,2026-11-01,100,USD")
    pinned = store.snapshot()
    budgets(store, "search,search,2026-10-01,2026-11-01,200,USD")
    assert [one.amount for one in pinned.records("budgets")] == [Decimal(100)]
    assert [one.amount for one in store.snapshot().records("budgets")] == [Decimal(200)]


def test_a_source_replaces_itself_and_no_other(store: Store) -> None:
    budgets(store, "a,search,2026-10-01,2026-11-01,1,USD", source="one")
    budgets(store, "b,ads,2026-10-01,2026-11-01,2,USD", source="two")
    budgets(store, "c,ads,2026-10-01,2026-11-01,3,USD", source="one")
    assert {one.name for one in store.snapshot().records("budgets")} == {"b", "c"}


def test_old_record_files_go_with_the_generations_that_name_them(tmp_path: Path) -> None:
    store = Store(tmp_path / "store", retention=Retention(days=30, generations=1))
    for amount in (1, 2, 3):
        budgets(store, f"a,search,2026-10-01,2026-11-01,{amount},USD")
    assert store.gc(now=datetime.now(UTC) + timedelta(days=31)).records == 2
    assert len(list((store.path / "records").iterdir())) == 1
    assert len(store.snapshot().records("budgets")) == 1


def test_a_manifest_from_before_records_reads_as_having_none(store: Store) -> None:
    load(store, [Charge(date(2026, 10, 3), "1")])
    path = store.path / "generations/00000001.json"
    old = json.loads(path.read_text()) | {"schema_version": 1}
    del old["records"]
    path.write_text(json.dumps(old))
    reopened = Store(store.path)
    assert reopened.snapshot().records("budgets") == ()
    budgets(reopened, "a,search,2026-10-01,2026-11-01,1,USD")
    assert (total(reopened), len(reopened.snapshot().records("budgets"))) == (Decimal(1), 1)


def test_a_load_that_dies_before_it_is_published_leaves_nothing(store: Store) -> None:
    budgets(store, "a,search,2026-10-01,2026-11-01,1,USD")
    with pytest.raises(StoreFault, match="nothing was loaded"):
        _lose_rows(store)
    assert store.snapshot().generation == 1
    assert list((store.path / "staging").iterdir()) == []


def test_a_record_file_that_no_generation_names_is_removed_by_the_next_load(store: Store) -> None:
    budgets(store, "a,search,2026-10-01,2026-11-01,1,USD")
    (store.path / "records" / "orphan.parquet").write_bytes(b"half")
    budgets(store, "b,search,2026-10-01,2026-11-01,1,USD", source="two")
    assert not (store.path / "records" / "orphan.parquet").exists()
    assert len(store.snapshot().records("budgets")) == 2


def test_in_a_scope_only_records_certain_to_be_inside_are_there(store: Store) -> None:
    lines = ("all,,2026-10-01,2026-11-01,9,USD", "s,search,2026-10-01,2026-11-01,1,USD")
    budgets(store, *lines, "a,ads,2026-10-01,2026-11-01,2,USD")
    scope = Scope(filters=(Filter(dimension="x_Team", values=("search",)),))
    narrowed = Store(store.path, scope=scope)
    assert [one.name for one in narrowed.snapshot().records("budgets")] == ["s"]
    assert narrowed.snapshot().query("SELECT count(*) FROM budgets").rows == [(1,)]
    assert [one.rows for one in narrowed.summary().records] == [1]


def test_a_scope_by_another_dimension_sees_no_record_that_does_not_name_it(store: Store) -> None:
    budgets(store, "s,search,2026-10-01,2026-11-01,1,USD")
    scope = Scope(filters=(Filter(dimension="x_Project", values=("search",)),))
    narrowed = Store(store.path, scope=scope)
    assert narrowed.snapshot().records("budgets") == ()
    assert narrowed.summary().records == ()


def _lose_rows(store: Store) -> None:
    with store.writer() as writer:
        writer.execute(f"CREATE TABLE staged AS {writer.records('budgets')}")
        writer.commit_records(RecordPlan("budgets", "staged", read=5))


def test_a_load_of_records_keeps_the_names_of_the_charges_and_later_charges_leave_those_of_before(store: Store) -> None:
    load(store, [Charge(date(2026, 10, 3), "1", team="search")])
    budgets(store, "search,search,2026-10-01,2026-11-01,100,USD")
    before = store.snapshot()
    load(store, [Charge(date(2026, 10, 3), "1", team="growth")])
    assert list(before.values("x_Team")) == ["search"]
    assert list(store.snapshot(before.generation - 1).values("x_Team")) == ["search"]
    assert list(store.snapshot().values("x_Team")) == ["growth"]


def test_a_vocabulary_that_a_killed_writer_left_is_not_taken_for_the_next_generations(store: Store) -> None:
    load(store, [Charge(date(2026, 10, 3), "1", team="search")])
    after = store.snapshot().generation + 1
    (store.path / "generations" / f"{after:08d}.vocabulary.parquet").write_bytes(b"half")
    budgets(store, "search,search,2026-10-01,2026-11-01,100,USD")
    assert list(store.snapshot().values("x_Team")) == ["search"]


def test_several_kinds_are_loaded_while_the_store_is_held_once(store: Store) -> None:
    plan, events = store.path.parent / "plan.csv", store.path.parent / "events.csv"
    plan.write_text(HEADER + "search,search,2026-10-01,2026-11-01,100,USD\n")
    events.write_text("time,title\n2026-10-01T09:00:00Z,moved\n2026-10-02T09:00:00Z,moved back\n")
    reports = load_all_records(store, {"budgets": plan, "events": events})
    assert [one.accepted for one in reports] == [1, 2]
    assert (len(store.snapshot().records("budgets")), len(store.snapshot().records("events"))) == (1, 2)
