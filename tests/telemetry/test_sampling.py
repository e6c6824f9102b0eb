"""Sampling from recordings, which are hand-made from the shapes that NVML documents: no GPU was at hand."""

import io
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from tools.domain.errors import BadInput
from tools.domain.gpu import GpuSample
from tools.store import Store
from tools.telemetry.sampling import Sampler
from tools.telemetry.source import NvmlFault, RecordingSource, ReplaySource
from tools.telemetry.writing import write_samples

RECORDINGS = Path(__file__).parent / "recordings"


def taken(name: str) -> tuple[list[list[GpuSample]], list[str]]:
    sampler = Sampler(ReplaySource(RECORDINGS / name), "node-1")
    return list(sampler.rounds()), sampler.notices


def test_every_unit_of_nvml_becomes_the_stores() -> None:
    rounds, _ = taken("lost_gpu.jsonl")
    busy = rounds[1][0]
    assert (busy.time, busy.host, busy.gpu, busy.model_name) == (
        datetime(2026, 10, 1, 0, 0, 5), "node-1", "0", "NVIDIA H100 80GB HBM3",
    )  # fmt: skip
    assert (busy.gpu_utilization, busy.sm_active, busy.dram_active, busy.tensor_active) == (0.97, 0.885, 0.41, 0.3525)
    assert (busy.memory_used_gib, busy.memory_total_gib, busy.power_watts) == (61.5, 80.0, 612.0)
    assert (busy.energy_joules, busy.sm_clock_mhz, busy.temperature_celsius) == (13_060.0, 1980, 41)
    assert (busy.throttled, busy.ecc_errors, busy.xid_errors) == (True, 0, 0)
    assert (busy.owner, busy.labels["x_SlurmAccount"], busy.labels["x_User"]) == ("slurm:4711", "vision", "ada")


def test_what_the_first_round_cannot_know_is_not_known() -> None:
    rounds, _ = taken("lost_gpu.jsonl")
    assert (rounds[0][0].sm_active, rounds[0][0].dram_active) == (None, None)


def test_a_lost_gpu_is_missing_and_the_others_go_on() -> None:
    rounds, notices = taken("lost_gpu.jsonl")
    assert [[one.gpu for one in samples] for samples in rounds] == [["0", "1"], ["0", "1"], ["0"], []]
    assert notices == [
        "GPU 1 reported XID 79",
        "GPU 1 gives no samples: GPU is lost (15)",
        "the driver does not answer: Driver Not Loaded (9)",
    ]


def test_mig_instances_are_lanes_of_their_own_and_a_change_is_told() -> None:
    rounds, notices = taken("mig_change.jsonl")
    assert [[one.mig for one in samples] for samples in rounds] == [["", "1", "2"], ["", "1"]]
    small, large = rounds[0][1], rounds[0][2]
    assert (small.memory_used_gib, small.memory_total_gib, small.sm_active) == (4.0, 10.0, 0.125)
    assert (small.power_watts, small.gpu_utilization) == (None, None)
    assert small.owner == "pod:0a1b2c3d-1111-2222-3333-444455556666"
    assert (large.owner, large.sm_active) == (None, None)
    assert "GPU 0 now has 1 MIG instances, before 2" in notices
    assert "process of 5002 failed: Unknown Error (999)" in notices


def test_samples_reach_the_store_and_its_hours(store: Store) -> None:
    rounds, _ = taken("lost_gpu.jsonl")
    report = write_samples(store, [one for samples in rounds for one in samples], "nvml node-1")
    assert (report.read, report.accepted) == (5, 5)
    found = store.snapshot().query(
        'SELECT "Gpu", "Samples", "SmActiveSamples", "SmActiveMax", "EnergyJoules", "XidErrors", "ThrottledSamples", '
        '"x_SlurmJob" FROM gpu_hours ORDER BY 1'
    )
    assert list(found.rows) == [
        ("0", 3, 2, pytest.approx(0.885), 6_120.0, 0, 3, "4711"),
        ("1", 2, 1, 0.0, 0.0, 0, 0, None),
    ]


class _Broken:
    """A driver that answers one call and fails the next."""

    def rounds(self) -> Iterator[datetime]:
        yield datetime(2026, 10, 1)

    def call(self, name: str, *args: int) -> Any:
        if name == "count":
            return 1
        raise NvmlFault(15, "GPU is lost")


def test_a_recording_replays_to_the_same_samples_and_faults(tmp_path: Path) -> None:
    file = io.StringIO()
    sampler = Sampler(RecordingSource(_Broken(), file, "a broken driver"), "node-1")
    assert list(sampler.rounds()) == [[]]
    path = tmp_path / "recording.jsonl"
    path.write_text(file.getvalue())
    replayed = Sampler(ReplaySource(path), "node-1")
    assert list(replayed.rounds()) == [[]]
    assert replayed.notices == sampler.notices
    assert ReplaySource(path).note == "a broken driver"


def test_recordings_say_where_they_are_from() -> None:
    assert {ReplaySource(path).note for path in RECORDINGS.iterdir()} == {
        "hand-made from the shapes that NVML's documentation gives; not recorded from a GPU"
    }


def test_a_file_that_is_no_recording_says_so(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"round": "2026-10-01"}\n')
    with pytest.raises(BadInput, match="is no recording"):
        ReplaySource(tmp_path / "a.jsonl")
