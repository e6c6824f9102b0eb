"""Ad hoc SQL runs in a process that can do nothing but read a copy of the rollup, and ends whatever it does."""

from datetime import date
from pathlib import Path

import pytest

from tests.semantic.bill import charge
from tests.store.scopes import load_bill
from tools.domain.errors import BadRequest, StoreFault
from tools.domain.scope import Filter, Scope
from tools.store import Snapshot, Store
from tools.store.sandbox import Sandbox, SandboxLimits

SHORT = SandboxLimits(seconds=0.5, grace_seconds=0.5, memory_megabytes=128, spare_megabytes=256)


@pytest.fixture
def snapshot(tmp_path: Path) -> Snapshot:
    days = [date(2026, 10, 1 + n % 28) for n in range(60)]
    bill = [charge(day, f"{n}.1", x_Team=("ads", "risk")[n % 2]) for n, day in enumerate(days)]
    return load_bill(tmp_path, bill, bill).snapshot()


def test_it_holds_a_copy_of_what_the_asker_may_see(snapshot: Snapshot, tmp_path: Path) -> None:
    scoped = Store(tmp_path / "store", scope=Scope(filters=(Filter(dimension="x_Team", values=("ads",)),))).snapshot()
    with snapshot.sandbox() as whole, scoped.sandbox() as part:
        sql = "SELECT x_Team, sum(x_Rows), sum(EffectiveCost) FROM daily GROUP BY 1 ORDER BY 1"
        assert whole.run(sql).rows == tuple(snapshot.query(sql).rows)
        assert [row[0] for row in part.run(sql).rows] == ["ads"]


def test_money_stays_exact(snapshot: Snapshot) -> None:
    with snapshot.sandbox() as sandbox:
        found = sandbox.run("SELECT sum(EffectiveCost) AS spend, avg(EffectiveCost) AS mean FROM daily")
    assert found.types == ("DECIMAL(38,24)", "DOUBLE")
    assert str(found.rows[0][0]) == "1776.000000000000000000000000"
    assert isinstance(found.rows[0][1], float)


def test_a_good_statement_needs_no_memory_for_a_thread_of_its_own(snapshot: Snapshot) -> None:
    little = SHORT.model_copy(update={"spare_megabytes": 4})
    with snapshot.sandbox(little) as sandbox:
        assert sandbox.run("SELECT count(*) FROM daily").rows == tuple(
            snapshot.query("SELECT count(*) FROM daily").rows
        )


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM read_text('/etc/hostname')",
        "SELECT * FROM '/etc/hostname'",
        "COPY daily TO '{folder}/out.csv'",
        "ATTACH '{folder}/out.db'",
        "SET enable_external_access = true",
        "SET lock_configuration = false",
        "INSTALL httpfs",
        "CREATE TABLE t AS SELECT 1",
        "DELETE FROM daily",
        "WITH gone AS (DELETE FROM daily RETURNING *) SELECT * FROM gone",
        "SELECT 1; SELECT 2",
    ],
)
def test_what_would_leave_it_is_refused_even_without_a_guard(snapshot: Snapshot, tmp_path: Path, sql: str) -> None:
    with snapshot.sandbox(SHORT) as sandbox, pytest.raises(BadRequest):
        sandbox.run(sql.format(folder=tmp_path))
    assert not list(tmp_path.glob("out*"))


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT count(*) FROM range(100000) a, range(100000) b, range(100000) c, daily",
        "SELECT len(range(1000000000))",
        "SELECT length(repeat('x', 2000000000))",
        "SELECT levenshtein(repeat('a', 60000), repeat('b', 60000))",
    ],
)
def test_what_takes_too_long_or_too_much_is_stopped_and_the_next_one_runs(snapshot: Snapshot, sql: str) -> None:
    with snapshot.sandbox(SHORT) as sandbox:
        with pytest.raises(BadRequest, match=r"stopped|more memory"):
            sandbox.run(sql)
        assert sandbox.run("SELECT sum(x_Rows) FROM daily").rows == ((60,),)


def test_no_progress_is_written_between_the_answers(snapshot: Snapshot) -> None:
    with snapshot.sandbox() as sandbox:
        assert sandbox.run("SELECT CAST(current_setting('enable_progress_bar') AS VARCHAR)").rows == (("false",),)


def test_rows_and_cells_are_capped(snapshot: Snapshot) -> None:
    limits = SandboxLimits(rows=10, cell_characters=20)
    with snapshot.sandbox(limits) as sandbox:
        found = sandbox.run("SELECT 'a' || repeat('b', 50) FROM daily")
    assert (len(found.rows), found.is_cut) == (10, True)
    assert found.rows[0][0] == "a" + "b" * 19 + "…"


def test_a_copy_that_can_not_be_made_is_a_fault_of_the_store() -> None:
    with pytest.raises(StoreFault, match="could not be made"), Sandbox(["SELECT * FROM nowhere"], SHORT):
        raise AssertionError("it was entered")
