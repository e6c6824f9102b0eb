"""One round of sampling: a GpuSource's answers → samples, whatever fails along the way."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tools.domain.gpu import GpuSample
from tools.telemetry.owners import Process, main_owner
from tools.telemetry.source import FUNCTION_NOT_FOUND, GONE, NO_PERMISSION, NOT_SUPPORTED, GpuSource, NvmlFault

GIB = 1 << 30
THROTTLING = 0x4 | 0x8 | 0x20 | 0x40 | 0x80
"""SW power cap, HW slowdown, SW thermal, HW thermal, HW power brake. Source: nvml.h, nvmlClocksEventReason."""
_LACKING = frozenset({NOT_SUPPORTED, NO_PERMISSION, FUNCTION_NOT_FOUND})


@dataclass
class Sampler:
    """Takes samples of every GPU of a host; `notices` says what went wrong, each thing once until it changes."""

    source: GpuSource
    host: str
    notices: list[str] = field(default_factory=list)
    _faults: dict[str, str] = field(default_factory=dict)
    _instances: dict[int, frozenset[int]] = field(default_factory=dict)

    def rounds(self) -> Iterator[list[GpuSample]]:
        """The samples of each round; a GPU that fails is missing from it, never zero."""
        for moment in self.source.rounds():
            yield self.sample(moment)

    def sample(self, moment: datetime) -> list[GpuSample]:
        """The samples of one moment."""
        try:
            count = int(self.source.call("count"))
        except NvmlFault as fault:
            self._tell("driver", f"the driver does not answer: {fault}")
            return []
        self._tell("driver", "")
        errors = self._xids()
        samples = []
        for index in range(count):
            try:
                samples += self._gpu(moment, index, errors)
                self._tell(f"gpu {index}", "")
            except NvmlFault as fault:
                self._tell(f"gpu {index}", f"GPU {index} gives no samples: {fault}")
        return samples

    def _gpu(self, moment: datetime, index: int, errors: dict[int, int] | None) -> list[GpuSample]:
        processes = self._processes(index)
        owner = main_owner(processes)
        memory, use = self._ask("memory", index), self._ask("utilization", index) or {}
        active = self._ask("gpm", index) or {}
        energy, reasons = self._ask("energy", index), self._ask("throttle_reasons", index)
        whole = GpuSample(
            time=moment,
            host=self.host,
            gpu=str(index),
            model_name=self._ask("name", index),
            owner=owner.name if owner else None,
            memory_total_gib=_over(memory and memory["total"], GIB),
            memory_used_gib=_over(memory and memory["used"], GIB),
            gpu_utilization=_over(use.get("gpu"), 100),
            memory_utilization=_over(use.get("memory"), 100),
            sm_active=_over(active.get("sm"), 100),
            dram_active=_over(active.get("dram"), 100),
            tensor_active=_over(active.get("tensor"), 100),
            power_watts=_over(self._ask("power", index), 1000),
            energy_joules=_over(energy, 1000),
            sm_clock_mhz=self._ask("sm_clock", index),
            temperature_celsius=self._ask("temperature", index),
            throttled=None if reasons is None else bool(reasons & THROTTLING),
            ecc_errors=self._ask("ecc_errors", index),
            xid_errors=None if errors is None else errors.get(index, 0),
            labels={**(owner.labels if owner else {}), "x_GpuUuid": self._ask("uuid", index) or ""},
        )
        return [whole, *self._slices(whole, index, processes)]

    def _slices(self, whole: GpuSample, index: int, processes: list[Process]) -> list[GpuSample]:
        """The MIG instances of a GPU as lanes of their own; power, clocks and utilisation are the whole GPU's."""
        instances = self._ask("mig_instances", index) or []
        found = frozenset(one["id"] for one in instances)
        before = self._instances.setdefault(index, found)
        if found != before:
            self.notices.append(f"GPU {index} now has {len(found)} MIG instances, before {len(before)}")
            self._instances[index] = found
        samples = []
        for one in instances:
            owner = main_owner([process for process in processes if process.mig == one["id"]])
            active = self._ask("mig_gpm", index, one["id"]) or {}
            samples.append(
                GpuSample(
                    time=whole.time,
                    host=self.host,
                    gpu=str(index),
                    mig=str(one["id"]),
                    model_name=one["name"],
                    owner=owner.name if owner else None,
                    memory_total_gib=_over(one["total"], GIB),
                    memory_used_gib=_over(one["used"], GIB),
                    sm_active=_over(active.get("sm"), 100),
                    dram_active=_over(active.get("dram"), 100),
                    tensor_active=_over(active.get("tensor"), 100),
                    labels={**(owner.labels if owner else {}), "x_GpuUuid": whole.labels["x_GpuUuid"]},
                )
            )
        return samples

    def _processes(self, index: int) -> list[Process]:
        found = []
        for one in self._ask("processes", index) or []:
            about = self._ask("process", one["pid"]) or {}
            found.append(
                Process(
                    pid=one["pid"],
                    used_gib=(one["used"] or 0) / GIB,
                    mig=one["mig"],
                    cgroup=about.get("cgroup", ""),
                    environment=about.get("environment", {}),
                    user=about.get("user"),
                )
            )
        return found

    def _xids(self) -> dict[int, int] | None:
        """Critical errors by GPU since the last round; None where they can't be had."""
        try:
            found = self._ask("xids")
        except NvmlFault:
            return None
        if found is None:
            return None
        counted: dict[int, int] = {}
        for one in found:
            counted[one["gpu"]] = counted.get(one["gpu"], 0) + 1
            self.notices.append(f"GPU {one['gpu']} reported XID {one['code']}")
        return counted

    def _ask(self, name: str, *args: int) -> Any:
        """A call's result; None for what this GPU or driver does not give.

        Raises:
            NvmlFault: the GPU is lost or needs a reset.
        """
        try:
            return self.source.call(name, *args)
        except NvmlFault as fault:
            if fault.code in GONE:
                raise
            if fault.code not in _LACKING:
                self._tell(f"{name} {args}", f"{name} of {', '.join(map(str, args)) or 'the driver'} failed: {fault}")
            return None

    def _tell(self, what: str, fault: str) -> None:
        """Note a fault when it is new, and when it is over."""
        before = self._faults.get(what, "")
        if fault and fault != before:
            self.notices.append(fault)
        if before and not fault:
            self.notices.append(f"{what} answers again")
        self._faults[what] = fault


def _over(value: float | None, by: float) -> float | None:
    return None if value is None else value / by
