"""A daily series foreseen: edges of months and lone outliers taken out, the ensemble run, the edges put back."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import numpy as np

from tools.inform.forecast.calendar_effects import added, month_edge_effects
from tools.inform.forecast.ensemble import outlook, past_origins
from tools.inform.forecast.outliers import outlying
from tools.inform.forecast.series import Floats, Outlook, known_seasons, repeated

SEASONS = (7, 364)
LEAST_DAYS = 7
LEAST_FOR_MODELS = 28
"""Below this the seasonal-naive forecast stands alone: a few weeks tell no model from another."""
HORIZONS = (62, 124, 248)
"""Days ahead that models are weighed on: the least that reaches, so that the rest of this month, next month and both
together are told by one forecast."""
TIMES_HISTORY = 3
"""A history carries a forecast at most so many times its own length."""


def foresee(first: date, amounts: Sequence[Decimal | None], horizon: int, *, state_space: bool) -> Outlook:
    """The outlook of the days after `amounts`, which begin on `first`; `horizon` of them or more."""
    values = _filled(amounts)
    horizon = next((days for days in HORIZONS if days >= horizon), horizon)
    if len(values) < LEAST_FOR_MODELS:
        naive, nothing = repeated(values, SEASONS[0], horizon), np.zeros((0, 0))
        return Outlook(naive, naive, nothing, nothing, nothing, {f"seasonal-naive {SEASONS[0]}": 1.0})
    effects = month_edge_effects(first, values)
    ahead = added(effects, first + timedelta(days=len(values)), horizon)
    plain = values - added(effects, first, len(values))
    beyond = outlying(plain)
    found = outlook(plain - beyond, horizon, SEASONS, state_space=state_space)
    mean = found.mean + ahead
    if values.min() >= 0:
        mean = np.maximum(mean, 0.0)
    return replace(_with_plain_baseline(_missing(found, beyond, horizon), values, horizon), mean=mean)


def _missing(found: Outlook, beyond: Floats, horizon: int) -> Outlook:
    """The same with outliers among the errors: they came, and no model foresaw them."""
    if not found.origins:
        return found
    season = (known_seasons(len(beyond), SEASONS) or (1,))[0]
    return replace(found, errors=found.errors + [origin.came for origin in past_origins(beyond, horizon, season)])


def _with_plain_baseline(found: Outlook, values: Floats, horizon: int) -> Outlook:
    """The baseline knows no edges of months: it repeats the last week as it was."""
    season = (known_seasons(len(values), SEASONS) or (1,))[0]
    origins = past_origins(values, horizon, season)
    baseline = repeated(values, season, horizon)
    if not origins:
        return replace(found, baseline=baseline)
    came = np.array([origin.came for origin in origins])
    missed = came - np.array([repeated(origin.known, season, len(origin.came)) for origin in origins])
    return replace(found, baseline=baseline, baseline_errors=missed, actuals=came)


def _filled(amounts: Sequence[Decimal | None]) -> Floats:
    """Floats; a day without a value (a ratio over nothing) takes that of the day before."""
    values = np.array([np.nan if one is None else float(one) for one in amounts])
    known = np.flatnonzero(~np.isnan(values))
    latest = np.maximum.accumulate(np.where(np.isnan(values), 0, np.arange(len(values))))
    latest = np.where(latest == 0, known[0] if len(known) else 0, latest)
    filled: Floats = values[latest]
    return filled
