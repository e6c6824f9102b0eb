"""M4 weekly and hourly: accuracy as OWA, coverage of the intervals, beside the best published.

The configuration, and the interval multipliers, were chosen without the test parts: members and weights by errors in
the training parts, multipliers so that the last window inside each training part was covered (`calibrate`).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from evals.forecasting.scores import mase, naive2, smape
from tools.inform.forecast.ensemble import outlook
from tools.inform.forecast.intervals import MULTIPLIERS, step_sizes
from tools.inform.forecast.series import Floats


@dataclass(frozen=True)
class Part:
    """A part of M4: `season` is the one that its rules measure with, `seasons` those that models look for."""

    name: str
    horizon: int
    season: int
    seasons: tuple[int, ...]
    to_beat: float


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


def calibrate(series: Iterable[Series], part: Part) -> dict[str, float]:
    """The multipliers that would have covered the last window inside the training parts."""
    inside = [Series(one.name, one.history[: -part.horizon], one.history[-part.horizon :]) for one in series]
    misses = np.concatenate([judge(one, part).misses for one in inside])
    misses = misses[np.isfinite(misses)]
    return {str(level): round(float(np.quantile(misses, level / 100)), 3) for level in MULTIPLIERS}
