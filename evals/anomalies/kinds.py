"""Twelve kinds of incidents, planted into a world."""

from collections.abc import Callable

import numpy as np

from evals.anomalies.world import DAYS, Leaf, Planted, World

Generator = np.random.Generator
FIRST, APART = 70, 12
"""No incident before this day; and so many days between the end of one and the onset of the next."""
LONGEST = 28
LEAST_SHARE = 0.012
"""What an incident concerns is at least this part of the company's cost: less is not worth watching."""


def plant(world: World, kinds: list[str], generator: Generator) -> World:
    """Plant one incident of each kind, one after the other; what has no room is left out."""
    day = FIRST + int(generator.integers(0, 5))
    used: set[int] = set()
    for kind in kinds:
        if day + LONGEST > DAYS - 5:
            break
        made = KINDS[kind](world, day, generator, used)
        world.planted.append(made)
        used |= set(made.leaves)
        day = made.end + APART + int(generator.integers(0, 4))
    return world


def _chosen(world: World, day: int, generator: Generator, used: set[int], *, whole: str = "leaf") -> tuple[int, ...]:
    """The leaves of one leaf, model × project, model, project, or provider × region, untouched so far, that matter."""
    total = world.cost[:, day - 14 : day].sum()
    groups: dict[tuple[str | None, ...], list[int]] = {}
    for index, leaf in enumerate(world.leaves):
        groups.setdefault(_key(leaf, whole, index), []).append(index)
    able = [tuple(rows) for key, rows in groups.items() if not set(rows) & used and None not in key]
    able = [rows for rows in able if world.cost[list(rows), day - 14 : day].sum() >= LEAST_SHARE * total]
    if not able:
        return _chosen(world, day, generator, set(), whole=whole)
    return able[int(generator.integers(len(able)))]


def _key(leaf: Leaf, whole: str, index: int) -> tuple[str | None, ...]:
    provider, _, _, model, project, region = leaf
    keys = {
        "leaf": (str(index),),
        "model": (model,),
        "project": (project,),
        "provider in project": (provider, project),
        "region": (provider, region),
    }
    return keys[whole]


def _multiplied(kind: str, low: float, high: float, days: tuple[int, int], whole: str) -> "Planter":
    """The cost of some leaves × a factor between `low` and `high`, for a number of days."""

    def planted(world: World, day: int, generator: Generator, used: set[int]) -> Planted:
        rows = _chosen(world, day, generator, used, whole=whole)
        end = day + int(generator.integers(days[0], days[1] + 1))
        factor = np.full(min(end, DAYS) - day, generator.uniform(low, high))
        return _scaled(world, kind, rows, day, factor)

    return planted


def _scaled(world: World, kind: str, rows: tuple[int, ...], day: int, factor: "np.ndarray") -> Planted:  # type: ignore[type-arg]
    end = day + len(factor)
    before = world.cost[list(rows), day:end].copy()
    world.cost[list(rows), day:end] = before * factor
    extra = float((before * (factor - 1)).sum())
    return Planted(kind, rows, day, end, extra, float(before.sum()))


def _drift(world: World, day: int, generator: Generator, used: set[int]) -> Planted:
    """Two to four percent more each day for four weeks."""
    rows = _chosen(world, day, generator, used, whole="project")
    span = min(28, DAYS - day)
    return _scaled(world, "slow_drift", rows, day, np.exp(generator.uniform(0.02, 0.04) * np.arange(1, span + 1)))


def _added(kind: str, days: tuple[int, int], share: tuple[float, float]) -> "Planter":
    """A leaf that was not there: another model for a project, at a share of the company's daily cost."""

    def planted(world: World, day: int, generator: Generator, used: set[int]) -> Planted:
        level = float(world.cost[:, day - 14 : day].sum() / 14)
        end = min(DAYS, day + int(generator.integers(days[0], days[1] + 1)))
        like = world.leaves[int(generator.integers(len(world.leaves)))]
        world.leaves.append((like[0], like[1], like[2], f"{kind}-{day}", like[4], like[5]))
        row = np.zeros(DAYS)
        row[day:end] = level * generator.uniform(*share) * np.exp(generator.normal(0, 0.1, end - day))
        world.cost = np.vstack([world.cost, row])
        return Planted(kind, (len(world.leaves) - 1,), day, end, float(row.sum()), 0.0)

    return planted


def _gone(world: World, day: int, generator: Generator, used: set[int]) -> Planted:
    rows = _chosen(world, day, generator, used, whole="provider in project")
    return _scaled(world, "vanished_spend", rows, day, np.zeros(min(10, DAYS - day)))


def _moved(world: World, day: int, generator: Generator, used: set[int]) -> Planted:
    """Most of one leaf's cost goes over to another model of the same project: the project's total hardly moves."""
    rows = _chosen(world, day, generator, used)
    end = min(DAYS, day + 10)
    part = generator.uniform(0.6, 0.95)
    leaf = world.leaves[rows[0]]
    world.leaves.append((*leaf[:3], f"moved-{day}", *leaf[4:]))
    amount = world.cost[rows[0], day:end] * part
    row = np.zeros(DAYS)
    row[day:end] = amount * generator.uniform(0.9, 1.1)
    world.cost[rows[0], day:end] -= amount
    world.cost = np.vstack([world.cost, row])
    both = (rows[0], len(world.leaves) - 1)
    return Planted("offsetting_switch", both, day, end, float(row.sum()), float(amount.sum()))


Planter = Callable[[World, int, Generator, set[int]], Planted]

KINDS: dict[str, Planter] = {
    "spike": _multiplied("spike", 2.0, 8.0, (1, 1), "leaf"),
    "burst": _multiplied("burst", 1.8, 5.0, (2, 4), "leaf"),
    "project_surge": _multiplied("project_surge", 1.6, 3.0, (3, 6), "project"),
    "model_price_up": _multiplied("model_price_up", 1.3, 2.0, (12, 12), "model"),
    "level_shift_up": _multiplied("level_shift_up", 1.5, 3.0, (12, 16), "leaf"),
    "level_shift_down": _multiplied("level_shift_down", 0.2, 0.6, (12, 16), "leaf"),
    "outage": _multiplied("outage", 0.0, 0.3, (1, 3), "provider in project"),
    "slow_drift": _drift,
    "new_spend": _added("new_spend", (10, 14), (0.015, 0.06)),
    "leaked_key": _added("leaked_key", (1, 2), (0.05, 0.30)),
    "vanished_spend": _gone,
    "offsetting_switch": _moved,
}
