"""What the fleet calls idle, zombie or waiting the lever `idle_gpu` wants to stop, and nothing else."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.optimize.gpu.world import AFTER, IDLE, TODAY, WORK, Did, Machine, world
from tools.domain.period import Period
from tools.inform.gpus.fleet import gpu_fleet
from tools.inform.gpus.request import GpuFleetRequest
from tools.optimize.gpu.idle_gpu import MEANINGS
from tools.optimize.gpu.rules import gpu_rules
from tools.optimize.search import savings
from tools.registry import ToolContext

DAYS = gpu_rules().recent_days
START = AFTER - timedelta(days=DAYS)
ANCHOR = Machine("anchor", lambda *_: WORK)
"""Works all the time, so that samples reach the month's end."""

Runs = Callable[[datetime], bool]
RUNS: dict[str, Runs] = {
    "always": lambda _: True,
    "by day": lambda hour: 7 <= hour.hour < 19,
    "on weekdays": lambda hour: hour.weekday() < 5,
    "lately": lambda hour: hour >= datetime(2026, 10, 21),
    "then stopped": lambda hour: hour < datetime(2026, 10, 29),
}
DOES = {"nothing": IDLE, "holds": Did(memory_gib=30), "waits": Did(memory_gib=30, requests=0), "works": WORK}


@dataclass(frozen=True)
class Sampling:
    """What share of the hours in which a machine ran has samples, from when on."""

    share: float
    since: datetime

    def of(self, did: Did, worked: float, seed: str) -> Callable[[datetime, int], Did | None]:
        def does(hour: datetime, _: int) -> Did | None:
            chance = Random(f"{seed} {hour}")
            if hour < self.since or chance.random() >= self.share:
                return None
            return WORK if chance.random() < worked else did

        return does


@st.composite
def machines(draw: st.DrawFn) -> list[Machine]:
    found = []
    for number in range(draw(st.integers(4, 8))):
        since = datetime(2026, 10, draw(st.sampled_from([1, 20, 23, 27])))
        sampling = Sampling(draw(st.sampled_from([1.0, 1.0, 0.95, 0.8, 0.4])), since)
        gpus = draw(st.sampled_from([1, 2]))
        does = sampling.of(DOES[draw(st.sampled_from(sorted(DOES)))], draw(st.sampled_from([0, 0, 0.02])), f"{number}")
        described = f"{gpus}x A100 node" if draw(st.booleans()) else "GPU node"
        runs = RUNS[draw(st.sampled_from(sorted(RUNS)))]
        found.append(Machine(f"m-{number}", does, described, gpus=gpus, runs=runs, billed=draw(st.integers(0, 3)) > 0))
    return found


@given(drawn=machines(), lag=st.sampled_from([0, 0, 1, 3, 10]))
@settings(max_examples=8, deadline=None)
def test_fleet_and_lever_agree_on_what_does_nothing(drawn: list[Machine], lag: int) -> None:
    with TemporaryDirectory() as folder:
        ctx = world(Path(folder), ANCHOR, *drawn, bill_until=AFTER - timedelta(days=lag))
        long = {one.name for one in drawn if _is_long_enough(one)}
        assert {name: did for name, did in in_fleet(ctx).items() if name in long} == in_lever(ctx)


@pytest.mark.parametrize("lag", [0, 2])
def test_a_machine_that_runs_by_day_and_does_nothing_is_idle_in_both(tmp_path: Path, lag: int) -> None:
    day = Machine("day", lambda *_: IDLE, runs=RUNS["by day"])
    ctx = world(tmp_path, ANCHOR, day, bill_until=AFTER - timedelta(days=lag))
    assert in_fleet(ctx) == in_lever(ctx) == {"day": "idle"}


def in_fleet(ctx: ToolContext) -> dict[str, str]:
    """Machine → verdict, of those that do nothing; all its GPUs do the same."""
    asked = GpuFleetRequest(period=Period(start=START.date(), end=TODAY), limit=1000)
    result = gpu_fleet.run(ctx, asked)
    verdicts: dict[str, set[str]] = {}
    for row in result.rows:
        verdicts.setdefault(str(row[0]).split("/")[0], set()).add(str(row[result.column_index("Verdict")]))
    return {name: one for name, (one,) in verdicts.items() if one in MEANINGS}


def in_lever(ctx: ToolContext) -> dict[str, str]:
    told = {one.resource_id or "": one.description for one in savings(ctx, None, "idle_gpu").everything}
    ends = {one.do.rpartition(":")[2]: verdict for verdict, one in MEANINGS.items()}
    return {name: ends[said.rpartition(":")[2]] for name, said in told.items()}


def _is_long_enough(one: Machine) -> bool:
    assert one.does is not None
    hours = [START + timedelta(hours=n) for n in range(DAYS * 24)]
    seen = [hour for hour in hours if one.runs(hour) and one.does(hour, 0)]
    least = gpu_rules().least_days
    return bool(seen) and (seen[-1] - seen[0]).days >= least - 1 and (AFTER - seen[-1]).days < least
