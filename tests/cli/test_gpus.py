"""`outlay ingest gpu`, `outlay telemetry` and `outlay gpus`, from files and recordings to answers."""

from ctypes.util import find_library
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.telemetry.prometheus_server import FakePrometheus, serving
from tests.telemetry.test_prometheus import one_gpu

RECORDING = Path(__file__).parent.parent / "telemetry" / "recordings" / "lost_gpu.jsonl"


def test_without_a_driver_nvml_says_so_and_exits_3(outlay: Run) -> None:
    if find_library("nvidia-ml"):
        pytest.skip("this machine has an NVIDIA driver")
    done = outlay("telemetry", "nvml", "--for", "1s")
    assert (done.code, done.out) == (3, "")
    assert "there is no NVML here" in done.err


def test_a_recording_is_replayed_into_the_store_and_answers(outlay: Run) -> None:
    replayed = outlay("telemetry", "nvml", "--replay", RECORDING, "--host", "node-1")
    assert replayed.code == 0
    assert "GPU 1 gives no samples: GPU is lost (15)" in replayed.err
    (held,) = outlay("data", "--json").json["gpu"]
    assert (held["source"], held["rows"]) == ("nvml node-1", 5)
    answer = outlay("gpus", "--as-of", "2026-10-02", "--json")
    assert (answer.code, answer.json["status"]) == (0, "answered")
    verdicts = {row[0]: row[1] for row in answer.json["tables"][0]["rows"]}
    assert verdicts == {"node-1/0": "working", "node-1/1": "insufficient evidence"}
    assert outlay("verify", answer.json["id"]).code == 0


def test_samples_are_printed_as_json_lines_and_the_store_left_alone(outlay: Run, home: Path) -> None:
    printed = outlay("telemetry", "nvml", "--replay", RECORDING, "--json")
    assert len(printed.out.splitlines()) == 5
    assert not (home / "store").exists()


def test_a_prometheus_is_read_into_the_store(outlay: Run) -> None:
    with serving(FakePrometheus(one_gpu)) as server:
        span = ("--from", "2026-10-01", "--to", "2026-10-01T01:00:00")
        assert outlay("telemetry", "prometheus", "--url", server.url, *span).code == 0
    (held,) = outlay("data", "--json").json["gpu"]
    assert held["rows"] == 60


def test_a_prometheus_without_the_exporter_exits_3(outlay: Run) -> None:
    with serving(FakePrometheus(lambda *_: [])) as server:
        done = outlay("telemetry", "prometheus", "--url", server.url, "--from", "2026-10-01", "--to", "2026-10-02")
    assert (done.code, "no DCGM series" in done.err) == (3, True)


def test_a_file_is_loaded_and_its_report_adds_up(outlay: Run, tmp_path: Path) -> None:
    path = tmp_path / "fleet.csv"
    path.write_text("when,node,util\n2026-10-01 00:00,n1,45\n2026-10-01 00:01,n1,oops\n")
    done = outlay("ingest", "gpu", path, "--map", "when=time", "--map", "util=gpu_utilization", "--json")
    report = done.json
    assert (report["read"], report["accepted"], report["quarantined"]) == (2, 1, 1)
    assert report["reasons"][0]["reason"] == "gpu_utilization can't be read"


def test_without_telemetry_the_fleet_is_no_data(outlay: Run) -> None:
    done = outlay("gpus", "--json")
    assert (done.code, done.json["status"]) == (3, "no_data")
    assert outlay("gpus", "--measure", "heat").code == 1
