"""GPU samples of the rented fleet: an hour and a GPU a row, over the last thirty days."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from tools.demo.calendar import Calendar, Floats
from tools.demo.fleet import Node, nodes
from tools.demo.lines import hour_starts, named, timestamps
from tools.demo.rhythm import shape

DAYS, GPUS, MEMORY_GIB = 30, 8, 80.0
MODEL = "NVIDIA H100 80GB HBM3"


def write_gpu_samples(path: Path, calendar: Calendar, noise: np.random.Generator) -> Path:
    """Shares are fractions 0–1, memory in GiB, power in watts; `requests` only where a node serves."""
    days = min(DAYS, calendar.days)
    hours, fleet = hour_starts(calendar)[-days * 24 :], nodes()
    each = [_activity(node, calendar, days, noise) for node in fleet]
    active = np.concatenate(each)
    count, lanes = len(hours) * GPUS, len(fleet) * GPUS
    jitter = np.clip(active * np.exp(0.12 * noise.standard_normal(len(active))), 0.0, 1.0)
    held = np.concatenate([np.full(count, 0.93 if node.model else 0.7) for node in fleet]) * (active > 0.01)
    serving = np.concatenate([np.full(count, 1.0 if node.model else 0.0) for node in fleet])
    columns = {
        "time": timestamps(np.tile(hours, lanes)),
        "host": named([node.name for node in fleet], [count] * len(fleet)),
        "gpu": pa.array(np.tile(np.repeat(np.arange(GPUS), len(hours)), len(fleet))),
        "gpu_utilization": pa.array(np.round(np.clip(np.sqrt(jitter), 0, 1), 3)),
        "sm_active": pa.array(np.round(jitter, 3)),
        "dram_active": pa.array(np.round(jitter * 0.62, 3)),
        "tensor_active": pa.array(np.round(jitter * 0.41, 3)),
        "memory_used_gib": pa.array(np.round(MEMORY_GIB * held + 0.6, 1)),
        "memory_total_gib": pa.array(np.full(len(active), MEMORY_GIB)),
        "power_watts": pa.array(np.round(78 + 610 * jitter, 0)),
        "model_name": named([MODEL], [len(active)]),
        "requests": pa.array(np.rint(1900 * jitter * serving).astype(np.int64), mask=serving == 0),
        "owner": named([node.team for node in fleet], [count] * len(fleet)),
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.table(columns), path, compression="zstd")
    return path


def _activity(node: Node, calendar: Calendar, days: int, noise: np.random.Generator) -> Floats:
    """SM activity by GPU and hour, flat."""
    rhythm = shape("consumer" if node.model else "always", calendar)[-days:].ravel()
    level = {"inference": 0.34, "training": 0.78, "evaluation": 0.07}[node.workload]
    one = np.clip(level * rhythm, 0.0, 0.97)
    if node.idle_every:
        numbers = np.arange(calendar.days)[-days:]
        one = one * np.repeat(numbers % node.idle_every != 1, 24)
    uneven = np.exp(0.05 * noise.standard_normal((GPUS, 1)))
    return np.asarray((uneven * one[None, :]).ravel())
