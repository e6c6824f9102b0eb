"""At least 300 seeded incidents of twelve kinds: what was found, when, with which cause, and what was false.

The figures beside the bars are of worlds that nothing was tuned on; those of the tuning worlds, and of all together,
follow.
"""

from collections import Counter
from typing import Any

import numpy as np

from evals.anomalies.kinds import FIRST, KINDS, plant
from evals.anomalies.score import Score, WorldScore, score
from evals.anomalies.world import DAYS, make_world
from evals.machine import write_result
from tools.inform.anomalies.find_incidents import find_incidents
from tools.inform.anomalies.rules import RULES
from tools.inform.anomalies.slices import watch

REPORTED_SEED, TUNED_SEEDS = 20261124, (1, 2, 3, 4, 5)
"""Tuning used the worlds of `TUNED_SEEDS` only."""
BARS = {"recall by money": 0.99, "recall by count": 0.95, "cause first": 0.95, "false a week": 2.0}


def run(worlds: int, seed: int, *, write: bool) -> dict[str, Any]:
    """Plant, find, score; print a table by kind and the figures beside their bars; `worlds` of each seed."""
    found = [_one([seed, index]) for index in range(worlds)]
    planted = _planted(found)
    figures = {"seed": seed, "worlds": worlds, "incidents": len(planted), **_overall(found)}
    figures["kinds"] = {kind: _of_kind([one for one in planted if one.kind == kind]) for kind in KINDS}
    figures["false kinds"] = dict(Counter(one.kind for world in found for one in world.false))
    if seed == REPORTED_SEED:
        tuned = [_one([one, index]) for one in TUNED_SEEDS for index in range(worlds)]
        figures["tuned on"] = {"seeds": TUNED_SEEDS, "incidents": len(_planted(tuned)), **_overall(tuned)}
        figures["all"] = {"incidents": len(_planted(tuned + found)), **_overall(tuned + found)}
    _show(figures)
    if write:
        write_result("anomalies_incidents", figures)
    return figures


def _planted(found: list[WorldScore]) -> list[Score]:
    return [one for world in found for one in world.planted]


def _one(seed: list[int]) -> WorldScore:
    generator = np.random.default_rng(seed)
    world = make_world(generator)
    plant(world, [str(kind) for kind in generator.permutation(list(KINDS))], generator)
    ledger = world.ledger()
    return score(world, watch(ledger, RULES), find_incidents(ledger), (DAYS - RULES.season * RULES.history_seasons) / 7)


def _overall(found: list[WorldScore]) -> dict[str, float]:
    planted = _planted(found)
    moving = [one for one in planted if one.moved >= 0.05]
    false, raised = sum(len(world.false) for world in found), sum(world.incidents for world in found)
    hit = [one for one in planted if one.is_found]
    return {
        "recall by money": round(sum(one.money for one in hit) / sum(one.money for one in planted), 4),
        "recall by count": round(sum(one.is_found for one in moving) / len(moving), 4),
        "cause first": round(sum(one.is_cause_first for one in hit) / max(1, len(hit)), 4),
        "false a week": round(false / sum(world.weeks for world in found), 3),
        "precision": round(1 - false / max(1, raised), 4),
    }


def _of_kind(planted: list[Score]) -> dict[str, Any]:
    hit = [one for one in planted if one.is_found]
    delays = sorted(one.delay for one in hit if one.delay is not None)
    return {
        "planted": len(planted),
        "found": len(hit),
        "cause first": sum(one.is_cause_first for one in hit),
        "median delay days": delays[len(delays) // 2] if delays else None,
        "on the first day": sum(delay == 0 for delay in delays),
        "longest delay days": delays[-1] if delays else None,
        "told as": dict(Counter(one.as_kind for one in hit)),
    }


def _show(figures: dict[str, Any]) -> None:
    print(f"{figures['incidents']} incidents in {figures['worlds']} worlds, seed {figures['seed']}, from day {FIRST}")
    for kind, row in figures["kinds"].items():
        print(
            f"  {kind:18s} {row['found']:3d}/{row['planted']:<3d} cause first {row['cause first']:3d}  "
            f"delay {row['median delay days']} (most {row['longest delay days']}, first day {row['on the first day']})"
            f"  {row['told as']}"
        )
    others = {part: figures[part] for part in ("tuned on", "all") if part in figures}
    for name, bar in BARS.items():
        beside = "".join(f"   {part} {row[name]:.4f}" for part, row in others.items())
        print(f"{name:18s} {figures[name]:8.4f}   bar {bar}{beside}")
    print(f"{'precision':18s} {figures['precision']:8.4f}   false by kind {figures['false kinds']}")
