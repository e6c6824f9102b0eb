"""The demo company's GPU samples: they agree with the bills, and no file gives their truth away."""

import csv
from collections import defaultdict

import pyarrow.parquet as pq
import pytest

from tools.demo import World
from tools.demo.gpu_machines import LOST_HOURS, gpu_truth

pytestmark = pytest.mark.slow


def hours(world: World) -> dict[str, dict[str, set[str]]]:
    """Host → GPU → the hours that have a sample."""
    found: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    table = pq.read_table(world.folder / "gpus" / "samples.parquet", columns=["host", "gpu", "time"])
    for row in table.to_pylist():
        found[row["host"]][row["gpu"]].add(f"{row['time']:%Y-%m-%d %H}")
    return found


def test_a_rented_node_has_samples_on_the_days_that_it_is_charged(world: World) -> None:
    charged: dict[str, set[str]] = defaultdict(set)
    with (world.folder / "bills" / "nordhaven" / "nordhaven_focus_1_3.csv").open() as file:
        for row in csv.DictReader(file):
            if row["ConsumedUnit"] == "Hours":
                charged[row["ResourceId"]].add(row["ChargePeriodStart"][:10])
    sampled = hours(world)
    for host in (name for name in sampled if name.startswith("nh-")):
        days = {hour[:10] for hour in sampled[host]["0"]}
        assert days <= charged[host]
        full = len(days) * 24 - (LOST_HOURS[1] - LOST_HOURS[0] if host == "nh-a05" else 0)
        assert full - 24 <= len(sampled[host]["0"]) <= full + 24


def test_every_machine_that_does_nothing_has_samples_and_no_file_names_its_state(world: World, texts: str) -> None:
    sampled = hours(world)
    for one in gpu_truth():
        assert one.host in sampled
    assert "zombie" not in texts


def test_a_gpu_of_an_idle_node_draws_no_more_than_its_idle_power(world: World) -> None:
    table = pq.read_table(world.folder / "gpus" / "samples.parquet", filters=[("host", "=", "nh-c13")])
    last = sorted(table.to_pylist(), key=lambda row: row["time"])[-8:]
    assert {row["sm_active"] for row in last} == {0.0}
    assert max(row["power_watts"] for row in last) < 80
