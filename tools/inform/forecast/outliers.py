"""Days that stand out alone: a one-off purchase is no rhythm, and must not be repeated.

A day is held against the median of its weekday in the weeks around it. What differs by more than `TIMES_USUAL` scaled
median absolute deviations is pulled in to there (Huber's winsorising), unless more than two such days lie together:
those may be a new level, or an episode that returns.
"""

import numpy as np

from tools.inform.forecast.series import Floats

WEEK, WEEKS_AROUND = 7, 4
TIMES_USUAL = 8.0
MOST_TOGETHER = 2
LEAST_PART = 0.25
"""A day that differs by less than this part of its weekday is left as it is, however steady the others are."""
_MAD_TO_SIGMA = 1.4826


def outlying(values: Floats) -> Floats:
    """What each day has beyond what can be usual; 0 on ordinary days."""
    middle = _weekday_median(values)
    apart = values - middle
    usual = _MAD_TO_SIGMA * float(np.median(np.abs(apart)))
    limits = np.maximum(TIMES_USUAL * usual, LEAST_PART * np.abs(middle))
    beyond = np.sign(apart) * np.maximum(np.abs(apart) - limits, 0.0)
    return np.where(_alone(beyond != 0), beyond, 0.0)


def _weekday_median(values: Floats) -> Floats:
    """The median of the same weekday over nine weeks around each day, fewer at the ends."""
    reach = WEEK * WEEKS_AROUND
    padded = np.pad(values, reach, constant_values=np.nan)
    around = np.lib.stride_tricks.sliding_window_view(padded, 2 * reach + 1)[:, ::WEEK]
    return np.asarray(np.nanmedian(around, axis=1), dtype=np.float64)


def _alone(flags: "np.typing.NDArray[np.bool_]") -> "np.typing.NDArray[np.bool_]":
    """The flags that stand in runs of at most `MOST_TOGETHER`."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], flags.astype(np.int8), [0]])))
    kept = flags.copy()
    for start, end in edges.reshape(-1, 2):
        if end - start > MOST_TOGETHER:
            kept[start:end] = False
    return kept
