"""M4's measures and its reference forecast (Makridakis et al., "The M4 Competition", 2020), written from its rules."""

import numpy as np

from tools.inform.forecast.series import Floats


def smape(actual: Floats, forecast: Floats) -> float:
    """Symmetric mean absolute percentage error, in percent."""
    size = np.abs(actual) + np.abs(forecast)
    return float(np.mean(200 * np.abs(actual - forecast) / np.where(size == 0, 1, size)))


def mase(history: Floats, actual: Floats, forecast: Floats, season: int) -> float:
    """Mean absolute error over that of the seasonal-naive forecast inside the history."""
    return float(np.mean(np.abs(actual - forecast)) / np.mean(np.abs(history[season:] - history[:-season])))


def naive2(history: Floats, horizon: int, season: int) -> Floats:
    """The last value, after multiplicative seasonal adjustment where a 90 % autocorrelation test finds a season."""
    if season == 1 or not _is_seasonal(history, season):
        return np.full(horizon, history[-1], dtype=np.float64)
    indices = _seasonal_indices(history, season)
    count = len(history)
    level = history[-1] / indices[(count - 1) % season]
    return np.asarray(level * indices[(count + np.arange(horizon)) % season], dtype=np.float64)


def _is_seasonal(history: Floats, season: int) -> bool:
    apart = history - history.mean()
    whole = float((apart * apart).sum())
    found = np.array([float((apart[lag:] * apart[:-lag]).sum()) / whole for lag in range(1, season + 1)])
    limit = 1.645 * np.sqrt((1 + 2 * (found[:-1] ** 2).sum()) / len(history))
    return bool(abs(found[-1]) > limit)


def _seasonal_indices(history: Floats, season: int) -> Floats:
    """Classical decomposition: the mean ratio to a centred moving average, by place in the cycle."""
    window = np.ones(season + 1)
    window[[0, -1]] = 0.5
    trend = np.convolve(history, window / season, "valid")
    ratios = history[season // 2 : season // 2 + len(trend)] / trend
    places = (np.arange(len(ratios)) + season // 2) % season
    indices = np.array([ratios[places == place].mean() for place in range(season)])
    return np.asarray(indices * season / indices.sum(), dtype=np.float64)
