"""The Numenta Anomaly Benchmark: tools.inform.anomalies.stream by NAB's own rules, one configuration, no look-ahead.

As NAB does, one threshold for all series is chosen for each profile. It is chosen three times: on every other series
and scored on the rest, the other way round, and on all series, which is how the published figures were made.
"""

import json
from datetime import UTC, datetime
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from evals.anomalies.nab_score import PROFILES, Profile, Scored, normalised, raw_score, scored
from evals.machine import write_result
from evals.paths import shared_data
from tools.inform.anomalies.stream import alarms, surprises

PUBLISHED = {"standard": 74.9, "low FP": 67.0, "low FN": 80.4}
"""Of all 58 files; here are 31."""


class Series(NamedTuple):
    name: str
    beyond: NDArray[np.float64]
    truth: Scored


def run(*, write: bool) -> None:
    found = _series()
    if not found:
        print("the data set nab is not beside the checkout; nothing to score")
        return
    figures = {name: _figures(found, profile) for name, profile in PROFILES.items()}
    print(f"NAB, {len(found)} of its 58 series, {sum(one.truth.windows for one in found)} windows")
    for name, row in figures.items():
        print(f"  {name:9s} all {row['all']:5.1f}  published {PUBLISHED[name]} (58)   threshold {row['threshold']:.3f}")
        print(f"            tuned on one half, scored on the other: {row['second half']:.1f}, {row['first half']:.1f}")
    if write:
        write_result("anomalies_nab", {"series": len(found), "published_all_58": PUBLISHED, "profiles": figures})


def _figures(found: list[Series], profile: Profile) -> dict[str, float]:
    halves = found[0::2], found[1::2]
    best = [_best(half, profile) for half in halves]
    threshold = _best(found, profile)
    return {
        "all": round(_score(found, threshold, profile), 1),
        "second half": round(_score(halves[1], best[0], profile), 1),
        "first half": round(_score(halves[0], best[1], profile), 1),
        "threshold": round(threshold, 4),
    }


def _best(found: list[Series], profile: Profile) -> float:
    """The threshold of the highest score, among quantiles of the scores of these series."""
    values = np.concatenate([one.beyond[one.truth.first :] for one in found])
    tried = np.unique(np.quantile(values, 1 - np.geomspace(2e-5, 0.05, 100)))
    return float(max(tried, key=lambda threshold: _score(found, float(threshold), profile)))


def _score(found: list[Series], threshold: float, profile: Profile) -> float:
    raw = [raw_score(one.truth, np.array(alarms(one.beyond, threshold), dtype=np.int64), profile) for one in found]
    return normalised(sum(raw), sum(one.truth.windows for one in found), profile)


def _series() -> list[Series]:
    folder = shared_data("nab")
    if folder is None:
        return []
    import pyarrow.parquet as parquet

    windows = json.loads((folder / "combined_windows.json").read_text("utf-8"))
    table = parquet.read_table(folder / "nab.parquet").to_pydict()
    files = np.array(
        [f"{c}/{f}".replace(f"{c}/{c}/", f"{c}/") for c, f in zip(table["category"], table["file"], strict=True)]
    )
    times = np.array([moment.replace(tzinfo=UTC).timestamp() for moment in table["timestamp"]])
    values = np.array(table["value"], dtype=np.float64)
    made = []
    for name in sorted(set(files.tolist())):
        rows = np.flatnonzero(files == name)
        key = next(each for each in windows if each.rpartition("/")[2] == name.rpartition("/")[2])
        truth = scored(len(rows), [_rows(window, times[rows]) for window in windows[key]])
        made.append(Series(name, surprises(values[rows]), truth))
    return made


def _rows(window: list[str], times: NDArray[np.float64]) -> tuple[int, int]:
    first, last = (datetime.fromisoformat(end).replace(tzinfo=UTC).timestamp() for end in window)
    inside = np.flatnonzero((times >= first - 1e-3) & (times <= last + 1e-3))
    return int(inside[0]), int(inside[-1])
