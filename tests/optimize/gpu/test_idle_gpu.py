"""Idle is said on joint evidence only, and its saving is what the next bill has less."""

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from tests.optimize.gpu.world import IDLE, WORK, Did, Machine, world
from tools.domain.recommendation import Recommendation
from tools.ingest.gpu import load_gpu
from tools.optimize.search import savings
from tools.registry import ToolContext
from tools.store import Store

LAST_WEEK = datetime(2026, 10, 25)


def found(ctx: ToolContext) -> dict[str, Recommendation]:
    return {one.target: one for one in savings(ctx, None, "idle_gpu").everything}


def test_a_machine_on_demand_that_does_nothing_saves_all_that_it_costs(tmp_path: Path) -> None:
    ctx = world(tmp_path, Machine("i-1", lambda *_: IDLE), Machine("i-2", lambda *_: WORK))
    assert list(found(ctx)) == ["i-1"]
    one = found(ctx)["i-1"]
    assert (one.saving, one.cash, one.exclusive) == (Decimal(744 * 20), "cash", {"i-1"})
    assert one.low is not None
    assert one.high is not None
    assert one.low <= one.saving <= one.high


def test_what_a_commitment_pays_for_frees_capacity_and_no_cash(tmp_path: Path) -> None:
    ctx = world(tmp_path, Machine("i-1", lambda *_: IDLE, committed=True))
    one = found(ctx)["i-1/rsv-1"]
    assert one.cash == "capacity"
    assert "nothing is saved until" in " ".join(one.evidence)
    assert savings(ctx, None, "idle_gpu").portfolio.saving == 0


def test_memory_held_without_work_is_a_zombie_and_a_loaded_endpoint_waits(tmp_path: Path) -> None:
    held, waits = Did(memory_gib=30), Did(memory_gib=30, requests=0)
    ctx = world(tmp_path, Machine("i-1", lambda *_: held), Machine("i-2", lambda *_: waits))
    assert "memory is held" in found(ctx)["i-1"].description
    assert "endpoint" in found(ctx)["i-2"].description


def test_an_endpoint_that_is_called_is_left_alone(tmp_path: Path) -> None:
    called = Did(memory_gib=30, requests=1)
    assert not found(world(tmp_path, Machine("i-1", lambda *_: called)))


def test_work_on_one_gpu_of_eight_keeps_the_machine(tmp_path: Path) -> None:
    assert not found(world(tmp_path, Machine("i-1", lambda _, gpu: WORK if gpu == 3 else IDLE)))


def test_a_gap_in_the_samples_is_no_idleness(tmp_path: Path) -> None:
    ctx = world(tmp_path, Machine("i-1", lambda hour, _: IDLE if hour < LAST_WEEK or hour.hour < 12 else None))
    assert not found(ctx)


def test_with_utilisation_alone_nothing_is_said_but_what_is_missing(tmp_path: Path) -> None:
    without = ("sm_active", "dram_active", "power_watts")
    ctx = world(tmp_path, Machine("i-1", lambda *_: IDLE), without=without)
    result = savings(ctx, None, "idle_gpu")
    assert not result.everything
    assert ["insufficient evidence" in need for need in result.missing.values()] == [True]


def test_samples_that_ended_long_ago_say_nothing_of_now(tmp_path: Path) -> None:
    ctx = world(tmp_path, Machine("i-1", lambda *_: IDLE))
    later = ToolContext(store=ctx.store, as_of=date(2026, 11, 20))
    result = savings(later, None, "idle_gpu")
    assert not result.everything
    assert "those loaded end on 2026-10-31" in next(iter(result.missing.values()))


def test_without_samples_the_lever_says_what_it_needs(tmp_path: Path) -> None:
    result = savings(world(tmp_path, Machine("i-1")), None, "idle_gpu")
    assert list(result.missing.values()) == ["GPU samples (outlay ingest gpu)"]


def test_a_tag_says_which_host_a_resource_is(tmp_path: Path) -> None:
    ctx = world(tmp_path, Machine("arn:machine:1", lambda *_: IDLE, host="gpu-7"))
    assert found(ctx)["arn:machine:1"].cash == "cash"


def test_a_host_that_no_charge_names_is_owned_and_saves_its_power(tmp_path: Path) -> None:
    ctx = world(tmp_path, Machine("i-1", lambda *_: WORK))
    (tmp_path / "own").mkdir()
    world(tmp_path / "own", Machine("own-1", lambda *_: IDLE))
    store = Store(tmp_path / "store")
    load_gpu(store, [tmp_path / "own" / "samples.csv"], source="other")
    one = found(ToolContext(store=store.snapshot(), as_of=ctx.as_of))["own-1"]
    assert one.cash == "power"
    # 55 W × 8 GPUs × 730 hours × PUE 1.56 at 0.1275 USD/kWh
    assert round(one.saving, 2) == round(Decimal("0.055") * 8 * 730 * Decimal("1.56") * Decimal("0.1275"), 2)
