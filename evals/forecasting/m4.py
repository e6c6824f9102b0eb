"""M4 weekly and hourly: accuracy as OWA, coverage of the intervals, beside the best published.

What was chosen on what: the interval multipliers and the power of the weights, and that smoothing models add nothing to
a long history, on origins inside the training parts alone. The set of regressions, analogs and naive members was chosen
by a person who had seen the test parts of these series, so their OWA is no blind result;
the same holds for the members that move a cycle to today's level and for the median beside the mean.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from evals.forecasting.scores import mase, naive2, smape
from tools.inform.forecast.ensemble import STEPS_A_HORIZON, outlook
from tools.inform.forecast.intervals import MULTIPLIERS, step_sizes
from tools.inform.forecast.series import Floats, Outlook


@dataclass(frozen=True)
class Part:
    """A part of M4: `season` is the one that its rules measure with, `seasons` those that models look for."""

    name: str
    horizon: int
    season: int
    seasons: tuple[int, ...]
    to_beat: float


LEAST_APART = 4
"""Origins that an error is sized by in a calibration, at least."""

PARTS = (Part("weekly", 13, 1, (52,), 0.739), Part("hourly", 48, 24, (24, 168), 0.410))


@dataclass(frozen=True)
class Series:
    """A series with what came after."""

    name: str
    history: Floats
    came: Floats


def series_of(folder: Path, part: Part) -> tuple[Series, ...]:
    """The series of a part, in the order of their names."""
    import duckdb

    rows = duckdb.connect().execute(
        "SELECT unique_id, list(y ORDER BY t) FILTER (split = 'train'), list(y ORDER BY t) FILTER (split = 'test') "
        "FROM read_parquet(?) GROUP BY 1 ORDER BY 1",
        [str(folder / f"{part.name}.parquet")],
    )
    return tuple(Series(name, np.array(train), np.array(test)) for name, train, test in rows.fetchall())


@dataclass(frozen=True)
class Judged:
    """Errors of one series and of the reference, and by how many sizes of past errors each step missed."""

    smape: float
    mase: float
    reference_smape: float
    reference_mase: float
    misses: Floats


def judge(series: Series, part: Part) -> Judged:
    found = outlook(series.history, part.horizon, part.seasons)
    reference = naive2(series.history, part.horizon, part.season)
    sizes = np.maximum(step_sizes(found, part.horizon), 1e-12)
    return Judged(
        smape(series.came, found.mean),
        mase(series.history, series.came, found.mean, part.season),
        smape(series.came, reference),
        mase(series.history, series.came, reference, part.season),
        np.abs(series.came - found.mean) / sizes if found.tested else np.full(part.horizon, np.nan),
    )


def owa(judged: Sequence[Judged]) -> float:
    """Overall weighted average: sMAPE and MASE over those of naive2, averaged."""
    by_smape = np.mean([one.smape for one in judged]) / np.mean([one.reference_smape for one in judged])
    by_mase = np.mean([one.mase for one in judged]) / np.mean([one.reference_mase for one in judged])
    return float((by_smape + by_mase) / 2)


def coverage(judged: Iterable[Judged]) -> dict[str, float]:
    """The share of steps inside the 80 and 95 % interval."""
    misses = np.concatenate([one.misses for one in judged])
    misses = misses[np.isfinite(misses)]
    return {str(level): round(float(np.mean(misses <= times)), 4) for level, times in MULTIPLIERS.items()}


def calibrate(series: Iterable[Series], part: Part) -> Floats:
    """By how many sizes each origin inside the training parts missed, sized by the origins a horizon or more apart."""
    found = [_misses_inside(outlook(one.history, part.horizon, part.seasons)) for one in series]
    return np.concatenate(found)


def _misses_inside(found: Outlook) -> Floats:
    """Empty where too few origins are apart to size an error by."""
    misses: list[Floats] = []
    at = np.arange(found.origins)
    for origin in at:
        others = found.errors[abs(at - origin) >= STEPS_A_HORIZON]
        if len(others) >= LEAST_APART:
            sizes = step_sizes(replace(found, errors=others), found.tested)
            misses.append(np.abs(found.errors[origin]) / np.maximum(sizes, 1e-12))
    return np.concatenate(misses) if misses else np.zeros(0)


def multipliers(misses: Floats) -> dict[str, float]:
    """Percent inside → how many sizes hold it."""
    return {str(level): round(float(np.quantile(misses, level / 100)), 3) for level in MULTIPLIERS}
