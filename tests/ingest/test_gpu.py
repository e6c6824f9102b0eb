"""GPU samples: what is read, in which unit, what is kept out, and what an hour of them comes to."""

import gzip
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from tests.paths import shared_data
from tools.domain.errors import BadInput
from tools.domain.load import LoadReport
from tools.ingest.gpu import load_gpu
from tools.store import Store

HEADER = "time,host,gpu,gpu_utilization,sm_active,memory_used_gib,power_watts,owner\n"


def csv(folder: Path, *lines: str, name: str = "fleet.csv", header: str = HEADER) -> Path:
    path = folder / name
    path.write_text(header + "".join(f"{line}\n" for line in lines))
    return path


def load(store: Store, path: Path, **more: Any) -> LoadReport:
    return load_gpu(store, [path], **more)


def hours(store: Store, columns: str) -> list[tuple[Any, ...]]:
    names = ", ".join(f'"{one}"' for one in columns.split())
    order = 'ORDER BY "Hour", "Host", "Gpu", "Mig", "Owner"'
    return list(store.snapshot().query(f"SELECT {names} FROM gpu_hours {order}").rows)


def minutes(*minute_and_rest: tuple[int, str]) -> list[str]:
    return [f"2026-10-01T{minute // 60:02}:{minute % 60:02}:00Z,{rest}" for minute, rest in minute_and_rest]


def test_an_hour_has_the_minimum_mean_p95_maximum_and_count_of_its_samples(store: Store, tmp_path: Path) -> None:
    lines = minutes(*((n, f"h1,0,0.5,{n / 100},40,300,ml") for n in range(60)))
    report = load(store, csv(tmp_path, *lines))
    assert (report.read, report.accepted, report.periods) == (60, 60, ("2026-10-01",))
    found = hours(
        store, "Samples SmActiveMin SmActiveMean SmActiveP95 SmActiveMax SmActiveSamples CoveredSeconds Owner"
    )
    assert len(found) == 1
    samples, low, mean, p95, high, counted, covered, owner = found[0]
    assert (samples, counted, covered, owner) == (60, 60, 3600.0, "ml")
    assert (low, high) == (0.0, pytest.approx(0.59))
    assert mean == pytest.approx(0.295)
    assert p95 == pytest.approx(0.56)


def test_a_gap_is_a_gap_and_not_zero(store: Store, tmp_path: Path) -> None:
    before = [(n, "h1,0,0.5,0.5,40,300,ml") for n in range(30)]
    after = [(120 + n, "h1,0,0.5,,40,300,ml") for n in range(60)]
    load(store, csv(tmp_path, *minutes(*before, *after)))
    assert hours(store, "CoveredSeconds SmActiveMean SmActiveSamples PowerWattsMean") == [
        (1800.0, pytest.approx(0.5), 30, 300.0),
        (3600.0, None, 0, 300.0),
    ]


@pytest.mark.parametrize(
    ("header", "line", "column", "expected"),
    [
        ("time,host,gpu_utilization_percent", "45", "GpuUtilizationMean", 0.45),
        ("time,host,utilization.gpu [%]", "45 %", "GpuUtilizationMean", 0.45),
        ("time,host,gpu_utilization", "0.45", "GpuUtilizationMean", 0.45),
        ("time,host,gpu_utilization", "45", "GpuUtilizationMean", 0.45),
        ("time,host,DCGM_FI_DEV_GPU_UTIL", "1", "GpuUtilizationMean", 0.01),
        ("time,host,DCGM_FI_PROF_DRAM_ACTIVE", "0.3", "DramActiveMean", 0.3),
        ("time,host,DCGM_FI_DEV_FB_USED", "2048", "MemoryUsedGiBMean", 2.0),
        ("time,host,memory.used [MiB]", "2048 MiB", "MemoryUsedGiBMean", 2.0),
        ("time,host,memory_used_bytes", "1073741824", "MemoryUsedGiBMean", 1.0),
        ("time,host,power_milliwatts", "70000", "PowerWattsMean", 70.0),
    ],
)
def test_a_unit_is_taken_from_the_name_or_seen_in_the_values(
    store: Store, tmp_path: Path, header: str, line: str, column: str, expected: float
) -> None:
    load(store, csv(tmp_path, f"2026-10-01 00:00,h1,{line}", header=header + "\n"))
    assert hours(store, column) == [(pytest.approx(expected, rel=1e-6),)]


def test_how_a_share_without_a_unit_was_read_is_reported(store: Store, tmp_path: Path) -> None:
    report = load(store, csv(tmp_path, "2026-10-01,h1,45", header="time,host,gpu_utilization\n"))
    assert "read as a percent" in report.defects[0].detail


def test_rows_that_are_no_sample_are_kept_out_with_their_reason(store: Store, tmp_path: Path) -> None:
    path = csv(
        tmp_path,
        "2026-10-01T00:00:00Z,h1,0,0.5,0.5,40,300,ml",
        "never,h1,0,0.5,0.5,40,300,ml",
        "2026-10-01T00:01:00Z,h1,0,0.5,0.5,-1,300,ml",
        "2026-10-01T00:02:00Z,h1,0,0.5,1.4,40,300,ml",
        "2026-10-01T00:03:00Z,h1,0,0.5,0.5,40,warm,ml",
        "2026-10-01T00:04:00Z,,,0.5,0.5,40,300,ml",
        "2026-10-01T00:05:00Z,h1,0,0.5,0.5,40,300,ml,surplus",
        "2026-10-01T00:06:00Z,h1,0,N/A,[Not Supported],40,300,ml",
    )
    report = load(store, path)
    assert (report.read, report.accepted, report.quarantined) == (8, 2, 6)
    assert {one.reason: one.rows for one in report.reasons} == {
        "time is missing or can't be read": 1,
        "memory_used_gib is negative or without bound": 1,
        "sm_active is not within 0 and 100 %": 1,
        "power_watts can't be read": 1,
        "neither host nor gpu is named": 1,
        "the line has more or fewer cells than the header": 1,
    }


def test_loading_a_file_again_replaces_its_samples(store: Store, tmp_path: Path) -> None:
    path = csv(tmp_path, *minutes(*((n, "h1,0,0.5,0.5,40,300,ml") for n in range(60))))
    first, again = load(store, path), load(store, path)
    assert (first.replaced, again.replaced) == (0, 60)
    assert hours(store, "Samples") == [(60,)]


def test_a_correction_replaces_only_the_time_it_covers(store: Store, tmp_path: Path) -> None:
    load(store, csv(tmp_path, *minutes(*((n, "h1,0,0.5,0.2,40,300,ml") for n in range(180)))), source="fleet")
    fixed = csv(tmp_path, *minutes(*((n, "h1,0,0.5,0.8,40,300,ml") for n in range(90, 120))), name="fix.csv")
    assert load(store, fixed, source="fleet").replaced == 30
    found = hours(store, "Samples SmActiveMean CoveredSeconds")
    assert found == [
        (60, pytest.approx(0.2), 3600.0),
        (60, pytest.approx(0.5), 3600.0),
        (60, pytest.approx(0.2), 3600.0),
    ]


def test_metrics_of_one_gpu_in_two_files_come_together(store: Store, tmp_path: Path) -> None:
    one = [f"2026-10-01 00:{n:02},h1,{n}" for n in range(60)]
    load(store, csv(tmp_path, *one, name="util.csv", header="time,host,gpu_utilization_percent\n"))
    load(store, csv(tmp_path, *one, name="power.csv", header="time,host,power_watts\n"))
    assert hours(store, "GpuUtilizationMean PowerWattsMean CoveredSeconds") == [(pytest.approx(0.295), 29.5, 3600.0)]


def test_a_change_of_owner_inside_an_hour_parts_it(store: Store, tmp_path: Path) -> None:
    lines = [(n, f"h1,0,0.5,0.5,40,300,{'a' if n < 20 else 'b'}") for n in range(60)]
    load(store, csv(tmp_path, *minutes(*lines)))
    assert hours(store, "Owner Samples CoveredSeconds") == [("a", 20, 1200.0), ("b", 40, 2400.0)]


def test_a_span_stands_for_every_hour_it_touches(store: Store, tmp_path: Path) -> None:
    header = "start,stop,pod,gpus_allocated,team\n"
    path = csv(tmp_path, "1800,9000,p1,2,ml", ",3600,p2,1,ml", "7200,,p3,1,ml", header=header)
    report = load(
        store, path, columns={"start": "time", "stop": "end_time", "pod": "host"}, assign={"time_zero": "2026-10-01"}
    )
    assert (report.read, report.accepted) == (3, 3)
    assert hours(store, "Host CoveredSeconds GpusAllocatedMean x_Team") == [
        ("p1", 1800.0, 2.0, "ml"),
        ("p2", 3600.0, 1.0, "ml"),
        ("p1", 3600.0, 2.0, "ml"),
        ("p1", 1800.0, 2.0, "ml"),
        ("p3", 1800.0, 1.0, "ml"),
    ]


def test_gzip_and_parquet_give_the_same_hours_as_csv(tmp_path: Path) -> None:
    lines = minutes(*((n, f"h1,0,0.5,{n / 100},40,300,ml") for n in range(90)))
    plain = csv(tmp_path, *lines)
    packed = tmp_path / "packed.csv.gz"
    packed.write_bytes(gzip.compress(plain.read_bytes()))
    table = pa.table({
        "time": [line.split(",")[0] for line in lines],
        "host": ["h1"] * 90,
        "gpu": pa.array([0] * 90, pa.int32()),
        "gpu_utilization": [0.5] * 90,
        "sm_active": [n / 100 for n in range(90)],
        "memory_used_gib": [40.0] * 90,
        "power_watts": [300.0] * 90,
        "owner": ["ml"] * 90,
    })  # fmt: skip
    pq.write_table(table, tmp_path / "columns.parquet")
    found = []
    for path in (plain, packed, tmp_path / "columns.parquet"):
        store = Store(tmp_path / f"store of {path.name}")
        load(store, path)
        found.append(hours(store, "Hour Gpu SmActiveMin SmActiveMean SmActiveP95 PowerWattsMean CoveredSeconds Owner"))
    assert found[0] == found[1] == found[2]


@pytest.mark.parametrize(
    ("header", "options", "message"),
    [
        ("when,host,gpu_utilization", {}, "no column says when"),
        ("time,gpu_utilization", {}, "--set host=NAME"),
        ("time,host,colour", {}, "no column measures anything"),
        ("time,host,sm", {"columns": {"sm": "sm_activity_level"}}, "sm_activity_level is no FIELD"),
        ("time,host,sm", {"columns": {"sn": "sm_active"}}, "there is no column sn"),
        ("time,host,sm", {"columns": {"sm": "sm_active"}, "assign": {"sm_active": "1"}}, "both mapped and set"),
    ],
)
def test_a_mapping_that_cannot_be_used_says_what_would_work(
    store: Store, tmp_path: Path, header: str, options: Any, message: str
) -> None:
    with pytest.raises(BadInput, match=message):
        load(store, csv(tmp_path, "2026-10-01,h1,1", header=header + "\n"), **options)


@pytest.mark.data
def test_duty_cycle_and_memory_of_a_real_serving_fleet_meet_by_container(store: Store) -> None:
    folder = shared_data("alibaba_genai_2026")
    at = {"timestamp_anon": "time", "container_ip": "host"}
    load(store, folder / "pod_gpu_duty_cycle.parquet", columns={**at, "value": "gpu_utilization"})
    report = load(store, folder / "pod_gpu_memory_used_bytes.parquet", columns={**at, "value": "memory_used_bytes"})
    assert (report.read, report.quarantined) == (110_426, 0)
    counted = store.snapshot().query(
        'SELECT sum("GpuUtilizationSamples"), sum("MemoryUsedGiBSamples"), count(DISTINCT "Host"), '
        'sum("MemoryUsedGiBMean" * "MemoryUsedGiBSamples") / sum("MemoryUsedGiBSamples") FROM gpu_hours'
    )
    utilization, memory, hosts, gib = counted.rows[0]
    assert (utilization, memory, hosts) == (106_584, 110_426, 96)
    assert gib == pytest.approx(25156727959.714153 / 2**30, rel=1e-6)


@pytest.mark.data
def test_allocation_by_virtual_cluster_adds_up_to_the_gpu_hours_of_its_minutes(store: Store) -> None:
    path = shared_data("helios_earth_vc") / "cluster_sequence_vc.parquet"
    columns = {"vc": "host", "total_gpu_num": "gpus", "running_gpu_num": "gpus_allocated"}
    assert load(store, path, columns=columns).accepted == 446_400
    sums = store.snapshot().query(
        'SELECT sum("Gpus" * "CoveredSeconds") / 3600, sum("GpusAllocatedMean" * "CoveredSeconds") / 3600 '
        "FROM gpu_hours"
    )
    table = pq.read_table(path, columns=["total_gpu_num", "running_gpu_num"])
    minutes_of = [sum(table[name].to_pylist()) / 60 for name in ("total_gpu_num", "running_gpu_num")]
    assert list(sums.rows[0]) == pytest.approx(minutes_of, rel=1e-9)


@pytest.mark.data
def test_a_real_cluster_keeps_its_short_gaps(store: Store) -> None:
    path = shared_data("philly_nodes") / "philly_node_sequence.parquet"
    report = load(store, path, columns={"total": "gpus", "active": "gpus_allocated"}, assign={"host": "philly"})
    assert (report.accepted, report.periods) == (71_401, ("2017-10-01", "2017-11-01"))
    seconds, longest = (
        store.snapshot().query('SELECT sum("CoveredSeconds"), max("CoveredSeconds") FROM gpu_hours').rows[0]
    )
    assert (seconds, longest) == (71_401 * 60, 3600)


@pytest.mark.data
def test_real_instances_become_the_hours_that_they_held_a_gpu(store: Store, tmp_path: Path) -> None:
    whole = pq.read_table(shared_data("alibaba_gpu_v2025_dlrm") / "disaggregated_DLRM_trace.parquet")
    path = tmp_path / "instances.parquet"
    pq.write_table(whole.filter(pc.equal(whole["role"], "HN")), path)
    columns = {"instance_sn": "host", "scheduled_time": "time", "deletion_time": "end_time",
               "gpu_request": "gpus_allocated", "app_name": "owner"}  # fmt: skip
    report = load(store, path, columns=columns, assign={"time_zero": "2025-03-01"})
    held = store.snapshot().query('SELECT sum("GpusAllocatedMean" * "CoveredSeconds") / 3600 FROM gpu_hours').rows[0][0]
    spans = [
        (row["gpu_request"], row["scheduled_time"] or 0, row["deletion_time"])
        for row in pq.read_table(path).to_pylist()
    ]
    end = max(max(start, stop or 0) for _, start, stop in spans)
    seconds = [gpus * ((end if stop is None else stop) - start) for gpus, start, stop in spans]
    assert (report.read, report.quarantined) == (4_474, sum(one <= 0 for one in seconds))
    assert held == pytest.approx(sum(seconds) / 3600, rel=1e-6)


def test_a_quote_that_never_ends_is_told_as_that_and_not_as_a_missing_column(store: Store, tmp_path: Path) -> None:
    path = csv(tmp_path, '2026-10-01T00:00:00Z,h1,0,0.5,0.5,40,300,"ml')
    with pytest.raises(BadInput, match="a quoted field never ends"):
        load(store, path)
