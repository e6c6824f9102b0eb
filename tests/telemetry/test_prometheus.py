"""Reading DCGM's series from a Prometheus: windows, labels in both spellings, MIG, owners, faults."""

from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.telemetry.prometheus_server import FakePrometheus, serving
from tools.domain.errors import BadInput
from tools.domain.gpu import GpuSample
from tools.store import Store
from tools.telemetry.dcgm import lane_of, owner_of, read_dcgm
from tools.telemetry.prometheus import MOST_POINTS, Prometheus, windows
from tools.telemetry.writing import write_samples

START = datetime(2026, 10, 1)
MINUTE = timedelta(minutes=1)
VALUES = {
    "DCGM_FI_DEV_GPU_UTIL": 97.0,
    "DCGM_FI_PROF_GR_ENGINE_ACTIVE": 0.5,
    "DCGM_FI_PROF_SM_ACTIVE": 0.02,
    "DCGM_FI_PROF_DRAM_ACTIVE": 0.25,
    "DCGM_FI_DEV_FB_USED": 40960.0,
    "DCGM_FI_DEV_FB_FREE": 40960.0,
    "DCGM_FI_DEV_POWER_USAGE": 310.5,
    "DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION": 5_000_000.0,
}
LABELS = {"gpu": "0", "UUID": "GPU-1", "Hostname": "n1", "modelName": "NVIDIA H100 80GB HBM3"}


def one_gpu(metric: str, _: float) -> list[tuple[dict[str, str], float | None]]:
    return [(LABELS, VALUES[metric])] if metric in VALUES else []


def read(fake: FakePrometheus, end: datetime, step: timedelta = MINUTE, selector: str = "") -> list[GpuSample]:
    with serving(fake):
        server = Prometheus(fake.url, fake.token)
        return [one for samples in read_dcgm(server, START, end, step, selector) for one in samples]


def test_metrics_of_a_moment_come_together_in_the_stores_units() -> None:
    samples = read(FakePrometheus(one_gpu), START + 3 * MINUTE)
    assert [one.time for one in samples] == [START, START + MINUTE, START + 2 * MINUTE]
    one = samples[0]
    assert (one.host, one.gpu, one.mig, one.model_name) == ("n1", "0", "", "NVIDIA H100 80GB HBM3")
    assert (one.gpu_utilization, one.sm_active, one.dram_active) == (0.97, 0.02, 0.25)
    assert (one.memory_used_gib, one.memory_total_gib, one.power_watts, one.energy_joules) == (40, 80, 310.5, 5000)
    assert (one.tensor_active, one.owner) == (None, None)


def test_long_spans_are_read_in_windows_that_a_server_accepts() -> None:
    fake = FakePrometheus(one_gpu)
    samples = read(fake, START + timedelta(hours=13), timedelta(seconds=30))
    assert len(samples) == len({one.time for one in samples}) == 13 * 120
    assert all((end - start) / step + 1 <= MOST_POINTS for _, start, end, step in fake.asked)


@given(st.integers(1, 30_000), st.sampled_from([1, 15, 60, 3600]), st.integers(1, 90_000))
def test_windows_cover_every_step_once(steps: int, seconds: int, longest: int) -> None:
    step = timedelta(seconds=seconds)
    found = list(windows(START, START + steps * step, step, timedelta(seconds=longest)))
    assert sum((last - first) // step + 1 for first, last in found) == steps
    assert all((last - first) // step + 1 <= MOST_POINTS for first, last in found)
    assert all(after == last + step for (_, last), (after, _) in pairwise(found))


def test_a_gap_in_the_series_is_a_gap_in_the_samples() -> None:
    def half(metric: str, moment: float) -> list[tuple[dict[str, str], float | None]]:
        return [(LABELS, None if moment % 120 else VALUES[metric])] if metric in VALUES else []

    assert len(read(FakePrometheus(half), START + 4 * MINUTE)) == 2


@pytest.mark.parametrize(
    ("labels", "lane"),
    [
        ({"gpu": "1", "Hostname": "n1"}, ("n1", "1", "")),
        ({"gpu": "1", "hostname": "n2", "GPU_I_ID": "7"}, ("n2", "1", "7")),
        ({"gpu_uuid": "GPU-9", "hostname": "n2"}, ("n2", "GPU-9", "")),
        ({"gpu": "0", "instance": "10.0.0.7:9400"}, ("10.0.0.7", "0", "")),
        ({"gpu": "0", "instance": "n5"}, ("n5", "0", "")),
    ],
)
def test_a_lane_is_found_in_any_spelling_of_the_labels(labels: dict[str, str], lane: tuple[str, str, str]) -> None:
    assert lane_of(labels) == lane


def test_the_owner_is_the_pod_that_uses_the_gpu_not_the_exporters_own() -> None:
    plain = {"pod": "train-0", "namespace": "vision", "container": "main"}
    assert owner_of(plain) == (
        "pod:vision/train-0",
        {"x_Pod": "train-0", "x_Namespace": "vision", "x_Container": "main"},
    )
    renamed = {"pod": "dcgm-x", "namespace": "monitoring", "exported_pod": "train-0", "exported_namespace": "vision"}
    assert owner_of(renamed)[0] == "pod:vision/train-0"
    assert owner_of({"pod": "", "namespace": ""}) == (None, {})


def test_a_mig_instance_takes_engine_activity_where_utilisation_does_not_work() -> None:
    def sliced(metric: str, _: float) -> list[tuple[dict[str, str], float | None]]:
        if metric == "DCGM_FI_DEV_GPU_UTIL":
            return []
        return [({**LABELS, "GPU_I_ID": "3", "GPU_I_PROFILE": "1g.10gb"}, VALUES[metric])] if metric in VALUES else []

    (one,) = read(FakePrometheus(sliced), START + MINUTE)
    assert (one.mig, one.gpu_utilization, one.model_name) == ("3", 0.5, "NVIDIA H100 80GB HBM3 MIG 1g.10gb")


def test_reading_a_span_again_replaces_it(store: Store) -> None:
    for _ in range(2):
        report = write_samples(store, read(FakePrometheus(one_gpu), START + 10 * MINUTE), "prometheus a")
    assert report.replaced == 10
    assert store.snapshot().query("SELECT count(*) FROM gpu_samples").rows[0] == (10,)


def test_a_selector_and_a_token_are_passed_on() -> None:
    fake = FakePrometheus(one_gpu, token="secret")
    assert read(fake, START + MINUTE, selector='cluster="a"')
    assert {query.partition("{")[2] for query, *_ in fake.asked} == {'cluster="a"}'}
    with serving(fake), pytest.raises(BadInput, match="401"):
        Prometheus(fake.url).query_range("up", START, START, MINUTE)


def test_a_refused_query_says_why() -> None:
    with serving(FakePrometheus(one_gpu)) as fake, pytest.raises(BadInput, match="exceeded maximum resolution"):
        Prometheus(fake.url).query_range("up", START, START + 12_000 * MINUTE, MINUTE)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"<html>", "did not answer with JSON"),
        (b'{"status": "success", "data": {"resultType": "vector", "result": []}}', "not a matrix"),
        (b"[]", "refused"),
    ],
)
def test_a_server_that_is_no_prometheus_is_told_apart(body: bytes, message: str) -> None:
    with serving(FakePrometheus(one_gpu, broken=body)) as fake, pytest.raises(BadInput, match=message):
        Prometheus(fake.url).query_range("up", START, START, MINUTE)


def test_a_server_that_is_not_there_is_named() -> None:
    with pytest.raises(BadInput, match="can't be reached"):
        Prometheus("http://127.0.0.1:9").query_range("up", START, START, MINUTE)
    with pytest.raises(BadInput, match="is no address"):
        Prometheus("file:///etc").query_range("up", START, START, MINUTE)
