"""Readers pin a generation; crashes leave the old one; old ones go when nobody needs them."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from tests.store.staged import Charge, load, total
from tools.domain.errors import StoreFault
from tools.store import Retention, Store

OCTOBER = date(2026, 10, 3)


def test_a_store_that_was_never_written_is_empty(store: Store) -> None:
    snapshot = store.snapshot()
    assert snapshot.query("SELECT count(*) FROM charges").rows == [(0,)]
    assert snapshot.query("SELECT count(*) FROM daily WHERE x_CountsForCost").rows == [(0,)]
    assert (snapshot.loaded_through, snapshot.sources, snapshot.values("ServiceName")) == (None, (), ())
    assert not store.path.exists()


def test_a_pinned_reader_sees_its_generation_after_a_load(store: Store) -> None:
    load(store, [Charge(OCTOBER, "1")])
    pinned = store.snapshot()
    load(store, [Charge(OCTOBER, "2")])
    assert pinned.query('SELECT sum("EffectiveCost") FROM charges').rows == [(Decimal(1),)]
    assert total(store) == Decimal(2)


def test_a_generation_can_be_read_again_by_its_number(store: Store) -> None:
    first = load(store, [Charge(OCTOBER, "1")]).generation
    load(store, [Charge(OCTOBER, "2")])
    assert store.snapshot(first).query('SELECT sum("EffectiveCost") FROM daily').rows == [(Decimal(1),)]


def test_a_generation_that_is_gone_is_named(store: Store) -> None:
    load(store, [Charge(OCTOBER, "1")])
    with pytest.raises(StoreFault, match="generation 7 of the store is gone"):
        store.snapshot(7)


def test_the_snapshot_is_the_same_object_while_the_generation_is_current(store: Store) -> None:
    load(store, [Charge(OCTOBER, "1")])
    assert store.snapshot() is store.snapshot()


def test_a_failed_load_leaves_the_store_and_no_rubbish(store: Store) -> None:
    load(store, [Charge(OCTOBER, "1")])
    with pytest.raises(RuntimeError, match="power cut"):
        _stage_and_fail(store)
    assert total(store) == Decimal(1)
    assert list((store.path / "staging").iterdir()) == []


def test_what_a_killed_writer_left_is_removed_by_the_next_one(store: Store) -> None:
    load(store, [Charge(OCTOBER, "1")])
    for rubbish in ("staging/x/part.parquet", "segments/orphan/charges.parquet", "generations/00000099.json"):
        path = store.path / rubbish
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"half")
    load(store, [Charge(OCTOBER, "2")])
    assert total(store) == Decimal(2)
    assert not (store.path / "staging/x").exists()
    assert not (store.path / "segments/orphan").exists()
    assert not (store.path / "generations/00000099.json").exists()


def test_an_old_generation_goes_with_its_segments_once_it_is_past_its_retention(tmp_path: Path) -> None:
    store = Store(tmp_path / "store", retention=Retention(days=30, generations=1))
    for amount in ("1", "2", "3"):
        load(store, [Charge(OCTOBER, amount)])
    assert store.gc().generations == 0
    gone = store.gc(now=datetime.now(UTC) + timedelta(days=31))
    assert (gone.generations, gone.segments) == (2, 2)
    assert total(store) == Decimal(3)
    with pytest.raises(StoreFault, match="is gone"):
        store.snapshot(1)


def test_the_last_generations_stay_however_old_they_are(store: Store) -> None:
    for amount in ("1", "2"):
        load(store, [Charge(OCTOBER, amount)])
    assert store.gc(now=datetime.now(UTC) + timedelta(days=4000)).generations == 0
    assert store.snapshot(1).query("SELECT count(*) FROM charges").rows == [(1,)]


def test_a_damaged_manifest_is_named(store: Store) -> None:
    load(store, [Charge(OCTOBER, "1")])
    (store.path / "generations/00000001.json").write_text("{")
    with pytest.raises(StoreFault, match="damaged"):
        Store(store.path).snapshot()


def test_a_store_of_a_newer_version_asks_for_an_upgrade(store: Store) -> None:
    load(store, [Charge(OCTOBER, "1")])
    path = store.path / "generations/00000001.json"
    path.write_text(path.read_text().replace('"schema_version":3', '"schema_version":4'))
    with pytest.raises(StoreFault, match="upgrade outlay"):
        Store(store.path).snapshot()


def test_a_second_writer_that_waited_too_long_says_so(tmp_path: Path) -> None:
    store = Store(tmp_path / "store", lock_patience_seconds=0.05)
    waiting = Store(tmp_path / "store", lock_patience_seconds=0.05)
    with store.writer(), pytest.raises(StoreFault, match="another load has held"), waiting.writer():
        pass


def test_a_file_that_went_missing_is_a_fault_of_the_store(store: Store) -> None:
    load(store, [Charge(OCTOBER, "1")])
    for path in (store.path / "segments").rglob("charges.parquet"):
        path.unlink()
    with pytest.raises(StoreFault, match="gone or damaged"):
        store.snapshot().query("SELECT * FROM charges")


def _stage_and_fail(store: Store) -> None:
    with store.writer() as writer:
        writer.execute("CREATE TABLE rows AS SELECT 1")
        raise RuntimeError("power cut")
