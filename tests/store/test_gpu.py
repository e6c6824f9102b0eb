"""GPU segments: generations, joining of small ones, scopes, and what goes with a collection."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tools.domain.scope import Filter, Scope
from tools.store import Store
from tools.store.gpu import MOST_SMALL
from tools.store.writer import GpuPart, GpuPlan

START = datetime(2026, 10, 1)


def add(store: Store, first_minute: int, count: int, *, source: str = "live", team: str = "ml", host: str = "h") -> int:
    """Samples a minute apart, whose SM activity is the minute over a thousand; gives the rows they replaced."""
    time = f"TIMESTAMP '{START}' + to_minutes(CAST({first_minute} + i AS INTEGER))"
    select = (
        f'SELECT {time} AS "Time", \'{host}\' AS "Host", \'0\' AS "Gpu", \'\' AS "Mig", '
        f'CAST(({first_minute} + i) / 1000.0 AS FLOAT) AS "SmActive", \'{team}\' AS "x_Team" FROM range({count}) r(i)'
    )
    with store.writer() as writer:
        return writer.commit_gpu(GpuPlan([GpuPart(source, select)], read=count)).replaced


def read(store: Store, sql: str) -> list[tuple[Any, ...]]:
    return list(store.snapshot().query(sql).rows)


def test_samples_that_keep_coming_stay_few_files_and_whole_hours(store: Store) -> None:
    for minute in range(0, 180, 4):
        add(store, minute, 4)
    assert len(store.snapshot().manifest.gpu) <= MOST_SMALL
    found = read(
        store, 'SELECT "Samples", "CoveredSeconds", "SmActiveMin", "SmActiveMax" FROM gpu_hours ORDER BY "Hour"'
    )
    assert [(n, seconds) for n, seconds, *_ in found] == [(60, 3600.0)] * 3
    assert [round(low, 3) for _, _, low, _ in found] == [0.0, 0.06, 0.12]
    assert [round(high, 3) for *_, high in found] == [0.059, 0.119, 0.179]


def test_an_earlier_generation_still_reads_what_it_held(store: Store) -> None:
    add(store, 0, 60)
    add(store, 0, 30)
    add(store, 60, 30)
    counted = [store.snapshot(number).query("SELECT count(*) FROM gpu_samples").rows[0][0] for number in (1, 2, 3)]
    assert counted == [60, 60, 90]


def test_a_scope_sees_its_own_gpus_only(store: Store, tmp_path: Path) -> None:
    add(store, 0, 60, source="a", team="ml", host="h1")
    add(store, 0, 60, source="b", team="ads", host="h2")
    mine = Store(store.path, scope=Scope(filters=(Filter(dimension="x_Team", values=("ads",)),)))
    assert read(mine, 'SELECT DISTINCT "Host" FROM gpu_hours') == [("h2",)]
    assert read(mine, 'SELECT DISTINCT "Host" FROM gpu_samples') == [("h2",)]
    assert mine.snapshot().gpu_sources == ("b",)
    nobody = Store(store.path, scope=Scope(filters=(Filter(dimension="SubAccountId", values=("1",)),)))
    assert read(nobody, "SELECT count(*) FROM gpu_hours") == [(0,)]


def test_a_collection_removes_the_samples_that_no_kept_generation_names(store: Store) -> None:
    for _ in range(25):
        add(store, 0, 10)
    store.gc(now=datetime.now(UTC) + timedelta(days=400))
    named = {one.id for number in range(6, 26) for one in store.snapshot(number).manifest.gpu}
    assert {path.name for path in (store.path / "gpu").iterdir()} == named
    assert len(named) == 20


def test_other_loads_keep_the_samples(store: Store) -> None:
    from tests.store.staged import Charge, load

    add(store, 0, 60)
    load(store, [Charge(START.date(), "1")])
    assert read(store, "SELECT count(*) FROM gpu_samples") == [(60,)]
    assert store.summary().gpu[0].rows == 60


def test_minutes_are_rolled_up_when_asked(store: Store) -> None:
    add(store, 0, 3)
    found = read(store, 'SELECT "Minute", "Samples", "SmActiveMax" FROM gpu_minutes ORDER BY 1')
    assert [(minute, n) for minute, n, _ in found] == [(START + timedelta(minutes=n), 1) for n in range(3)]


@settings(max_examples=15)
@given(st.lists(st.tuples(st.integers(0, 300), st.integers(1, 150)), min_size=1, max_size=6))
def test_the_hours_are_those_of_the_samples_that_came_last(tmp_path_factory: Any, loads: list[tuple[int, int]]) -> None:
    store = Store(tmp_path_factory.mktemp("gpu") / "store")
    held: dict[int, int] = {}
    for number, (first, count) in enumerate(loads):
        replaced = add(store, first, count, team=f"t{number}")
        assert replaced == sum(first <= minute < first + count for minute in held)
        held |= dict.fromkeys(range(first, first + count), number)
    found = read(store, 'SELECT "Hour", "x_Team", "Samples", "SmActiveMean" FROM gpu_hours')
    expected: dict[tuple[datetime, str], list[int]] = {}
    for minute, number in held.items():
        expected.setdefault((START + timedelta(hours=minute // 60), f"t{number}"), []).append(minute)
    assert {(hour, team): n for hour, team, n, _ in found} == {key: len(one) for key, one in expected.items()}
    for hour, team, n, mean in found:
        assert abs(mean - sum(expected[hour, team]) / n / 1000) < 1e-6
