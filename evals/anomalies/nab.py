"""The Numenta Anomaly Benchmark: tools.inform.anomalies.stream by NAB's own rules, one configuration, no look-ahead.

The detector's rules were chosen on the even ones of the series in the order of their names; the odd ones are held out,
though their figures were seen when greedier sets of windows, better on the even ones, were passed over (ARTime's
published detections get 86.4 on the even and 66.5 on the odd ones, standard profile: the odd ones are harder).
As NAB does, one threshold for all series is chosen for each profile: once on the even half, and scored on it and on the
held-out half, and once on all series, which is how the published figures were made. A detector gives one score a row,
and what it does after an alarm is in that score, so a threshold is all that differs between profiles. As in NAB the
length of the probationary period is what a detector is told; unlike the published ones, which also know a file's lowest
and highest value, this one knows nothing of what is to come.
"""

import json
from datetime import UTC, datetime
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from evals.anomalies.nab_score import PROFILES, Profile, Scored, best_threshold, normalised, raw_score, scored
from evals.machine import write_result
from evals.paths import shared_data
from tools.inform.anomalies.stream import alarms, surprises

PUBLISHED = {"standard": 74.9, "low FP": 67.0, "low FN": 80.4}
"""ARTime, the best of NAB's scoreboard, on all 58 files."""
PUBLISHED_HERE = {"standard": 78.1, "low FP": 70.4, "low FN": 83.0}
"""ARTime on the 31 files that are here, from results/ARTime/*_scores.csv of github.com/numenta/NAB at 5a98e4f."""


class Series(NamedTuple):
    name: str
    score: NDArray[np.float64]
    truth: Scored


def run(*, write: bool) -> None:
    found = _series()
    if not found:
        print("the data set nab is not beside the checkout; nothing to score")
        return
    figures = {name: _figures(found, profile) for name, profile in PROFILES.items()}
    print(f"NAB, {len(found)} of its 58 series, {sum(one.truth.windows for one in found)} windows")
    for name, row in figures.items():
        published = f"published best: {PUBLISHED_HERE[name]} on these, {PUBLISHED[name]} on all 58"
        print(f"  {name:9s} all {row['all']:5.1f}   {published}   threshold {row['threshold']:.3f}")
        print(f"            tuned half {row['tuned half']:.1f}, held-out half {row['held-out half']:.1f}")
    if write:
        published = {"published_all_58": PUBLISHED, "published_these": PUBLISHED_HERE}
        write_result("anomalies_nab", {"series": len(found), **published, "profiles": figures})


def _figures(found: list[Series], profile: Profile) -> dict[str, float]:
    tuned, held_out = found[0::2], found[1::2]
    of_half, of_all = _best(tuned, profile), _best(found, profile)
    return {
        "all": round(_score(found, of_all, profile), 1),
        "tuned half": round(_score(tuned, of_half, profile), 1),
        "held-out half": round(_score(held_out, of_half, profile), 1),
        "threshold": round(of_all, 4),
    }


def _best(found: list[Series], profile: Profile) -> float:
    return best_threshold([one.truth for one in found], [one.score for one in found], profile)


def _score(found: list[Series], threshold: float, profile: Profile) -> float:
    raw = [raw_score(one.truth, np.flatnonzero(one.score >= threshold), profile) for one in found]
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
        score = alarms(surprises(values[rows], truth.first), truth.first)
        made.append(Series(name, score, truth))
    return made


def _rows(window: list[str], times: NDArray[np.float64]) -> tuple[int, int]:
    first, last = (datetime.fromisoformat(end).replace(tzinfo=UTC).timestamp() for end in window)
    inside = np.flatnonzero((times >= first - 1e-3) & (times <= last + 1e-3))
    return int(inside[0]), int(inside[-1])
