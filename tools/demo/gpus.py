"""GPU samples of the machines that Fernhill pays for: an hour and a GPU a row, over the last five weeks."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from tools.demo.calendar import Calendar, Flags, Floats
from tools.demo.gpu_machines import CARDS, DAYS, GpuMachine, gpu_machines
from tools.demo.lines import hour_starts, timestamps


def write_gpu_samples(path: Path, bills: Path, calendar: Calendar, noise: np.random.Generator) -> Path:
    """Shares are fractions 0–1, memory in GiB, power in watts; `requests` only where a machine serves.

    A machine has samples in the hours that its bill charges it for.
    """
    days = min(DAYS, calendar.days)
    hours = hour_starts(calendar)[-days * 24 :]
    lanes = [lane for machine in gpu_machines(bills, calendar, days) for lane in _lanes(machine, noise)]
    lengths = [int(lane.running.sum()) for lane in lanes]
    sm = np.concatenate([lane.sm[lane.running] for lane in lanes])
    busy = sm > 0.001
    dram = np.where(busy, np.clip(0.62 * sm + 0.004, 0, 1), 0.0)
    memory = np.concatenate([lane.held[lane.running] for lane in lanes])
    requests = np.concatenate([lane.requests[lane.running] for lane in lanes])
    spread = _Spread(lanes, lengths)
    idle, loaded, top = (spread.numbers(name) for name in ("idle_watts", "loaded_watts", "top_watts"))
    watts = np.where(busy, loaded + (top - loaded) * sm, np.where(memory > 0, loaded, idle))
    total = spread.numbers("memory_gib")
    columns = {
        "time": timestamps(np.concatenate([hours[lane.running] for lane in lanes])),
        "host": spread.texts("host"),
        "gpu": spread.texts("gpu"),
        "model_name": spread.texts("model_name"),
        "gpu_utilization": pa.array(np.round(np.clip(np.sqrt(sm), 0, 1), 3)),
        "sm_active": pa.array(np.round(sm, 3)),
        "dram_active": pa.array(np.round(dram, 3)),
        "tensor_active": pa.array(np.round(sm * 0.41, 3)),
        "memory_used_gib": pa.array(np.round(total * memory + 0.5, 1)),
        "memory_total_gib": pa.array(total),
        "power_watts": pa.array(np.round(watts * (1 + 0.01 * noise.standard_normal(len(watts))), 0)),
        "requests": pa.array(requests, mask=np.isnan(requests)),
        "owner": spread.texts("team"),
        "x_Team": spread.texts("team"),
        "x_Project": spread.texts("project"),
        "x_Workload": spread.texts("workload"),
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.table(columns), path, compression="zstd")
    return path


class _Lane(NamedTuple):
    """One GPU over all hours; `requests` is NaN where it serves nothing by its kind."""

    names: Mapping[str, str | None]
    card: str
    running: Flags
    sm: Floats
    held: Floats
    requests: Floats


class _Spread:
    """A value of each lane, repeated over its rows."""

    def __init__(self, lanes: Sequence[_Lane], lengths: Sequence[int]) -> None:
        self._lanes, self._lengths = lanes, lengths

    def texts(self, name: str) -> pa.Array:
        values = pa.array([lane.names[name] for lane in self._lanes], type=pa.string())
        codes = pa.array(np.repeat(np.arange(len(self._lanes)), self._lengths), type=pa.int32())
        return values.take(codes)

    def numbers(self, name: str) -> Floats:
        return np.repeat([float(getattr(CARDS[lane.card], name)) for lane in self._lanes], self._lengths)


def _lanes(machine: GpuMachine, noise: np.random.Generator) -> list[_Lane]:
    hours = len(machine.running)
    lanes = []
    for number in range(machine.gpus):
        works = number < machine.working_gpus
        wobble = np.exp(0.05 * noise.standard_normal() + 0.12 * noise.standard_normal(hours))
        sm = np.clip(machine.load * wobble, 0.0, 0.97) * works
        held = machine.held if works else np.zeros(hours)
        requests = np.rint(machine.requests_at_full * sm) if machine.requests_at_full else np.full(hours, np.nan)
        names = {
            "host": machine.host,
            "gpu": str(machine.first_gpu + number),
            "model_name": CARDS[machine.card].name,
            "team": machine.team,
            "project": machine.project,
            "workload": machine.workload,
        }
        lanes.append(_Lane(names, machine.card, machine.running, sm, held, requests))
    return lanes
