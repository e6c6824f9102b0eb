"""`python -m evals.forecasting m4`, `backtest`: forecasts beside what came, on public data.

`m4 calibrate` prints the interval multipliers that origins inside the training parts ask for.
"""

import sys
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from evals.forecasting import backtest, m4
from evals.machine import write_result
from evals.paths import shared_data
from tools.inform.forecast.intervals import MULTIPLIERS

WORKERS = 2
POINTS = 1
"""Percentage points that pooled coverage may be off."""
SEED = 0
"""Nothing is drawn at random; the record names a seed like every other."""


def main(arguments: list[str]) -> int:
    what = arguments[0] if arguments else ""
    if what == "m4":
        return _calibrate(_folder("m4")) if "calibrate" in arguments else _m4(_folder("m4"))
    if what == "backtest":
        return _backtest()
    print(__doc__)
    return 2


def _calibrate(folder: Path) -> int:
    misses = [m4.calibrate(m4.series_of(folder, part), part) for part in m4.PARTS]
    for part, found in zip(m4.PARTS, misses, strict=True):
        print(f"M4 {part.name}: origins inside the training parts ask for {m4.multipliers(found)}", flush=True)
    print(f"pooled: {m4.multipliers(np.concatenate(misses))}; in use: {dict(MULTIPLIERS)}")
    return 0


def _m4(folder: Path) -> int:
    figures: dict[str, Any] = {}
    whole: list[m4.Judged] = []
    meets = True
    with ProcessPoolExecutor(max_workers=WORKERS) as pool:
        for part in m4.PARTS:
            series = m4.series_of(folder, part)
            judged = list(pool.map(partial(m4.judge, part=part), series, chunksize=4))
            whole += judged
            score, covered = m4.owa(judged), m4.coverage(judged)
            meets &= score < part.to_beat
            print(
                f"M4 {part.name}, {len(judged)} series: OWA {score:.3f} beside {part.to_beat} (best of 61 entries, on "
                f"all series); inside the 80 and 95 % interval: {covered}",
                flush=True,
            )
            figures[part.name] = {
                "series": len(judged), "owa": round(score, 4), "to_beat": part.to_beat, "coverage": covered
            }  # fmt: skip
    figures["coverage_pooled"] = pooled = m4.coverage(whole)
    meets &= all(abs(100 * inside - float(level)) <= POINTS for level, inside in pooled.items())
    print(f"pooled over both parts, inside the 80 and 95 % interval: {pooled}; {POINTS} point off is allowed")
    write_result("forecasting_m4", {"seed": SEED, "members_chosen_blind": False, **figures})
    return 0 if meets else 1


def _backtest() -> int:
    """Both sets have to be foreseen better than by the last cycle again: as they add up, and each at its own scale."""
    figures: dict[str, Any] = {}
    meets = True
    for name, folder, tasks in (
        ("servegen", "llm_usage_servegen", backtest.servegen),
        ("daily_series", "daily_series", backtest.daily_series),
    ):
        with ProcessPoolExecutor(max_workers=WORKERS) as pool:
            tested = [one for one in pool.map(backtest.back_test, tasks(_folder(folder)), chunksize=2) if one]
        parts = {part: backtest.pooled(one) for part, one in backtest.halves(tested).items()}
        figures[name] = {**parts, "heaviest": backtest.heaviest(tested)}
        for part, found in parts.items():
            print(f"{name}, {part}: {_told(found)}", flush=True)
        for one in figures[name]["heaviest"]:
            print("  {series}: {share_of_error:.1%} of the error, {wape:.4f} beside {baseline_wape:.4f}".format(**one))
        whole = parts["all"]
        meets &= all(whole[f"{scale}wape"] < whole[f"{scale}baseline_wape"] for scale in ("", "scaled_"))
    write_result("forecasting_backtest", {"seed": SEED, **figures})
    return 0 if meets else 1


def _told(found: dict[str, float]) -> str:
    return (
        f"{found['series']:.0f} series: WAPE {found['wape']:.4f} beside {found['baseline_wape']:.4f} (seasonal-naive); "
        f"each at its own scale {found['scaled_wape']:.4f} beside {found['scaled_baseline_wape']:.4f}; "
        f"{found['share_won']:.1%} of the series won"
    )


def _folder(name: str) -> Path:
    folder = shared_data(name)
    if folder is None:
        sys.exit(f"the public data set {name} is not here")
    return folder


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
