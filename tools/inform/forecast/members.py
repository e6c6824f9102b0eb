"""The members of the ensemble: each takes a history and gives a path, or None when it can't."""

import warnings
from collections.abc import Callable, Mapping, Sequence
from functools import partial

import numpy as np

from tools.inform.forecast.analogs import analog_members
from tools.inform.forecast.autoregression import ridge_members
from tools.inform.forecast.levelled import levelled_members
from tools.inform.forecast.series import Floats, repeated

Member = Callable[[Floats, int], Floats | None]

MOST_CYCLES = 8
STATE_SPACE = ("AutoCES", "DynamicOptimizedTheta")
STATE_SPACE_LENGTH = 800
"""Exponential smoothing forgets: what lies further back costs time and changes nothing."""


def members(seasons: Sequence[int], *, state_space: bool = True) -> Mapping[str, Member]:
    """All members for a series with these rhythms. `state_space`: with those of statsforecast (import: 2 s)."""
    found: dict[str, Member] = {**ridge_members(seasons), **analog_members(seasons), **levelled_members(seasons)}
    for season in dict.fromkeys((seasons[0], max(seasons))):
        found[f"seasonal-naive {season}"] = partial(_repeated, season)
    found[f"median of cycles of {seasons[0]}"] = partial(_median_cycle, seasons[0])
    found["last value"] = lambda values, horizon: np.full(horizon, values[-1])
    if state_space:
        found |= {f"smoothing by {name}": partial(_statsforecast, name, seasons[0]) for name in STATE_SPACE}
    return found


def path_of(member: Member, values: Floats, horizon: int) -> Floats | None:
    """A member's path; None when it can't be fitted or runs away."""
    try:
        path = member(values, horizon)
    except (np.linalg.LinAlgError, FloatingPointError):
        return None
    return path if path is not None and bool(np.isfinite(path).all()) else None


def _repeated(season: int, values: Floats, horizon: int) -> Floats | None:
    return repeated(values, season, horizon) if len(values) >= season else None


def _median_cycle(season: int, values: Floats, horizon: int) -> Floats | None:
    """The median of each place in the last few cycles, again and again: what bursts leave standing."""
    cycles = min(MOST_CYCLES, len(values) // season)
    if not cycles:
        return None
    middle = np.median(values[len(values) - cycles * season :].reshape(cycles, season), axis=0)
    return repeated(middle, season, horizon)


def _statsforecast(name: str, season: int, values: Floats, horizon: int) -> Floats | None:
    """A model of statsforecast; it raises plain exceptions for series that it can't fit, such as tiny ones."""
    newest = np.ascontiguousarray(values[-STATE_SPACE_LENGTH:])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from statsforecast import models

        try:
            mean = getattr(models, name)(season_length=season).forecast(newest, horizon)["mean"]
        except (NotImplementedError, ValueError, ZeroDivisionError, IndexError):
            return None
    return np.asarray(mean, dtype=np.float64)
