"""A scoped store is a store that was loaded with only the permitted rows."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from tests.semantic.bill import charge
from tests.store.scopes import load_bill, mixed_bill, permitted, random_scope
from tools.domain.scope import Filter, Scope
from tools.store import Retention, Snapshot, Store
from tools.store.summary import quarantined_rows, summarise

QUERIES = (
    'SELECT * EXCLUDE ("ChargeDay") FROM charges ORDER BY ALL',
    "SELECT * FROM daily ORDER BY ALL",
    "SELECT * FROM vocabulary ORDER BY ALL",
    "SELECT file, reason, money, row FROM quarantine ORDER BY ALL",
)
ADS = Scope(filters=(Filter(dimension="x_Team", values=("ads",)),))


def scoped(store: Store, scope: Scope) -> Store:
    return Store(store.path, scope=scope)


def told(snapshot: Snapshot) -> dict[str, Any]:
    """Everything that a snapshot says besides its rows."""
    summary = summarise(snapshot).model_dump(exclude={"loads", "size_bytes", "generation", "quarantined"})
    return summary | {
        "columns": snapshot.columns,
        "rollup": snapshot.rollup_columns,
        "tags": snapshot.tag_keys(),
        "words": {name: snapshot.values(name) for name in (*snapshot.columns, "tag:env")},
        "exclusions": snapshot.exclusions,
        "quarantined": [one.reasons for one in summarise(snapshot).quarantined],
        "kept out": quarantined_rows(snapshot, 50),
    }


@pytest.mark.parametrize("seed", range(12))
def test_what_a_scope_shows_is_what_a_load_of_only_its_rows_would_show(tmp_path: Path, seed: int) -> None:
    bill, scope = mixed_bill(seed), random_scope(seed)
    inside = permitted(bill, scope)
    seen = scoped(load_bill(tmp_path / "whole", bill, bill), scope).snapshot()
    alone = load_bill(tmp_path / "alone", inside, bill).snapshot()
    for sql in QUERIES:
        assert seen.query(sql).rows == alone.query(sql).rows
    assert told(seen) == told(alone)


def test_a_newer_load_narrows_only_its_own_segments(tmp_path: Path) -> None:
    first = [charge(date(2026, 9, 5), "10", x_Team="ads"), charge(date(2026, 10, 5), "1", x_Team="ads")]
    store = load_bill(tmp_path, first, first)
    seen = scoped(store, ADS)
    before = {one.id for one in seen.snapshot().manifest.segments}
    load_bill(tmp_path, [charge(date(2026, 10, 5), "2", x_Team="ads")], first)
    after = seen.snapshot()
    assert len(before & {one.id for one in after.manifest.segments}) == 1
    assert after.query("SELECT sum(EffectiveCost) FROM daily").rows == [(12,)]


def test_a_pinned_scope_keeps_its_rows_while_newer_ones_are_loaded(tmp_path: Path) -> None:
    bill = [charge(date(2026, 10, 5), "1", x_Team="ads")]
    store = load_bill(tmp_path, bill, bill)
    pinned = scoped(store, ADS).snapshot()
    load_bill(tmp_path, [charge(date(2026, 10, 5), "2", x_Team="ads")], bill)
    assert pinned.query("SELECT sum(EffectiveCost) FROM charges").rows == [(1,)]


def test_what_a_scope_kept_goes_with_its_generation(tmp_path: Path) -> None:
    bill = [charge(date(2026, 10, 5), "1", x_Team="ads")]
    store = load_bill(tmp_path, bill, bill)
    seen = scoped(store, ADS)
    old = {one.id for one in seen.snapshot().manifest.segments}
    load_bill(tmp_path, [charge(date(2026, 10, 5), "2", x_Team="ads")], bill)
    seen.snapshot()
    Store(store.path, retention=Retention(days=0, generations=1, grace_hours=0)).gc()
    kept = {path.name for path in (store.path / "scoped").glob("*/segments/*")}
    assert kept
    assert not kept & old
    Store(store.path, retention=Retention(days=0, generations=1, grace_hours=0)).gc()
    assert seen.snapshot().query("SELECT sum(EffectiveCost) FROM daily").rows == [(2,)]


def test_a_half_made_narrowing_is_made_again(tmp_path: Path) -> None:
    bill = [charge(date(2026, 10, 5), "1", x_Team="ads"), charge(date(2026, 10, 5), "5", x_Team="risk")]
    store = load_bill(tmp_path, bill, bill)
    scoped(store, ADS).snapshot()
    for manifest in (store.path / "scoped").glob("*/generations/*"):
        manifest.unlink()
    assert scoped(store, ADS).snapshot().query("SELECT sum(EffectiveCost) FROM daily").rows == [(1,)]


def test_an_empty_store_is_empty_in_every_scope(tmp_path: Path) -> None:
    assert Store(tmp_path / "store", scope=ADS).snapshot().loaded_through is None


@pytest.mark.parametrize("name", ["EffectiveCost", "Tags", "ChargePeriodStart", "Team", "tag:", "x_"])
def test_a_scope_goes_by_text_columns_and_tags(name: str) -> None:
    with pytest.raises(ValidationError, match="can't be what a scope goes by"):
        Scope(filters=(Filter(dimension=name, values=("a",)),))


def test_a_scope_without_values_is_refused() -> None:
    with pytest.raises(ValidationError, match="lists the values"):
        Scope(filters=(Filter(dimension="x_Team", values=()),))


def test_a_narrower_scope_is_covered_and_a_wider_one_is_not() -> None:
    both = Scope(filters=(Filter(dimension="x_Team", values=("ads", "risk")),))
    assert both.covers(ADS)
    assert not ADS.covers(both)
    assert Scope().covers(ADS)
    assert not ADS.covers(Scope())
