"""Model FLOPs utilisation: what a run's model needed over what its GPUs could have done."""

from datetime import datetime
from decimal import Decimal

import pytest

from tools.domain.records import TrainingRun
from tools.inform.economics.mfu import mfu
from tools.inform.economics.run_slices import slice_of
from tools.inform.gpus.cards import card_named


def run(gpu_hours: str | None = "768", **slice_: str) -> TrainingRun:
    return TrainingRun(
        source="runs", run_id="r-1", name=None, start=datetime(2026, 10, 5), end=None, status="finished", epochs=None,
        gpu_hours=None if gpu_hours is None else Decimal(gpu_hours), metric_name=None, metric_value=None, slice=slice_,
    )  # fmt: skip


def test_flops_over_the_peak_of_all_gpu_hours() -> None:
    peak = Decimal("989e12") * 768 * 3600
    assert mfu(run(x_Flops=str(peak / 4), x_GpuModel="NVIDIA H100 80GB HBM3")) == Decimal("0.25")


@pytest.mark.parametrize(
    "unknown",
    [
        run(x_Flops="1e21"),
        run(x_GpuModel="H100"),
        run(gpu_hours=None, x_Flops="1e21", x_GpuModel="H100"),
        run(x_Flops="much", x_GpuModel="H100"),
        run(x_Flops="1e21", x_GpuModel="Voodoo 2"),
    ],
)
def test_what_is_not_known_is_not_guessed(unknown: TrainingRun) -> None:
    assert mfu(unknown) is None


def test_what_a_run_is_known_by_does_not_make_it_a_slice_of_its_own() -> None:
    assert slice_of(run(x_Team="a", x_Flops="1", x_GpuModel="H100")) == slice_of(run(x_Team="a", x_Flops="2"))


def test_a_card_is_known_by_whole_words() -> None:
    known = card_named("NVIDIA A100-SXM4-40GB")
    assert known is not None
    assert known.card == "A100"
    assert card_named("A1000") is None
