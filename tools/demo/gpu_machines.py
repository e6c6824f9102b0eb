"""What each of Fernhill's GPU machines did in the last five weeks, and the truth about those that did nothing."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal, NamedTuple

import numpy as np
import pyarrow.compute as pc
import pyarrow.parquet as pq

from tools.demo.calendar import Calendar, Flags, Floats
from tools.demo.fleet import Node, nodes
from tools.demo.lines import hour_starts
from tools.demo.rhythm import shape

DAYS = 35
QUIET_DAYS = 21
"""How long the idle machines have been idle at the end of the world."""
LOST_HOURS = (200, 230)
"""Hours in which no sample of one serving node arrived, though it worked."""


class Card(NamedTuple):
    """A GPU; `loaded_watts` is its draw with a model in memory and no work."""

    name: str
    memory_gib: float
    idle_watts: float
    loaded_watts: float
    top_watts: float


CARDS = {
    "H100": Card("NVIDIA H100 80GB HBM3", 80.0, 71, 116, 690),
    "A100": Card("NVIDIA A100-SXM4-40GB", 40.0, 52, 86, 395),
    "L40S": Card("NVIDIA L40S", 45.0, 34, 79, 340),
    "L4": Card("NVIDIA L4", 22.5, 12, 27, 71),
}


@dataclass(frozen=True)
class GpuMachine:
    """One machine by hour: `running` when it is charged, `load` the SM activity of its working GPUs, `held` memory."""

    host: str
    card: str
    gpus: int
    team: str
    project: str
    workload: str | None
    running: Flags
    load: Floats
    held: Floats
    working_gpus: int
    requests_at_full: float = 0.0
    """Requests an hour of a GPU at full activity; 0 for a machine that serves none."""
    first_gpu: int = 0


@dataclass(frozen=True)
class GpuTruth:
    """What a machine really is at the end of the world. Only evaluations see it."""

    host: str
    state: Literal["idle", "zombie", "waiting", "nights and weekends", "one of eight"]


def gpu_truth() -> tuple[GpuTruth, ...]:
    """Every machine that is not simply working, and nights off only where it is charged for them."""
    return (
        GpuTruth("nh-c13", "idle"),
        GpuTruth("nh-b09", "idle"),
        GpuTruth("nh-c20", "nights and weekends"),
        GpuTruth("i-0d05b7713", "waiting"),
        GpuTruth("i-0a41cc2e8", "zombie"),
        GpuTruth("i-093f0aa16", "one of eight"),
    )


def gpu_machines(bills: Path, calendar: Calendar, days: int) -> list[GpuMachine]:
    """The rented nodes, the instances and the endpoint, over the world's last `days` days."""
    billed = _billed_hours(bills, calendar, days)
    return [
        *(_node(node, calendar, days) for node in nodes()),
        *_serving_instances(billed, calendar, days),
        *_development(billed),
        *_endpoint(billed["endpoint/slides-a"], calendar, days),
    ]


def _node(node: Node, calendar: Calendar, days: int) -> GpuMachine:
    numbers = np.repeat(np.arange(calendar.days)[-days:], 24)
    running = np.ones(days * 24, dtype=bool) if not node.idle_every else numbers % node.idle_every != 1
    quiet = np.arange(days * 24) >= (days - QUIET_DAYS) * 24
    load = _rhythm("consumer" if node.model else "always", calendar, days)
    load = load * {"inference": 0.34, "training": 0.78, "evaluation": 0.44}[node.workload]
    held = np.full(days * 24, 0.93 if node.model else 0.7)
    if node.name in ("nh-c13", "nh-b09"):
        load, held = load * ~quiet, held * ~quiet
    if node.name == "nh-c20":
        office = _office(calendar, days)
        load, held = load * office, held * office
    if node.name == "nh-a05":
        running[LOST_HOURS[0] : LOST_HOURS[1]] = False
    return GpuMachine(node.name, "H100", 8, node.team, node.project, node.workload, running, load, held, 8,
                      1900 if node.model else 0)  # fmt: skip


def _serving_instances(billed: dict[str, Floats], calendar: Calendar, days: int) -> Iterator[GpuMachine]:
    """The search service's fleet: it follows the load, at a fifth of what it could do."""
    rhythm = _rhythm("consumer", calendar, days)
    for name in sorted(one for one in billed if one.startswith("i-0") and one not in DEVELOPMENT):
        load = 0.2 + 0.03 * rhythm
        yield GpuMachine(name, "L40S", 4, "discovery", "semantic-search", "inference", billed[name] > 0, load,
                         np.full(days * 24, 0.18), 4, 5200)  # fmt: skip


DEVELOPMENT = ("i-07be2c41d", "i-093f0aa16", "i-0a41cc2e8", "i-0d05b7713")


def _development(billed: dict[str, Floats]) -> Iterator[GpuMachine]:
    """Four machines of one cluster, in their charged hours: full work, one GPU of eight, a forgotten notebook, and a
    test endpoint that nobody calls."""
    for name, load, held, working, requests in (
        ("i-07be2c41d", 0.55, 0.8, 8, 0.0),
        ("i-093f0aa16", 0.31, 0.5, 1, 0.0),
        ("i-0a41cc2e8", 0.0, 0.75, 8, 0.0),
        ("i-0d05b7713", 0.0, 0.6, 8, 900.0),
    ):
        running = billed[name] > 0
        yield GpuMachine(name, "A100", 8, "ml-research", "foundation", "inference" if requests else None, running,
                         np.full(len(running), load), np.full(len(running), held), working, requests)  # fmt: skip


def _endpoint(hours: Floats, calendar: Calendar, days: int) -> Iterator[GpuMachine]:
    """Instances behind one endpoint: as many as each day's charged hours fill; requests in office hours only."""
    by_day = hours.reshape(days, 24).sum(axis=1)
    load = 0.3 * _rhythm("office", calendar, days) * _office(calendar, days)
    whole = GpuMachine("endpoint/slides-a", "L4", 4, "insights", "slide-maker", "inference",
                       np.ones(days * 24, dtype=bool), np.clip(load, 0, 0.9), np.full(days * 24, 0.62), 4,
                       640)  # fmt: skip
    for number in range(int(np.ceil(by_day.max() / 24))):
        part = np.clip(by_day - 24 * number, 0, 24)
        # The last instance of a day is up around noon.
        distance = np.abs(np.arange(24) - 12.4)
        on = distance.argsort().argsort()[None, :] < part[:, None]
        yield replace(whole, running=on.ravel(), first_gpu=4 * number)


def _rhythm(name: Literal["consumer", "office", "always"], calendar: Calendar, days: int) -> Floats:
    return np.asarray(shape(name, calendar)[-days:].ravel())


def _office(calendar: Calendar, days: int) -> Flags:
    """Working days from 7 to 20."""
    workday = (calendar.weekdays() < 5)[-days:]
    hours = np.arange(24)
    return np.asarray((workday[:, None] & ((hours >= 7) & (hours < 20))[None, :]).ravel())


def _billed_hours(bills: Path, calendar: Calendar, days: int) -> dict[str, Floats]:
    """Machine → hours charged in each of the last hours; a daily line's hours stand in the day's first one."""
    first = int(hour_starts(calendar)[-days * 24])
    files = sorted((bills / "aws").rglob("*.parquet"))[-3:]
    found: dict[str, Floats] = {}
    for path in files:
        table = pq.read_table(path, columns=["ResourceId", "ChargePeriodStart", "ConsumedQuantity"])
        named = pc.match_substring_regex(table["ResourceId"].cast("string"), "^(i-0|endpoint/)")
        table = table.filter(pc.fill_null(named, False))
        start = table["ChargePeriodStart"].cast("timestamp[s]").cast("int64").to_numpy()
        quantity = table["ConsumedQuantity"].cast("float64").to_numpy()
        names = np.array(table["ResourceId"].to_pylist(), dtype=object)
        for name in set(names.tolist()):
            inside = (names == name) & (start >= first)
            hours = found.setdefault(name, np.zeros(days * 24))
            np.add.at(hours, (start[inside] - first) // 3600, quantity[inside])
    return found
