"""The demo world in a store: what the files say is what the store holds."""

import csv
import gzip
from decimal import Decimal
from pathlib import Path

import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from tests.demo.conftest import TODAY
from tools.demo import ensure_demo
from tools.store import Store

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the world built and loaded, as `outlay demo` leaves it."""
    home = tmp_path_factory.mktemp("home")
    ensure_demo(Store(home / "store"), home / "demo", today=TODAY)
    return home


def test_every_row_is_loaded_and_there_are_two_million(home: Path) -> None:
    snapshot = Store(home / "store").snapshot()
    assert snapshot.query("SELECT count(*) FROM quarantine").rows[0][0] == 0
    assert snapshot.query("SELECT count(*) FROM charges").rows[0][0] >= 2_000_000


def test_billed_cost_in_the_store_is_the_sum_of_the_bills(home: Path) -> None:
    rows = Store(home / "store").snapshot().query('SELECT x_Source, sum("BilledCost") FROM charges GROUP BY 1').rows
    held = {source: total for source, total in rows if total is not None}
    assert held == {path.name: _billed(path) for path in (home / "demo" / "bills").iterdir()}


def test_an_estimate_fills_no_billed_cost(home: Path) -> None:
    sql = "SELECT count(*) FROM charges WHERE x_CostBasis = 'estimate' AND \"BilledCost\" IS NOT NULL"
    assert Store(home / "store").snapshot().query(sql).rows[0][0] == 0


def test_the_second_demo_loads_nothing(home: Path) -> None:
    store = Store(home / "store")
    generation = store.snapshot().generation
    world = ensure_demo(store, home / "demo", today=TODAY)
    assert not world.built
    assert store.snapshot().generation == generation


def _billed(folder: Path) -> Decimal:
    parquet = [Decimal(pc.sum(pq.read_table(path)["BilledCost"]).as_py()) for path in folder.rglob("*.parquet")]
    text = [_billed_csv(path) for path in (*folder.glob("*.csv"), *folder.glob("*.csv.gz"))]
    return sum([*parquet, *text], Decimal(0))


def _billed_csv(path: Path) -> Decimal:
    with gzip.open(path, "rt") if path.suffix == ".gz" else path.open() as file:
        return sum((Decimal(row["BilledCost"]) for row in csv.DictReader(file)), Decimal(0))
