"""NVML of this machine as a GpuSource, through nvidia-ml-py (which is imported only here)."""

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from tools.telemetry.owners import VARIABLES
from tools.telemetry.source import DRIVER_NOT_LOADED, FUNCTION_NOT_FOUND, NOT_SUPPORTED, UNINITIALIZED, NvmlFault

GPM_METRICS = {"sm": 2, "tensor": 5, "dram": 10}
"""NVML_GPM_METRIC_SM_UTIL, ANY_TENSOR_UTIL and DRAM_BW_UTIL. Source: nvml.h."""
UNCORRECTED, VOLATILE = 1, 0


class NvmlMissing(Exception):
    """There is no NVML on this machine; the message says what NVML says."""


class LiveNvml:
    """Samples every `interval` until `lasting` is over (None: for ever). `proc` is where processes are looked up.

    Raises:
        NvmlMissing: no library, or no driver.
    """

    def __init__(self, interval: timedelta, lasting: timedelta | None, *, proc: Path = Path("/proc")) -> None:
        import pynvml

        self._nvml, self._interval, self._lasting, self._proc = pynvml, interval, lasting, proc
        self._gpm: dict[tuple[int, ...], Any] = {}
        self._events: Any = None
        try:
            pynvml.nvmlInit()
        except pynvml.NVMLError as fault:
            raise NvmlMissing(str(fault)) from None

    def rounds(self) -> Iterator[datetime]:
        """By the clock, not by how long a round took; one that was overrun is left out."""
        start = time.monotonic()
        number = 0
        while True:
            yield datetime.now(UTC).replace(tzinfo=None, microsecond=0)
            number = max(number + 1, int((time.monotonic() - start) / self._interval.total_seconds()) + 1)
            due = number * self._interval.total_seconds()
            if self._lasting is not None and due >= self._lasting.total_seconds():
                return
            time.sleep(max(0.0, start + due - time.monotonic()))

    def call(self, name: str, *args: int) -> Any:
        calls: dict[str, Callable[..., Any]] = {
            "driver": self._nvml.nvmlSystemGetDriverVersion, "count": self._nvml.nvmlDeviceGetCount,
            "process": self._process, "xids": self._xids, "gpm": self._gpm_of, "mig_gpm": self._gpm_of,
            "mig_instances": self._mig_instances, "processes": self._processes,
        }  # fmt: skip
        try:
            return calls[name](*args) if name in calls else self._of_device(name, args[0])
        except self._nvml.NVMLError as fault:
            if fault.value in (UNINITIALIZED, DRIVER_NOT_LOADED):
                self._start_again()
            raise NvmlFault(fault.value, str(fault)) from None
        except AttributeError:
            raise NvmlFault(FUNCTION_NOT_FOUND, f"nvidia-ml-py has no call for {name}") from None

    def _start_again(self) -> None:
        """After the driver was reloaded all handles are void."""
        self._gpm.clear()
        self._events = None
        try:
            self._nvml.nvmlInit()
        except self._nvml.NVMLError:
            return  # the next round tries again

    def _of_device(self, name: str, index: int) -> Any:
        nvml = self._nvml
        handle = nvml.nvmlDeviceGetHandleByIndex(index)
        if name == "utilization":
            found = nvml.nvmlDeviceGetUtilizationRates(handle)
            return {"gpu": found.gpu, "memory": found.memory}
        if name == "memory":
            held = nvml.nvmlDeviceGetMemoryInfo(handle)
            return {"total": held.total, "used": held.used}
        plain: dict[str, Callable[[], Any]] = {
            "name": lambda: nvml.nvmlDeviceGetName(handle),
            "uuid": lambda: nvml.nvmlDeviceGetUUID(handle),
            "power": lambda: nvml.nvmlDeviceGetPowerUsage(handle),
            "energy": lambda: nvml.nvmlDeviceGetTotalEnergyConsumption(handle),
            "sm_clock": lambda: nvml.nvmlDeviceGetClockInfo(handle, nvml.NVML_CLOCK_SM),
            "throttle_reasons": lambda: nvml.nvmlDeviceGetCurrentClocksEventReasons(handle),
            "temperature": lambda: nvml.nvmlDeviceGetTemperature(handle, nvml.NVML_TEMPERATURE_GPU),
            "ecc_errors": lambda: nvml.nvmlDeviceGetTotalEccErrors(handle, UNCORRECTED, VOLATILE),
        }
        return plain[name]()

    def _processes(self, index: int) -> list[dict[str, int | None]]:
        found = self._nvml.nvmlDeviceGetComputeRunningProcesses(self._nvml.nvmlDeviceGetHandleByIndex(index))
        return [
            {"pid": one.pid, "used": one.usedGpuMemory, "mig": _instance(getattr(one, "gpuInstanceId", None))}
            for one in found
        ]

    def _mig_instances(self, index: int) -> list[dict[str, Any]]:
        nvml, handle = self._nvml, self._nvml.nvmlDeviceGetHandleByIndex(index)
        current, _ = nvml.nvmlDeviceGetMigMode(handle)
        found = []
        for place in range(nvml.nvmlDeviceGetMaxMigDeviceCount(handle) if current else 0):
            try:
                one = nvml.nvmlDeviceGetMigDeviceHandleByIndex(handle, place)
            except nvml.NVMLError_NotFound:
                continue
            held = nvml.nvmlDeviceGetMemoryInfo(one)
            found.append({
                "id": nvml.nvmlDeviceGetGpuInstanceId(one), "name": nvml.nvmlDeviceGetName(one),
                "total": held.total, "used": held.used,
            })  # fmt: skip
        return found

    def _gpm_of(self, index: int, instance: int | None = None) -> dict[str, float] | None:
        """Activity since the sample before; None the first time. Only from Hopper on."""
        nvml, handle = self._nvml, self._nvml.nvmlDeviceGetHandleByIndex(index)
        if not nvml.nvmlGpmQueryDeviceSupport(handle).isSupportedDevice:
            raise NvmlFault(NOT_SUPPORTED, "Not Supported")
        key = (index,) if instance is None else (index, instance)
        sample, before = nvml.nvmlGpmSampleAlloc(), self._gpm.get(key)
        if instance is None:
            nvml.nvmlGpmSampleGet(handle, sample)
        else:
            nvml.nvmlGpmMigSampleGet(handle, instance, sample)
        self._gpm[key] = sample
        if before is None:
            return None
        try:
            return self._gpm_between(before, sample)
        finally:
            nvml.nvmlGpmSampleFree(before)

    def _gpm_between(self, before: Any, after: Any) -> dict[str, float]:
        wanted = self._nvml.c_nvmlGpmMetricsGet_t()
        wanted.version = self._nvml.NVML_GPM_METRICS_GET_VERSION
        wanted.numMetrics = len(GPM_METRICS)
        wanted.sample1, wanted.sample2 = before, after
        for place, metric in enumerate(GPM_METRICS.values()):
            wanted.metrics[place].metricId = metric
        self._nvml.nvmlGpmMetricsGet(wanted)
        return {
            name: wanted.metrics[place].value
            for place, name in enumerate(GPM_METRICS)
            if wanted.metrics[place].nvmlReturn == 0
        }

    def _xids(self) -> list[dict[str, int]]:
        """Critical errors since the last call, without waiting for one."""
        nvml = self._nvml
        if self._events is None:
            self._events = nvml.nvmlEventSetCreate()
            for index in range(nvml.nvmlDeviceGetCount()):
                handle = nvml.nvmlDeviceGetHandleByIndex(index)
                nvml.nvmlDeviceRegisterEvents(handle, nvml.nvmlEventTypeXidCriticalError, self._events)
        found: list[dict[str, int]] = []
        while True:
            try:
                event = nvml.nvmlEventSetWait_v2(self._events, 0)
            except nvml.NVMLError_Timeout:
                return found
            found.append({"gpu": nvml.nvmlDeviceGetIndex(event.device), "code": int(event.eventData)})

    def _process(self, pid: int) -> dict[str, Any]:
        """What /proc says of a process; only the variables in VARIABLES are taken from its environment."""
        folder = self._proc / str(pid)
        return {
            "cgroup": _read(folder / "cgroup"),
            "environment": _variables(folder / "environ"),
            "user": _user(folder),
        }


def _instance(number: int | None) -> int | None:
    """A GPU instance's id; NVML says "none" as all ones."""
    return None if number is None or number == 0xFFFFFFFF else number


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8", errors="replace")
    except OSError:
        return ""  # it has ended, or is somebody else's


def _variables(path: Path) -> dict[str, str]:
    pairs = (entry.partition("=") for entry in _read(path).split("\0"))
    return {name: value for name, _, value in pairs if name in VARIABLES}


def _user(folder: Path) -> str | None:
    import pwd

    try:
        return pwd.getpwuid(folder.stat().st_uid).pw_name
    except (OSError, KeyError):
        return None
