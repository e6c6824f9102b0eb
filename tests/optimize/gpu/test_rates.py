"""Spot, other regions and providers, and what failed runs cost."""

from decimal import Decimal
from pathlib import Path

import pytest

from tests.optimize.gpu.world import IDLE, Did, Machine, world
from tools.domain.recommendation import Recommendation
from tools.ingest.records import load_records
from tools.optimize.search import savings
from tools.registry import ToolContext
from tools.store import Store

P4D = "21.95764"


def found(ctx: ToolContext, lever: str) -> list[Recommendation]:
    return list(savings(ctx, None, lever).everything)


def training(name: str = "i-1", **changes: object) -> Machine:
    given = {"description": "p4d.24xlarge on demand", "price": P4D, "provider": "AWS", "region": "us-west-2",
             "workload": "training"}  # fmt: skip
    return Machine(name, **{**given, **changes})  # type: ignore[arg-type]


def test_training_goes_on_spot_with_what_is_done_twice(tmp_path: Path) -> None:
    (one,) = found(world(tmp_path, training()), "spot")
    again = 1 + Decimal("0.75") / 24
    assert one.saving == pytest.approx(744 * (Decimal(P4D) - Decimal("8.35265") * again))
    assert one.low is not None
    assert one.high is not None
    assert one.low < one.saving < one.high


def test_a_live_endpoint_and_a_managed_service_have_no_spot_price(tmp_path: Path) -> None:
    ctx = world(tmp_path, training(workload="inference"), training("j-1", description="ml.p4d.24xlarge training"))
    assert not found(ctx, "spot")


def test_a_committed_machine_has_nothing_to_do_with_spot(tmp_path: Path) -> None:
    assert savings(world(tmp_path, training(committed=True)), None, "spot").missing


def test_training_moves_to_where_own_bills_paid_less_for_as_many_gpus(tmp_path: Path) -> None:
    dear = Machine("i-1", description="8x H100 node", price="30", workload="training")
    cheap = Machine("j-1", description="8x H100 SXM", price="20", provider="Other", workload="inference")
    (one,) = found(world(tmp_path, dear, cheap), "region")
    assert one.saving == 744 * 10
    assert "Other" in one.description


def test_the_same_machine_in_a_dearer_region_moves_by_list_price(tmp_path: Path) -> None:
    dear = training(description="p5.48xlarge on demand", region="ap-northeast-1", price="68.8")
    (one,) = found(world(tmp_path, dear), "region")
    assert one.saving == pytest.approx(744 * (Decimal("68.8") - Decimal("31.92")))


def tpu(**changes: object) -> Machine:
    given = {"description": "tpu-v6e-8 on demand", "price": "25.92", "provider": "Google Cloud",
             "region": "asia-northeast1", "workload": "training"}  # fmt: skip
    return Machine("t-1", **{**given, **changes})  # type: ignore[arg-type]


def test_training_on_a_tpu_goes_on_spot_or_to_where_the_same_tpu_is_cheaper(tmp_path: Path) -> None:
    ctx = world(tmp_path, tpu())
    (spot,), (moved,) = found(ctx, "spot"), found(ctx, "region")
    assert spot.saving == pytest.approx(744 * (Decimal("25.92") - Decimal("7.54814") * (1 + Decimal("0.75") / 24)))
    assert moved.saving == 744 * (Decimal("25.92") - Decimal("21.6"))
    assert "tpu-v6e-8" in moved.description


def test_no_gpu_is_proposed_for_a_tpu_and_no_tpu_for_a_gpu(tmp_path: Path) -> None:
    dear = Machine("i-1", lambda _, gpu: Did(0.05, 2), "a2-highgpu-8g", "90", provider="Google Cloud",
                   region="us-central1", workload="training")  # fmt: skip
    told = savings(world(tmp_path, dear, tpu(price="90"))).everything
    assert {"rightsize", "region", "spot"} <= {one.lever for one in told}
    for one in told:
        assert ("tpu" in one.description) is (one.resource_id == "t-1")


def test_work_for_users_stays_where_they_are(tmp_path: Path) -> None:
    dear = Machine("i-1", description="8x H100 node", price="90", workload="inference")
    assert not found(world(tmp_path, dear), "region")


def test_a_right_sized_machine_is_not_put_on_spot_as_what_it_was(tmp_path: Path) -> None:
    small = Machine("i-1", lambda _, gpu: Did(0.3, 20) if gpu < 1 else IDLE, "p4d.24xlarge on demand", P4D,
                    provider="AWS", region="us-west-2", workload="training")  # fmt: skip
    portfolio = savings(world(tmp_path, small)).portfolio
    assert [one.recommendation.lever for one in portfolio.taken] == ["rightsize"]


def test_a_failed_run_loses_what_checkpoints_would_have_kept(tmp_path: Path) -> None:
    ctx = world(tmp_path, training())
    runs = tmp_path / "runs.csv"
    runs.write_text(
        "run,x_Team,start,end,gpu_hours,status\n"
        "a,ml,2026-10-05,2026-10-10,960,failed\n"
        "b,ml,2026-10-11,2026-10-16,960,finished\n"
        "c,ml,2026-09-01,2026-09-05,960,failed\n",
        "utf-8",
    )
    store = Store(tmp_path / "store")
    load_records(store, "runs", [runs])
    (one,) = found(ToolContext(store=store.snapshot(), as_of=ctx.as_of), "restarts")
    kept = 960 - 8 * Decimal("0.75")
    assert one.saving == pytest.approx(744 * Decimal(P4D) * kept / (744 * 8))
    assert "1 of 2 runs" in one.evidence[0]


def test_without_runs_the_lever_says_what_it_needs(tmp_path: Path) -> None:
    assert "outlay ingest runs" in next(iter(savings(world(tmp_path, training()), None, "restarts").missing.values()))
