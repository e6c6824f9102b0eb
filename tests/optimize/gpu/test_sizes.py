"""Right-sizing, autoscaling, sharing and quotas: fewer or smaller machines by what was measured."""

from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest

from tests.optimize.gpu.world import IDLE, WORK, Did, Machine, world
from tools.domain.recommendation import Recommendation
from tools.optimize.gpu.sharing import machines_needed
from tools.optimize.gpu.telemetry import GpuPeak
from tools.optimize.search import savings
from tools.registry import ToolContext


def found(ctx: ToolContext, lever: str) -> list[Recommendation]:
    return list(savings(ctx, None, lever).everything)


def p4d(does: Did, used: int) -> Machine:
    return Machine("i-1", lambda _, gpu: does if gpu < used else IDLE, "p4d.24xlarge on demand", "21.957642",
                   provider="AWS", region="us-east-1")  # fmt: skip


def test_one_used_gpu_of_eight_moves_to_a_machine_with_one(tmp_path: Path) -> None:
    (one,) = found(world(tmp_path, p4d(Did(0.3, 20), 1)), "rightsize")
    assert "g6e.xlarge" in one.description
    assert one.saving == pytest.approx(744 * (Decimal("21.957642") - Decimal("1.861")))
    assert "type of i-1" in one.exclusive


def test_a_smaller_google_machine_has_the_price_of_the_region_where_that_is_known(tmp_path: Path) -> None:
    node = Machine("i-1", lambda *_: Did(0.1, 5), "A2 high-GPU 1g node", "3.93436", gpus=1, provider="Google Cloud",
                   region="us-west4")  # fmt: skip
    (one,) = found(world(tmp_path, node), "rightsize")
    assert "g2-standard-4" in one.description
    assert one.saving == pytest.approx(744 * (Decimal("3.93436") - Decimal("0.7961")))


def test_memory_decides_as_well_as_activity(tmp_path: Path) -> None:
    (one,) = found(world(tmp_path, p4d(Did(0.05, 39.5), 1)), "rightsize")
    assert "p5.4xlarge" in one.description


def test_a_machine_that_is_used_in_full_keeps_its_size(tmp_path: Path) -> None:
    assert not found(world(tmp_path, p4d(Did(0.9, 38), 8)), "rightsize")


def test_a_commitment_is_not_moved_to_another_machine_that_costs_more(tmp_path: Path) -> None:
    committed = Machine("i-1", lambda _, gpu: Did(0.3, 20) if gpu < 1 else IDLE, "p4d.24xlarge", "12", provider="AWS",
                        region="us-east-1", committed=True)  # fmt: skip
    assert not found(world(tmp_path, committed), "rightsize")


def day(hour: datetime, _: int) -> Did:
    return Did(0.5, 30, 100) if 8 <= hour.hour < 20 else Did(0, 30, 0)


def test_an_endpoint_without_calls_at_night_scales_to_none_and_pays_its_cold_starts(tmp_path: Path) -> None:
    (one,) = found(world(tmp_path, Machine("i-1", day, workload="inference")), "autoscale")
    # 12 hours of each of 28 days go, and each of 28 starts takes 10 minutes.
    assert one.saving == pytest.approx(Decimal(744 * 20) * (28 * 12 - Decimal(28) / 6) / (28 * 24))
    assert one.low == 0


def test_three_replicas_follow_the_requests_of_each_hour(tmp_path: Path) -> None:
    def calls(hour: datetime, _: int) -> Did:
        return Did(0.5, 30, 100 if hour.hour < 12 else 30)

    replicas = [Machine(f"i-{n}", calls, workload="inference") for n in range(3)]
    (one,) = found(world(tmp_path, *replicas), "autoscale")
    # At 30 of 100 requests a GPU one of three replicas is enough; two come up again on 27 days, all three on the first.
    spare = 2 * 12 * 28 - Decimal(3 + 2 * 27) / 6
    assert one.saving == pytest.approx(3 * Decimal(744 * 20) * spare / (3 * 28 * 24))


def test_without_request_counts_autoscaling_says_what_it_needs(tmp_path: Path) -> None:
    result = savings(world(tmp_path, Machine("i-1", lambda *_: WORK), without=("requests",)), None, "autoscale")
    assert list(result.missing.values()) == ["RequestsMean of the GPUs (outlay ingest gpu)"]


def test_low_use_of_four_machines_fits_on_two_and_the_committed_ones_stay(tmp_path: Path) -> None:
    low = Did(0.25, 8)
    machines = [Machine(f"i-{n}", lambda *_: low, committed=n < 2) for n in range(4)]
    (one,) = found(world(tmp_path, *machines), "sharing")
    assert one.cash == "cash"
    assert one.saving == 2 * 744 * 20
    assert "2 of 4" in one.description


def test_packing_never_splits_the_work_of_a_gpu_and_keeps_head_room() -> None:
    assert machines_needed([GpuPeak(0.4, 1, 80)] * 4, 1) == 4
    assert machines_needed([GpuPeak(0.35, 1, 80)] * 4, 1) == 2
    assert machines_needed([GpuPeak(0.1, 40, 80)] * 4, 1) == 4
    assert machines_needed([GpuPeak(0.9, 1, 80)] * 4, 2) == 2
    assert machines_needed([], 8) is None


def test_a_team_that_holds_twice_what_it_uses_gets_a_quota(tmp_path: Path) -> None:
    machines = [Machine("i-1", lambda *_: WORK), Machine("i-2", lambda *_: IDLE)]
    other = [Machine(f"j-{n}", lambda *_: WORK, team="ads") for n in range(2)]
    (one,) = found(world(tmp_path, *machines, *other), "quota")
    assert one.target == "ml"
    assert one.saving == 744 * 20
    assert {"i-1", "i-2"} == one.exclusive


def test_a_quota_and_an_idle_machine_are_never_counted_both(tmp_path: Path) -> None:
    ctx = world(tmp_path, Machine("i-1", lambda *_: WORK), Machine("i-2", lambda *_: IDLE))
    result = savings(ctx)
    assert result.portfolio.saving == 744 * 20
    assert "quota" in {one.lever for one in result.portfolio.alternatives}
