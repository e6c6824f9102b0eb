"""Verdicts on hours and windows: joint evidence, the traps, and the same rules as SQL."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tools.store import Store
from tools.store.writer import GpuPart, GpuPlan
from tools.telemetry.activity import LaneHour, judge, judge_hour, judge_window
from tools.telemetry.activity_sql import verdict_sql
from tools.telemetry.limits import activity_rules

LIMITS = activity_rules().limits
QUIET = LaneHour(
    3600, sm_mean=0.0, sm_peak=0.0, dram_mean=0.0, dram_peak=0.001, tensor_peak=0.0, utilization_peak=0.0,
    memory_used_gib=0.4, power_peak=75, quiet_watts=170,
)  # fmt: skip
HELD = replace(QUIET, memory_used_gib=60.0, power_peak=120)


@pytest.mark.parametrize(
    ("hour", "verdict"),
    [
        (QUIET, "idle"),
        (HELD, "zombie"),
        (replace(HELD, requests_peak=0), "waiting"),
        (replace(HELD, serves=True), "waiting"),
        (replace(HELD, requests_peak=3), "working"),
        (replace(HELD, sm_mean=0.3, sm_peak=0.9), "working"),
        (replace(HELD, utilization_peak=1.0, sm_mean=0.02, sm_peak=0.02), "working"),
        (replace(HELD, utilization_peak=1.0), "insufficient evidence"),
        (replace(QUIET, covered_seconds=2700), "insufficient evidence"),
        (LaneHour(3600, utilization_peak=0.0, memory_used_gib=0.4), "insufficient evidence"),
        (LaneHour(3600, memory_used_gib=60.0), "insufficient evidence"),
        (replace(QUIET, memory_used_gib=None), "insufficient evidence"),
        (replace(HELD, dram_mean=None, dram_peak=None), "insufficient evidence"),
        (replace(HELD, dram_mean=None, dram_peak=None, memory_utilization_peak=0.0), "zombie"),
        (replace(QUIET, dram_mean=None, dram_peak=None), "idle"),
        (replace(QUIET, power_peak=300), "insufficient evidence"),
        (replace(HELD, dram_mean=0.1, dram_peak=0.2), "working"),
        (replace(QUIET, gpus=8), "insufficient evidence"),
    ],
)
def test_no_work_is_only_said_on_joint_evidence(hour: LaneHour, verdict: str) -> None:
    assert judge_hour(hour, LIMITS).verdict == verdict


def test_the_evidence_names_the_signals() -> None:
    assert judge_hour(HELD, LIMITS).evidence == (
        "SM activity at most 0.0%", "DRAM activity at most 0.1%", "power at most 120 W", "utilisation at most 0%",
        "60.0 GiB held",
    )  # fmt: skip
    assert judge_hour(replace(QUIET, covered_seconds=1800), LIMITS).evidence == ("samples cover 50% of the hour",)


def test_a_mig_slice_is_not_judged_by_power_or_utilisation_of_its_gpu() -> None:
    slice_of_busy = replace(QUIET, is_mig=True, power_peak=600, utilization_peak=1.0)
    assert judge_hour(slice_of_busy, LIMITS).verdict == "idle"


def test_an_hour_without_samples_leaves_a_window_unknown() -> None:
    assert judge([QUIET] * 8, 8, LIMITS) == "idle"
    assert judge([QUIET] * 8, 10, LIMITS) == "insufficient evidence"
    assert judge([], 10, LIMITS) == "insufficient evidence"


def test_a_trainer_that_pauses_is_working_and_a_short_pause_is_no_zombie() -> None:
    busy = replace(HELD, sm_mean=0.5, sm_peak=0.9)
    assert judge([HELD, busy, HELD, busy], 4, LIMITS) == "working"
    assert judge([HELD, HELD], 2, LIMITS) == "insufficient evidence"
    assert judge([HELD] * 4, 4, LIMITS) == "zombie"


def test_work_counts_however_much_is_unknown() -> None:
    assert judge_window({"working": 3, "insufficient evidence": 20}, 100, LIMITS) == "working"


_share = st.one_of(st.none(), st.sampled_from([0.0, 0.004, 0.02, 0.03, 0.3, 1.0]))
_hours = st.fixed_dictionaries({
    "SmActive": _share, "DramActive": _share, "TensorActive": _share, "GpuUtilization": _share,
    "MemoryUtilization": _share,
    "MemoryUsedGiB": st.one_of(st.none(), st.sampled_from([0.2, 30.0])),
    "PowerWatts": st.one_of(st.none(), st.sampled_from([70.0, 150.0, 400.0])),
    "Requests": st.one_of(st.none(), st.sampled_from([0.0, 2.0])),
    "Gpus": st.one_of(st.none(), st.sampled_from([1.0, 4.0])),
    "Mig": st.sampled_from(["", "3"]), "ModelName": st.sampled_from(["NVIDIA H100 80GB HBM3", "Unheard Of"]),
    "x_Workload": st.one_of(st.none(), st.sampled_from(["inference", "training"])),
    "Seconds": st.sampled_from([3600.0, 3000.0]),
})  # fmt: skip


def _sql(value: Any) -> str:
    return "NULL" if value is None else f"'{value}'" if isinstance(value, str) else f"CAST({value} AS FLOAT)"


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(_hours, min_size=30, max_size=60))
def test_sql_gives_every_hour_the_verdict_that_python_gives(tmp_path_factory: Any, hours: list[dict[str, Any]]) -> None:
    store = Store(Path(tmp_path_factory.mktemp("hours")) / "store")
    rows = " UNION ALL ".join(
        f"SELECT TIMESTAMP '{datetime(2026, 10, 1)}' AS \"Time\", 'h{number}' AS \"Host\", '' AS \"Gpu\", "
        + ", ".join(f'CAST({_sql(value)} AS {_type(name)}) AS "{name}"' for name, value in sorted(hour.items()))
        for number, hour in enumerate(hours)
    )
    with store.writer() as writer:
        writer.commit_gpu(GpuPlan([GpuPart("made", rows)], read=len(hours)))
    snapshot = store.snapshot()
    sql = verdict_sql(activity_rules(), snapshot.gpu_columns)
    found = dict(snapshot.query(f'SELECT "Host", {sql} FROM gpu_hours').rows)
    for number, hour in enumerate(hours):
        assert found[f"h{number}"] == judge_hour(_lane(hour), LIMITS).verdict, hour


def _type(name: str) -> str:
    return "VARCHAR" if name in ("Mig", "ModelName", "x_Workload") else "DOUBLE" if name == "Seconds" else "FLOAT"


def _lane(hour: dict[str, Any]) -> LaneHour:
    power = activity_rules().power_of(hour["ModelName"])
    return LaneHour(
        covered_seconds=hour["Seconds"],
        sm_mean=hour["SmActive"],
        sm_peak=hour["SmActive"],
        dram_mean=hour["DramActive"],
        dram_peak=hour["DramActive"],
        tensor_peak=hour["TensorActive"],
        utilization_peak=hour["GpuUtilization"],
        memory_utilization_peak=hour["MemoryUtilization"],
        memory_used_gib=hour["MemoryUsedGiB"],
        power_peak=hour["PowerWatts"],
        requests_peak=hour["Requests"],
        quiet_watts=power.quiet_watts if power else None,
        is_mig=hour["Mig"] != "",
        gpus=hour["Gpus"],
        serves=hour["x_Workload"] == "inference",
    )


def test_the_more_specific_card_comes_first_in_the_table() -> None:
    rules = activity_rules()
    for number, one in enumerate(rules.power):
        assert not any(earlier.model.lower() in one.model.lower() for earlier in rules.power[:number]), one.model
        assert one.quiet_watts < one.board_watts
