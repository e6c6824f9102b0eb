"""GPU telemetry as the store keeps it: samples, and what an hour of samples comes to.

A lane is what was sampled: a host, a GPU of it, and a MIG instance of that; '' where a source does not say. Shares are
fractions 0–1, memory GiB (2^30 bytes), power watts, times UTC. NULL is not known, never 0.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, NamedTuple


class GpuMetric(NamedTuple):
    """One measured column: its name in the store, the FIELD that fills it, and its unit."""

    name: str
    field: str
    unit: str


GPU_METRICS: Final = (
    GpuMetric("GpuUtilization", "gpu_utilization", "ratio"),
    GpuMetric("SmActive", "sm_active", "ratio"),
    GpuMetric("DramActive", "dram_active", "ratio"),
    GpuMetric("TensorActive", "tensor_active", "ratio"),
    GpuMetric("MemoryUtilization", "memory_utilization", "ratio"),
    GpuMetric("MemoryUsedGiB", "memory_used_gib", "GiB"),
    GpuMetric("PowerWatts", "power_watts", "W"),
    GpuMetric("Requests", "requests", "requests"),
    GpuMetric("GpusAllocated", "gpus_allocated", "GPUs"),
    GpuMetric("SmClockMhz", "sm_clock_mhz", "MHz"),
    GpuMetric("TemperatureCelsius", "temperature_celsius", "°C"),
)
"""`GpuUtilization`: share of time in which any kernel ran, which says nothing of how much of the GPU it used.
`MemoryUtilization`: share of time in which device memory was read or written at all, NVML's utilization.memory.
`Requests`: requests served since the sample before, or a second; `GpusAllocated`: how many of a row's GPUs are booked.
"""

LANE: Final = ("Host", "Gpu", "Mig")
LABELS: Final = ("ModelName", "Owner")
"""Known labels of a lane; any `x_` column of a file is one too."""

SAMPLE_COLUMNS: Final[dict[str, str]] = {
    "Source": "VARCHAR",
    "Time": "TIMESTAMP",
    "Seconds": "DOUBLE",
    **dict.fromkeys((*LANE, *LABELS), "VARCHAR"),
    "Gpus": "FLOAT",
    "MemoryTotalGiB": "FLOAT",
    **{one.name: "FLOAT" for one in GPU_METRICS},
    "EnergyJoules": "DOUBLE",
    "Throttled": "BOOLEAN",
    "EccErrors": "BIGINT",
    "XidErrors": "BIGINT",
}
"""Columns of `gpu_samples` besides `x_` ones.

`Seconds`: how long the row stands for where the source says so; `Gpus`: how many GPUs it sums up, NULL for one;
`EnergyJoules`, `EccErrors`: counters since the driver was loaded; `XidErrors`: errors since the sample before.
"""

STATISTICS: Final = ("Min", "Mean", "P95", "Max", "Samples")
HOUR_COLUMNS: Final[dict[str, str]] = {
    "Source": "VARCHAR",
    "Hour": "TIMESTAMP",
    **dict.fromkeys((*LANE, *LABELS), "VARCHAR"),
    "Samples": "BIGINT",
    "FirstTime": "TIMESTAMP",
    "LastTime": "TIMESTAMP",
    "CoveredSeconds": "DOUBLE",
    "Gpus": "FLOAT",
    "MemoryTotalGiB": "FLOAT",
    **{
        f"{one.name}{statistic}": "BIGINT" if statistic == "Samples" else "DOUBLE" if statistic == "Mean" else "FLOAT"
        for one in GPU_METRICS
        for statistic in STATISTICS
    },
    "EnergyJoules": "DOUBLE",
    "ThrottledSamples": "BIGINT",
    "EccErrors": "BIGINT",
    "XidErrors": "BIGINT",
}
"""Columns of `gpu_hours` besides `x_` ones: one row for each source, hour, lane and set of labels that had a sample.

`<Metric>Samples` counts the samples that have the metric; its statistics are NULL where none has. `P95` is a sample's
own value (nearest rank). `CoveredSeconds`: samples × the lane's usual interval, at most 3600: an hour without a sample
has no row, a gap inside one is not covered. `EnergyJoules`: what the counter rose by inside the hour.
"""


@dataclass(frozen=True, slots=True)
class GpuSample:
    """One sample of a lane as a sampler takes it; the fields are those of SAMPLE_COLUMNS, None is not known."""

    time: datetime
    host: str
    gpu: str
    mig: str = ""
    model_name: str | None = None
    owner: str | None = None
    memory_total_gib: float | None = None
    gpu_utilization: float | None = None
    sm_active: float | None = None
    dram_active: float | None = None
    tensor_active: float | None = None
    memory_utilization: float | None = None
    memory_used_gib: float | None = None
    power_watts: float | None = None
    requests: float | None = None
    sm_clock_mhz: float | None = None
    temperature_celsius: float | None = None
    energy_joules: float | None = None
    throttled: bool | None = None
    ecc_errors: int | None = None
    xid_errors: int | None = None
    labels: Mapping[str, str] = field(default_factory=dict, hash=False)
    """`x_` columns."""


SAMPLE_FIELDS: Final[dict[str, str]] = {
    "time": "Time",
    "host": "Host",
    "gpu": "Gpu",
    "mig": "Mig",
    "model_name": "ModelName",
    "owner": "Owner",
    "memory_total_gib": "MemoryTotalGiB",
    **{one.field: one.name for one in GPU_METRICS if one.name != "GpusAllocated"},
    "energy_joules": "EnergyJoules",
    "throttled": "Throttled",
    "ecc_errors": "EccErrors",
    "xid_errors": "XidErrors",
}
"""Field of a GpuSample → its column."""
