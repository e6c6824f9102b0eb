"""How true realised savings are: `python -m evals.proof [WORLDS A CELL]`.

Made-up daily costs of one to three machines over the days before and after a change, of five kinds. What they would
have cost without the change is drawn too, so that the true saving is known to the cent; the product sees only what they
did cost. References: the nominal coverage; and the ways in use elsewhere, the estimate of a month like the last one and
the mean of the four weeks before, which have no interval. The estimate is told what the change did (nothing, half,
all of it), which nobody knows; the others have to find out.
"""

import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import numpy as np
import numpy.typing as npt

from evals.machine import write_result
from tools.domain.remediation import AppliedChange, Change, Estimate, RemediationPlan, Seen, TargetRef
from tools.operate.proof.measure import measure
from tools.operate.proof.realised import Measured
from tools.operate.proof.target_costs import TargetCost

Floats = npt.NDArray[np.float64]
SEED, WORLDS = 20_261_124, 20
CHANGES = ("stopped", "halved", "came back", "none")
HISTORIES = {"4 weeks or more": (28, 240), "two to four weeks": (14, 28), "under two weeks": (4, 14)}
LEVELS = (80, 95)


@dataclass(frozen=True)
class World:
    """A plan's machines: `without` the change and `actual`, machines × days; the change is on day `history`."""

    kind: str
    change: str
    past: str
    first: date
    history: int
    without: Floats
    actual: Floats
    back_on: int | None

    @property
    def true(self) -> float:
        after = self.history + 1
        return float((self.without - self.actual)[:, after:].sum())


def constant(rng: np.random.Generator, weekdays: npt.NDArray[np.int64]) -> Floats:
    """Always on, at one price; sometimes the price moves a little."""
    level = np.full(len(weekdays), rng.uniform(5, 800))
    step = int(rng.integers(0, len(weekdays)))
    level[step:] *= rng.choice([1.0, 1.0, rng.uniform(0.9, 1.1)])
    return level


def weekday(rng: np.random.Generator, weekdays: npt.NDArray[np.int64]) -> Floats:
    """Working days, with an odd day off or a weekend worked."""
    hours = np.where(weekdays < 5, rng.integers(8, 13), 0).astype(np.float64)
    odd = rng.random(len(weekdays)) < 0.02
    hours[odd] = np.where(hours[odd] > 0, 0, 8)
    return hours * rng.uniform(1, 40)


def growing(rng: np.random.Generator, weekdays: npt.NDArray[np.int64]) -> Floats:
    """A level that grows or shrinks steadily, with a weekly rhythm and some noise."""
    days = np.arange(len(weekdays))
    rhythm = np.where(weekdays < 5, 1.0, rng.uniform(0.4, 1.0))
    noise = np.exp(0.05 * rng.standard_normal(len(days)))
    return rng.uniform(20, 500) * np.exp(rng.uniform(-0.003, 0.008) * days) * rhythm * noise


def noisy(rng: np.random.Generator, weekdays: npt.NDArray[np.int64]) -> Floats:
    """Noise with a memory of days around a level."""
    shocks, state = 0.25 * rng.standard_normal(len(weekdays)), np.zeros(len(weekdays))
    memory = rng.uniform(0.0, 0.7)
    for day in range(1, len(weekdays)):
        state[day] = memory * state[day - 1] + shocks[day]
    return rng.uniform(20, 500) * np.exp(state) * np.where(weekdays < 5, 1.0, rng.uniform(0.5, 1.0))


def intermittent(rng: np.random.Generator, weekdays: npt.NDArray[np.int64]) -> Floats:
    """Jobs: runs of some days, then none for some."""
    on, days = bool(rng.random() < 0.5), np.zeros(len(weekdays))
    stay_on, stay_off = rng.uniform(0.4, 0.85), rng.uniform(0.4, 0.85)
    price = rng.uniform(50, 600)
    for day in range(len(days)):
        on = rng.random() < (stay_on if on else 1 - stay_off)
        days[day] = price * rng.uniform(0.4, 1.0) if on else 0.0
    return days


KINDS: dict[str, Callable[[np.random.Generator, npt.NDArray[np.int64]], Floats]] = {
    "constant": constant, "weekday": weekday, "growing": growing, "noisy": noisy, "intermittent": intermittent,
}  # fmt: skip


def worlds(count: int, seed: int) -> Iterator[World]:
    """`count` of every kind, change and length of the past."""
    for number, (past, span) in enumerate(HISTORIES.items()):
        for kind in KINDS:
            for change in CHANGES:
                rng = np.random.default_rng([seed, number, *map(ord, kind + change)])
                yield from (_world(rng, kind, change, past, span) for _ in range(count))


def _world(rng: np.random.Generator, kind: str, change: str, past: str, span: tuple[int, int]) -> World:
    history, after = int(rng.integers(*span)), int(rng.integers(7, 43))
    after = min(after, 3 * history)
    first = date(2025, 1, 1) + timedelta(days=int(rng.integers(0, 365)))
    weekdays = (np.arange(history + 1 + after) + first.weekday()) % 7
    machines = int(rng.integers(1, 4))
    without = np.round(np.array([KINDS[kind](rng, weekdays) for _ in range(machines)]), 2)
    without[:, 0] = np.maximum(without[:, 0], 1.0)
    actual, back_on = without.copy(), None
    if change != "none":
        actual[:, history:] *= 0.5 if change == "halved" else 0.0
    if change == "came back":
        back_on = history + 1 + int(rng.integers(min(7, after - 1), after))
        actual[0, back_on:] = without[0, back_on:]
    return World(kind, change, past, first, history, without, np.round(actual, 2), back_on)


@dataclass(frozen=True)
class Judged:
    """One world beside what the product measured, in the bill's currency."""

    world: World
    measured: Measured
    by_mean: float
    by_estimate: float

    def holds(self, level: int, value: float) -> bool:
        low, high = self.measured.limits[level]
        return float(low) - 0.005 <= value <= float(high) + 0.005

    @property
    def would_have_cost(self) -> float:
        return float(self.world.without[:, self.world.history + 1 :].sum())


def judge(world: World) -> Judged:
    machines, days = world.without.shape
    dates = [world.first + timedelta(days=n) for n in range(days)]
    costs = {
        f"i-{n}": TargetCost(
            {day: Decimal(str(one)) for day, one in zip(dates, world.actual[n], strict=True) if one}, {}, dates[-1]
        )
        for n in range(machines)
    }
    known = world.without[:, : world.history]
    month = float(known[:, -30:].sum()) / min(30, world.history) * 365 / 12
    found = measure(_applied(world, dates[world.history], month), costs).measured
    if found is None:
        raise AssertionError(f"nothing measured of {world}")
    after = days - world.history - 1
    spent = float(world.actual[:, world.history + 1 :].sum())
    by_mean = float(known[:, -28:].sum()) / min(28, world.history) * after - spent
    saved = 0.0 if world.change == "none" else 0.5 if world.change == "halved" else 1.0
    return Judged(world, found, by_mean, month * 12 / 365 * after * saved)


def _applied(world: World, day: date, month: float) -> AppliedChange:
    at = datetime.combine(day, time(12), UTC)
    state = Seen(state={"State": "running"})
    changes = tuple(
        Change(target=TargetRef(id=f"i-{n}"), seen=state, after={"State": "stopped"},
               saving=Estimate(amount=Decimal(round(month))))
        for n in range(len(world.without))
    )  # fmt: skip
    plan = RemediationPlan(
        action="ec2_stop", parameters={}, changes=changes, permissions=(), reversible=True, rollback="", risk="low",
        currency="USD", proposed_by="ada", made_at=at, expires_at=at, nonce="0" * 32,
    )  # fmt: skip
    return AppliedChange("p-1", plan, at)


def figures(judged: Sequence[Judged]) -> dict[str, float | int]:
    """Shares are fractions; errors are parts of what would have been paid, summed over the worlds."""
    paid = sum(one.would_have_cost for one in judged)
    twins = [one for one in judged if one.world.change == "none"]
    back = [one for one in judged if one.world.back_on is not None]
    found: dict[str, float | int] = {"worlds": len(judged)}
    for level in LEVELS:
        found[f"covered_{level}"] = _share([one.holds(level, one.world.true) for one in judged])
    if twins:
        found["twins_that_cover_zero_95"] = _share([one.holds(95, 0.0) for one in twins])
    found["bias"] = sum(float(one.measured.realised) - one.world.true for one in judged) / paid
    for name, values in _errors(judged).items():
        found[f"error_{name}"] = values / paid
    if back:
        found["came_back_named"] = _share([_named(one) for one in back])
        found["came_back_on_the_day"] = _share([_named(one, exactly=True) for one in back])
    steady = [one for one in judged if one.world.change in ("stopped", "none")]
    if steady:
        found["came_back_wrongly"] = _share([_came_back(one) is not None for one in steady])
    return {key: round(value, 4) for key, value in found.items()}


def _errors(judged: Sequence[Judged]) -> dict[str, float]:
    """Absolute errors of the product and of both references."""
    return {
        "realised": sum(abs(float(one.measured.realised) - one.world.true) for one in judged),
        "mean_before": sum(abs(one.by_mean - one.world.true) for one in judged),
        "estimate": sum(abs(one.by_estimate - one.world.true) for one in judged),
    }


def _came_back(one: Judged) -> date | None:
    return next((target.came_back for target in one.measured.targets if target.came_back is not None), None)


def _named(one: Judged, *, exactly: bool = False) -> bool:
    """Whether the machine that came back is named; exactly: with the first day on which it cost something again."""
    named, world = one.measured.targets[0].came_back, one.world
    costs = np.flatnonzero(world.actual[0, world.back_on :]) if world.back_on is not None else np.zeros(0)
    if not len(costs):
        return named is None  # it never ran again, so there is nothing to name
    return (
        named == world.first + timedelta(days=int(world.back_on or 0) + int(costs[0])) if exactly else named is not None
    )


def _share(flags: Sequence[bool]) -> float:
    return sum(flags) / len(flags)


def main(arguments: Sequence[str]) -> int:
    count = int(arguments[0]) if arguments else WORLDS
    judged = [judge(world) for world in worlds(count, SEED)]
    told: dict[str, dict[str, float | int]] = {}
    for past in HISTORIES:
        of = [one for one in judged if one.world.past == past]
        told[past] = figures(of)
        for kind in KINDS:
            told[f"{past}, {kind}"] = figures([one for one in of if one.world.kind == kind])
    for change in CHANGES:
        told[f"all, {change}"] = figures([one for one in judged if one.world.change == change])
    print(_table(told))
    write_result("proof", {"seed": SEED, "nominal": {"covered_80": 0.8, "covered_95": 0.95}, "cells": told})
    return 0


def _table(told: dict[str, dict[str, float | int]]) -> str:
    heads = ("worlds", "80", "95", "twins 0", "bias", "error", "mean", "estimate", "named", "day", "wrongly")
    keys = ("worlds", "covered_80", "covered_95", "twins_that_cover_zero_95", "bias", "error_realised",
            "error_mean_before", "error_estimate", "came_back_named", "came_back_on_the_day",
            "came_back_wrongly")  # fmt: skip
    lines = [f"{'':34}" + "".join(f"{head:>10}" for head in heads)]
    for name, row in told.items():
        cells = ("" if key not in row else str(row[key]) if key == "worlds" else f"{row[key]:.3f}" for key in keys)
        lines.append(f"{name:34}" + "".join(f"{cell:>10}" for cell in cells))
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
