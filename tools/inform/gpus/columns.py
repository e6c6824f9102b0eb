"""The columns of each measure, and how each is read from a row of the fleet query."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from tools.domain.result import Column
from tools.inform.gpus.request import Group, Measure

Row = Mapping[str, Any]
Reading = Callable[[Row, Decimal], Any] | None
"""Reads a cell from a row and the window's hours; None stands for the verdict."""

_NAMES: dict[Group, tuple[str, str, str]] = {
    "gpu": ("Gpu", "GPU", "GPUs"),
    "host": ("Host", "host", "hosts"),
    "model": ("ModelName", "GPU model", "GPU models"),
    "owner": ("Owner", "owner", "owners"),
    "team": ("x_Team", "team", "teams"),
    "fleet": ("Fleet", "fleet", "fleets"),
}


class MeasureColumns(NamedTuple):
    """`order`: outputs whose sum orders the rows, most first."""

    order: tuple[str, ...]
    columns: tuple[tuple[str, str, str | None, Callable[[Row, Decimal], Any]], ...]
    """Name, label, unit (`$` for the currency), reading."""


def _of(name: str) -> Callable[[Row, Decimal], Any]:
    return lambda row, _: row[name]


def _sum(*names: str) -> Callable[[Row, Decimal], Any]:
    return lambda row, _: sum((Decimal(str(row[name])) for name in names), Decimal(0))


def _at_a_time(name: str) -> Callable[[Row, Decimal], Any]:
    """GiB-hours as GiB held at a time, over the window."""
    return lambda row, hours: None if row[name] is None else round(Decimal(str(row[name])) / hours, 4)


def _share(part: str, whole: str) -> Callable[[Row, Decimal], Any]:
    def read(row: Row, _: Decimal) -> Any:
        if not row[whole]:
            return None
        return round(Decimal(str(row[part] or 0)) / Decimal(str(row[whole])), 6)

    return read


_GPUS = ("Gpus", "GPUs", "GPUs", _of("gpus"))
_HOURS = ("GpuHours", "GPU-hours", "GPU-hours", _of("size"))
_COST = ("EffectiveCost", "effective cost", "$", _of("cost"))
_IDLE_HOURS = ("IdleHours", "GPU-hours without work", "GPU-hours", _sum("idle", "zombie"))
_IDLE_COST = ("IdleCost", "cost of the hours without work", "$", _of("no_work_cost"))
_SM = ("SmActive", "SM activity", "ratio", _of("sm_active"))
_UTILIZATION = ("GpuUtilization", "GPU utilization", "ratio", _of("gpu_utilization"))

MEASURES: dict[Measure, MeasureColumns] = {
    "activity": MeasureColumns(
        ("idle", "zombie"),
        (
            _IDLE_HOURS, _HOURS, _IDLE_COST, _SM,
            ("MemoryHeldGiB", "memory held", "GiB", _share("memory_used", "size")),
        ),
    ),
    "utilization": MeasureColumns(
        ("size",),
        (
            _SM, _UTILIZATION,
            ("DramActive", "DRAM activity", "ratio", _of("dram_active")),
            ("TensorActive", "tensor activity", "ratio", _of("tensor_active")),
            ("Allocated", "allocated", "ratio", _of("allocated")),
            _HOURS, _GPUS,
        ),
    ),
    "memory": MeasureColumns(
        ("memory_used",),
        (
            ("MemoryUnusedGiB", "memory held without work", "GiB", _at_a_time("memory_unused")),
            ("MemoryHeldGiB", "memory held", "GiB", _at_a_time("memory_used")),
            ("MemoryTotalGiB", "memory there is", "GiB", _at_a_time("memory_total")),
            ("UnusedShare", "share of held memory without work", "ratio", _share("memory_unused", "memory_used")),
            _GPUS,
        ),
    ),
    "power": MeasureColumns(
        ("energy_kwh",),
        (
            ("EnergyKwh", "energy", "kWh", _of("energy_kwh")),
            ("PowerWatts", "average power of a GPU", "W", _of("power_watts")),
            _HOURS, _GPUS,
        ),
    ),
    "cost": MeasureColumns(
        ("cost",),
        (
            _IDLE_COST, _COST,
            ("IdleShare", "share of the cost", "ratio", _share("no_work_cost", "cost")),
            ("WaitingCost", "cost of loaded endpoints without requests", "$", _of("waiting_cost")),
            ("UnsampledCost", "cost of hours without samples", "$", _of("unsampled_cost")),
            _IDLE_HOURS, _HOURS, _GPUS,
        ),
    ),
}  # fmt: skip


def columns_of(measure: Measure, group: Group, currency: str | None) -> list[tuple[Column, Reading]]:
    """The columns of a result; amounts of money are left out where no price is known."""
    key, label, plural = _NAMES[group]
    found: list[tuple[Column, Reading]] = []
    if group != "fleet":
        found.append((Column(name=key, kind="dimension", label=label, plural=plural), _of("name")))
    if measure == "activity":
        found.append((Column(name="Verdict", kind="dimension", label="verdict", plural="verdicts"), None))
        for name, word, words, output in (
            ("ModelName", "GPU model", "GPU models", "model"), ("x_Team", "team", "teams", "team"),
        ):  # fmt: skip
            found.append((Column(name=name, kind="dimension", label=word, plural=words), _of(output)))
    for name, label, unit, read in MEASURES[measure].columns:
        if unit == "$" and currency is None:
            continue
        shown = currency if unit == "$" else unit
        found.append((Column(name=name, kind="metric", label=label, unit=shown, metric=name), read))
    return found
