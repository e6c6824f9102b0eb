"""Intervals from the errors that a forecast had before (normalised conformal prediction).

The half width for a window of steps is a multiplier times the size of that window's past errors. Sizes are pooled over
neighbouring leads, as each rests on a few origins only. The multipliers are the same for every series: quantiles of how
far each origin inside M4's training parts missed, in sizes of the errors at origins that share no step with it
(`python -m evals.forecasting m4 calibrate`).
Source of the idea: Lei et al., "Distribution-free predictive inference for regression", 2018, section 5.2.
"""

from collections.abc import Mapping
from typing import Final

import numpy as np

from tools.inform.forecast.series import Floats, Outlook

MULTIPLIERS: Final[Mapping[int, float]] = {80: 1.38, 95: 2.63}
"""Percent inside → how many times the size of past errors."""
NEIGHBOURS = 0.25
"""Leads that are pooled, to either side, as a part of the horizon."""


def error_size(outlook: Outlook, start: int, steps: int) -> float | None:
    """The root mean square of past errors of the sum over `steps` steps that begin `start` steps ahead.

    Further ahead than was tested the size grows with the lead, as the error of a trend does. None without a back-test.
    """
    if not outlook.tested:
        return None
    length = min(steps, outlook.tested)
    summed = np.cumsum(np.pad(outlook.errors, ((0, 0), (1, 0))), axis=1)
    windows = summed[:, length:] - summed[:, :-length]
    last = windows.shape[1] - 1
    at = min(start, last)
    near = max(1, round(NEIGHBOURS * outlook.tested)) if length < outlook.tested else 0
    pooled = windows[:, max(0, at - near) : at + near + 1]
    size = float(np.sqrt(np.mean(pooled**2)))
    further = (start + steps) / (at + length)
    return float(size * further * (steps / length))


def step_sizes(outlook: Outlook, horizon: int) -> Floats:
    """The size of past errors for each single step ahead."""
    return np.array([error_size(outlook, step, 1) or 0.0 for step in range(horizon)])


def absolute_percentage(errors: Floats, actuals: Floats, start: int, steps: int) -> float | None:
    """WAPE of the sum over a window: absolute errors over absolute actuals, both summed over the origins.

    A window that reaches beyond what was tested is taken at the latest lead that was. None without actuals.
    """
    if not errors.size:
        return None
    length = min(steps, errors.shape[1])
    at = min(start, errors.shape[1] - length)
    missed = np.abs(errors[:, at : at + length].sum(axis=1)).sum()
    whole = np.abs(actuals[:, at : at + length].sum(axis=1)).sum()
    return float(missed / whole) if whole else None
