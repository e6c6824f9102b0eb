"""Rolling back-tests on usage and on daily series, against the seasonal-naive forecast.

At each origin only what came before is known. WAPE is pooled over series as they add up, and (`scaled`) after each was
divided by its own mean, so that none counts by its unit. Choices were compared on one half of the series, by name; the
other half's figures were in view, so they are no blind result.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import numpy as np

from tools.inform.forecast.ensemble import outlook
from tools.inform.forecast.series import Floats, repeated

ORIGINS = 6


@dataclass(frozen=True)
class Task:
    """A series with its rhythms, and how far ahead it is foreseen."""

    name: str
    values: Floats
    seasons: tuple[int, ...]
    horizon: int


@dataclass(frozen=True)
class Tested:
    """Absolute errors and actuals, summed over origins and steps."""

    name: str
    missed: float
    baseline_missed: float
    came: float

    @property
    def is_won(self) -> bool:
        return self.missed < self.baseline_missed


def servegen(folder: Path) -> Iterator[Task]:
    """Requests an hour of each client with 8 days or more; a day ahead."""
    import duckdb

    rows = duckdb.connect().execute(
        "SELECT model || ' ' || client, hour, sum(input_tokens + output_tokens) FROM read_parquet(?) GROUP BY 1, 2 "
        "ORDER BY 1, 2",
        [str(folder / "usage_hourly.parquet")],
    )
    found: dict[str, dict[int, float]] = {}
    for name, hour, tokens in rows.fetchall():
        found.setdefault(name, {})[int(hour.timestamp()) // 3600] = float(tokens)
    for name, hours in found.items():
        span = range(min(hours), max(hours) + 1)
        if len(span) >= 8 * 24:
            yield Task(name, np.array([hours.get(hour, 0.0) for hour in span]), (24, 168), 24)


_RHYTHMS = {"D": ((7, 364), 28), "H": ((24, 168), 48), "MS": ((12,), 12)}


def daily_series(folder: Path) -> Iterator[Task]:
    """Daily series four weeks ahead, hourly two days, monthly a year."""
    import duckdb

    rows = duckdb.connect().execute(
        "SELECT unique_id, any_value(freq), list(y ORDER BY ds) FROM read_parquet(?) WHERE y IS NOT NULL "
        "GROUP BY 1 ORDER BY 1",
        [str(folder / "series.parquet")],
    )
    for name, frequency, values in rows.fetchall():
        seasons, horizon = _RHYTHMS[frequency]
        yield Task(name, np.array(values), seasons, horizon)


def back_test(task: Task, *, state_space: bool = True) -> Tested | None:
    """The task at up to six origins, a horizon apart; None when not one fits with half of the series before it."""
    count, errors, naive, actuals = len(task.values), 0.0, 0.0, 0.0
    cuts = list(range(count - task.horizon, count // 2, -task.horizon))[:ORIGINS]
    for cut in cuts:
        known, came = task.values[:cut], task.values[cut : cut + task.horizon]
        found = outlook(known, task.horizon, task.seasons, state_space=state_space)
        season = task.seasons[0] if cut >= task.seasons[0] else 1
        errors += float(np.abs(came - found.mean).sum())
        naive += float(np.abs(came - repeated(known, season, task.horizon)).sum())
        actuals += float(np.abs(came).sum())
    return Tested(task.name, errors, naive, actuals) if cuts else None


def pooled(tested: Sequence[Tested]) -> dict[str, float]:
    """WAPE beside the baseline's, raw and with each series at its own scale, and the share of series won."""
    known = [one for one in tested if one.came > 0]
    came = sum(one.came for one in known)
    return {
        "series": len(known),
        "wape": round(sum(one.missed for one in known) / came, 4),
        "baseline_wape": round(sum(one.baseline_missed for one in known) / came, 4),
        "scaled_wape": round(float(np.mean([one.missed / one.came for one in known])), 4),
        "scaled_baseline_wape": round(float(np.mean([one.baseline_missed / one.came for one in known])), 4),
        "share_won": round(float(np.mean([one.is_won for one in known])), 4),
    }


def halves(tested: Sequence[Tested]) -> dict[str, Sequence[Tested]]:
    """All series, those that choices were made on, and those held out: by the first byte of the name's SHA-256."""
    tuned = [one for one in tested if sha256(one.name.encode()).digest()[0] % 2 == 0]
    held = [one for one in tested if one not in tuned]
    return {"all": tested, "tuned": tuned, "held out": held}


def heaviest(tested: Sequence[Tested], count: int = 5) -> list[dict[str, str | float]]:
    """The series that decide the pooled figure: their share of all error, and their own WAPE beside the baseline's."""
    missed = sum(one.missed for one in tested)
    return [
        {
            "series": one.name,
            "share_of_error": round(one.missed / missed, 4),
            "wape": round(one.missed / one.came, 4),
            "baseline_wape": round(one.baseline_missed / one.came, 4),
        }
        for one in sorted(tested, key=lambda one: -one.missed)[:count]
        if one.came
    ]
