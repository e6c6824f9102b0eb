"""The scoring rules of the Numenta Anomaly Benchmark, as its paper and its `nab` package have them.

Lavin & Ahmad, "Evaluating real-time anomaly detection algorithms", ICMLA 2015, with the profiles of
github.com/numenta/NAB config/profiles.json. A window's earliest detection scores by where in the window it lies, later
ones in it score nothing more; a detection outside loses more the further it is from the end of the window before; a
missed window loses `fn`. Rows of the probationary period are not scored. A score is normalised so that no detection at
all is 0 and every window met on its first row is 100.

Held against NAB's own sweep (nab/sweeper.py) with random detections on all 31 series and profiles: equal to 12 digits.
Its windowed Gaussian detector, rebuilt, gets the published score of 22 of the 31 files to six digits; on the other 9
the rebuilt detector, not the scoring, finds other rows than the published one.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

PROBATION_PART, PROBATION_MOST = 0.15, 5000
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Profile:
    tp: float
    fp: float
    fn: float


PROFILES = {
    "standard": Profile(1.0, 0.11, 1.0),
    "low FP": Profile(1.0, 0.22, 1.0),
    "low FN": Profile(1.0, 0.11, 2.0),
}


def probation(rows: int) -> int:
    return int(PROBATION_PART * min(rows, PROBATION_MOST))


def sigmoid(position: Floats) -> Floats:
    """NAB's scaled sigmoid: 1 well before a window's end, 0 at it, −1 well after."""
    return np.where(position >= 3.0, -1.0, 2.0 / (1.0 + np.exp(5.0 * np.minimum(position, 3.0))) - 1.0)


@dataclass(frozen=True)
class Scored:
    """What each row of a series would score if it were a detection: `inside[i]` its window or −1, `worth[i]`."""

    inside: NDArray[np.int64]
    worth: Floats
    windows: int
    first: int


def scored(rows: int, windows: Sequence[tuple[int, int]]) -> Scored:
    """`windows` are first and last row, inclusive, in order."""
    inside, worth = np.full(rows, -1), np.full(rows, -1.0)
    index = np.arange(rows)
    most = float(sigmoid(np.array(-1.0)))
    for number, (left, right) in enumerate(windows):
        width = right - left + 1
        until = windows[number + 1][0] if number + 1 < len(windows) else rows
        within = slice(left, right + 1)
        inside[within] = number
        worth[within] = sigmoid(-(right - index[within] + 1) / width) / most
        worth[right + 1 : until] = sigmoid((index[right + 1 : until] - right) / max(width - 1, 1))
    return Scored(inside, worth, len(windows), probation(rows))


def raw_score(one: Scored, hits: NDArray[np.int64], profile: Profile) -> float:
    """The sum over a series for detections at rows `hits`."""
    hits = hits[hits >= one.first]
    where = one.inside[hits]
    outside = float(one.worth[hits[where < 0]].sum()) * profile.fp
    met = np.unique(where[where >= 0])
    best = sum(float(one.worth[hits[where == window]].max()) for window in met)
    return best * profile.tp + outside - (one.windows - len(met)) * profile.fn


def best_threshold(truths: Sequence[Scored], scores: Sequence[Floats], profile: Profile) -> float:
    """The one threshold for all series of the highest score, of all that part their rows; inf where none is better.

    A row at or over a threshold is a detection. A row of −inf never is.
    """
    at, gained = [], []
    for truth, score in zip(truths, scores, strict=True):
        rows = truth.first + np.flatnonzero(np.isfinite(score[truth.first :]))
        rows = rows[np.argsort(-score[rows], kind="stable")]
        at.append(score[rows])
        gained.append(_gains(truth, rows, profile))
    level, gain = np.concatenate(at), np.concatenate(gained)
    order = np.argsort(-level, kind="stable")
    level, total = level[order], np.cumsum(gain[order])
    last_of_level = np.append(level[1:] != level[:-1], True) if len(level) else np.zeros(0, dtype=bool)
    level, total = np.append(np.inf, level[last_of_level]), np.append(0.0, total[last_of_level])
    return float(level[int(total.argmax())])


def _gains(truth: Scored, rows: NDArray[np.int64], profile: Profile) -> Floats:
    """What each of `rows` adds to the raw score when they become detections one after the other."""
    inside, worth = truth.inside[rows], truth.worth[rows]
    gained = np.where(inside < 0, worth * profile.fp, 0.0)
    for window in range(truth.windows):
        of = np.flatnonzero(inside == window)
        held = np.maximum.accumulate(np.concatenate([[-profile.fn], worth[of] * profile.tp]))
        gained[of] = np.diff(held)
    return gained


def normalised(raw: float, windows: int, profile: Profile) -> float:
    nothing, perfect = -profile.fn * windows, profile.tp * windows
    return 100 * (raw - nothing) / (perfect - nothing)
