"""The ensemble: members count by how little they missed at past origins, and its own misses there are its error.

A member's weight is its mean absolute error to the power of -4, over up to eight origins, divided by the number of
members of its kind: ten regressions are one opinion. Half of the forecast is the members' weighted mean, half their
weighted median, which a member that runs away can't move (compared on a half of the series that evals/forecasting
back-tests, with the figures of the other half in view). The error reported for an origin is that of the ensemble whose
weights come from the other origins, so that no origin judges its own choice. The same for every series.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from tools.inform.forecast.members import Member, members, path_of
from tools.inform.forecast.series import Floats, Outlook, known_seasons, repeated

ORIGINS = 8
POWER = 4
"""Chosen on the last window inside M4's training parts, where 4 to 6 differ by less than 0.5 % and 3 misses more."""
SHORT_CYCLES = 10
"""Smoothing models join while the history holds fewer cycles than this of its shortest rhythm. The regressions tell a
longer one as well (OWA 0.836 without, 0.840 with, on windows inside M4's weekly training parts), in a fifth of the time
and without an import of 2 s; a short one they don't."""
STEPS_A_HORIZON = 3
"""Origins lie a third of the tested horizon apart."""
ROUNDING = 1e-9
TESTED_PART = 4
"""At most a quarter of the history is tested ahead."""


class Origin(NamedTuple):
    """A day in the past from which a forecast is made: what was known, and what came."""

    known: Floats
    came: Floats


def outlook(values: Floats, horizon: int, seasons: Sequence[int], *, state_space: bool = True) -> Outlook:
    """Forecast `horizon` steps after `values`; rhythms that the history does not hold twice are left out.

    `state_space`: whether smoothing models may join.
    """
    rhythms = known_seasons(len(values), seasons) or (1,)
    season = rhythms[0]
    baseline = repeated(values, season, horizon)
    origins = past_origins(values, horizon, season)
    chosen = members(rhythms, state_space=state_space and len(values) < SHORT_CYCLES * season)
    now = {name: path for name, member in chosen.items() if (path := path_of(member, values, horizon)) is not None}
    if not origins:
        nothing = np.zeros((0, 0))
        return Outlook(baseline, baseline, nothing, nothing, nothing, {f"seasonal-naive {season}": 1.0})
    names = list(now)
    paths = np.array([_paths(chosen, names, origin) for origin in origins])
    came = np.array([origin.came for origin in origins])
    missed = np.abs(came[:, None, :] - paths).mean(axis=2)
    alike = np.array([sum(_kind(other) == _kind(name) for other in names) for name in names], dtype=np.float64)
    weights = _weights(missed, alike, np.ones(len(names), dtype=bool))
    mean = together(weights, np.array([now[name] for name in names]))
    before = np.array([_without(paths, missed, alike, index) for index in range(len(origins))])
    naive = np.array([repeated(origin.known, season, len(origin.came)) for origin in origins])
    counted = {name: float(weight) for name, weight in zip(names, weights, strict=True) if weight > 0}
    return Outlook(mean, baseline, came - before, came - naive, came, counted)


def past_origins(values: Floats, horizon: int, season: int) -> list[Origin]:
    """Up to eight origins, newest first, each with all of its tested horizon known; [] for too short a history."""
    count, tested = len(values), min(horizon, len(values) // TESTED_PART)
    least = max(2 * season + 2, count // 3, 8)
    if tested < 1 or count - tested < least:
        return []
    step = max(1, min(-(-tested // STEPS_A_HORIZON), (count - tested - least) // (ORIGINS - 1) or 1))
    cuts = range(count - tested, least - 1, -step)[:ORIGINS]
    return [Origin(values[:cut], values[cut : cut + tested]) for cut in cuts]


def together(weights: Floats, paths: Floats) -> Floats:
    """The middle between the weighted mean of members' paths and their weighted median at each step."""
    order = np.argsort(paths, axis=0, kind="stable")
    half = (np.cumsum(weights[order], axis=0) >= 0.5 - ROUNDING).argmax(axis=0)
    steps = np.arange(paths.shape[1])
    middle = paths[order[half, steps], steps]
    found: Floats = (weights @ paths + middle) / 2
    return found


def _paths(chosen: Mapping[str, Member], names: Sequence[str], origin: Origin) -> Floats:
    """What each member would have said; NaN where it could not."""
    steps = len(origin.came)
    found = [path_of(chosen[name], origin.known, steps) for name in names]
    return np.array([np.full(steps, np.nan) if path is None else path for path in found])


def _kind(name: str) -> str:
    """Members of one kind differ in what they look at: "ridge sparse", "ridge dense"."""
    return name.partition(" ")[0]


def _weights(missed: Floats, alike: Floats, able: "np.typing.NDArray[np.bool_]") -> Floats:
    """`missed`: origins × members. Members that were never tested, or can't now, count nothing."""
    tested = ~np.isnan(missed)
    sizes = np.where(tested, missed, 0).sum(axis=0) / np.maximum(tested.sum(axis=0), 1)
    able = able & tested.any(axis=0)
    if not able.any():
        return np.full(len(able), 1 / len(able))
    least = sizes[able].min() + 1e-12
    weights = np.where(able, (least / (np.where(able, sizes, 1.0) + 1e-12)) ** POWER / alike, 0.0)
    normed: Floats = weights / weights.sum()
    return normed


def _without(paths: Floats, missed: Floats, alike: Floats, index: int) -> Floats:
    """The ensemble's path from an origin, with the weights that the other origins give."""
    others = np.delete(missed, index, axis=0) if len(missed) > 1 else missed
    weights = _weights(others, alike, ~np.isnan(missed[index]))
    return together(weights, np.nan_to_num(paths[index]))
