"""Runaways: keys, agents, jobs, teams and models whose newest hours cost far more than their own past hours ever did.

What is usual of a spender is the top of its own past: the 99th percentile of its earlier hours, as in the daily
detector from nothing else than its past. A run is raised when its hours are several times that, when they are unlike
anything in its own stream (stream.py), so that a batch of every week is not, and when the money matters to the whole.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from tools.inform.anomalies.hourly import Hourly
from tools.inform.anomalies.stream import surprises

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

LEAST_HISTORY = 48
"""Hours before those that are judged."""
HIGH, TIMES = 0.99, 3.0
"""The quantile of a spender's past hours, and how many times it an hour is to be raised."""
MATERIAL = 0.25
"""An hour's excess is at least this part of what an hour usually costs in all."""
HOLDS, SHARES = 0.8, 0.5
"""Parts of an excess: what the one that is named holds of it, and what makes two runs the same."""
NEW = 2.0
"""The surprise of a run. In made-up companies a batch that ran before at about this size stays below it, and an hour of
six times the usual is over 3."""
GAP = 3
"""Hours of rest that do not end a run."""


@dataclass(frozen=True)
class Runaway:
    """`since` and `until` are the first and the last hour of the run (UTC, starts); costs are by hour of the run."""

    dimension: str
    value: str
    since: datetime
    until: datetime
    hours: int
    per_hour: float
    usual_per_hour: float
    """The mean over its past hours."""
    excess: float

    @property
    def key(self) -> str:
        return f"{self.dimension}={self.value}"


@dataclass(frozen=True)
class _Run:
    told: Runaway
    member: "NDArray[np.bool_]"
    first: int
    last: int


def find_runaways(hourly: Hourly, newest: int) -> list[Runaway]:
    """Those that run in the `newest` hours, each once, the most excess first; [] also for too short a history."""
    judged = hourly.hours - newest
    if judged < LEAST_HISTORY:
        return []
    runs = sorted(_runs(hourly, judged), key=lambda run: (-run.told.excess, run.told.key))
    found = []
    while runs:
        named = _named(hourly, runs[0], runs, judged)
        found.append(named.told)
        runs = [run for run in runs[1:] if run is not named and _shared(hourly, run, named, judged) < SHARES]
    return found


def _runs(hourly: Hourly, judged: int) -> Iterator[_Run]:
    import numpy as np

    usual_hour = float(hourly.cost[:, :judged].sum(axis=0).mean())
    for place, dimension in enumerate(hourly.dimensions):
        column = np.array([row[place] or "" for row in hourly.values], dtype=object)
        for value in sorted(set(column) - {""}):
            member = column == value
            series = hourly.cost[member].sum(axis=0)
            bar = float(np.quantile(series[:judged], HIGH))
            hot = (series >= TIMES * bar) & (series - bar >= MATERIAL * usual_hour)
            hits = np.flatnonzero(hot[judged:]) + judged
            if len(hits) and _is_new(series, hits, judged):
                yield _run(hourly, dimension, value, member, series, hits, judged)


def _is_new(series: "NDArray[np.float64]", hits: "NDArray[np.int64]", judged: int) -> bool:
    """Whether any of the hours is unlike all hours before those that are judged: a rare batch is not."""
    return bool(surprises(series, LEAST_HISTORY, known=judged)[hits].max() >= NEW)


def _run(
    hourly: Hourly,
    dimension: str,
    value: str,
    member: "NDArray[np.bool_]",
    series: "NDArray[np.float64]",
    hits: "NDArray[np.int64]",
    judged: int,
) -> _Run:
    """The last run of hours that follow each other."""
    import numpy as np

    hits = np.split(hits, np.flatnonzero(np.diff(hits) > GAP) + 1)[-1]
    first, last, usual = int(hits[0]), int(hits[-1]), float(series[:judged].mean())
    hours, cost = last - first + 1, float(series[first : last + 1].sum())
    told = Runaway(
        dimension, value, hourly.hour_at(first), hourly.hour_at(last), hours, cost / hours, usual, cost - usual * hours
    )
    return _Run(told, member, first, last)


def _named(hourly: Hourly, head: _Run, runs: list[_Run], judged: int) -> _Run:
    """Of the runs that hold most of the head's excess the one that usually costs least; of alike ones the first."""
    able = [run for run in runs if _shared(hourly, head, run, judged) >= HOLDS]
    order = hourly.dimensions.index
    return min(able, key=lambda run: (round(run.told.usual_per_hour, 9), order(run.told.dimension)), default=head)


def _shared(hourly: Hourly, of: _Run, with_: _Run, judged: int) -> float:
    """The part of a run's excess that charges common to both make up."""
    excess = hourly.cost[:, of.first : of.last + 1].sum(axis=1)
    excess = excess - hourly.cost[:, :judged].mean(axis=1) * (of.last + 1 - of.first)
    whole = float(excess[of.member].sum())
    return float(excess[of.member & with_.member].sum()) / whole if whole > 0 else 0.0
