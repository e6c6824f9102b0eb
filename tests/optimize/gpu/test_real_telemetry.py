"""Real telemetry without SM, DRAM or power: allocation, duty cycle or memory alone make no recommendation."""

from pathlib import Path
from typing import Any

import pytest

from tests.optimize.gpu.world import Machine, world
from tests.paths import shared_data
from tools.ingest.gpu import load_gpu
from tools.optimize.search import savings
from tools.registry import ToolContext
from tools.store import Store

pytestmark = pytest.mark.data
SHARES = {"vc": "host", "total_gpu_num": "gpus", "running_gpu_num": "gpus_allocated"}
INSTANCES = {"instance_sn": "host", "scheduled_time": "time", "deletion_time": "end_time",
             "gpu_request": "gpus_allocated"}  # fmt: skip
POD = {"timestamp_anon": "time", "container_ip": "host"}
LOADS: dict[str, list[tuple[str, dict[str, str], dict[str, str]]]] = {
    "alibaba_genai_2026": [
        ("pod_gpu_duty_cycle.parquet", {**POD, "value": "gpu_utilization"}, {}),
        ("pod_gpu_memory_used_bytes.parquet", {**POD, "value": "memory_used_bytes"}, {}),
    ],
    "helios_earth_vc": [
        ("cluster_sequence_vc.parquet", SHARES, {}),
    ],
    "philly_nodes": [
        ("philly_node_sequence.parquet", {"total": "gpus", "active": "gpus_allocated"}, {"host": "philly"}),
    ],
    "alibaba_gpu_v2025_dlrm": [
        ("disaggregated_DLRM_trace.parquet", INSTANCES, {"time_zero": "2025-03-01"}),
    ],
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(LOADS))
def test_utilisation_memory_or_allocation_alone_names_no_machine(name: str, tmp_path: Path) -> None:
    folder = shared_data(name)
    ctx = world(tmp_path, Machine("i-1"))
    store = Store(tmp_path / "store")
    for file, columns, assign in LOADS[name]:
        load_gpu(store, [folder / file], columns=columns, assign=assign)
    snapshot: Any = store.snapshot()
    for lever in ("idle_gpu", "rightsize", "schedule", "autoscale", "sharing", "quota"):
        result = savings(ToolContext(store=snapshot, as_of=ctx.as_of), None, lever)
        assert not result.everything
        assert ["insufficient evidence" in need for need in result.missing.values()] == [True], lever
