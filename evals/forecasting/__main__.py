"""`python -m evals.forecasting m4`, `backtest`: forecasts beside what came, on public data.

`m4 calibrate` prints the interval multipliers that the training parts ask for.
"""

import sys
from pathlib import Path
from typing import Any

from evals.forecasting import backtest, m4
from evals.machine import write_result
from evals.paths import shared_data

TUNED_ON = 3
"""Every third series is enough to choose two numbers."""
SEED = 0
"""Nothing is drawn at random; the record names a seed like every other."""


def main(arguments: list[str]) -> int:
    what = arguments[0] if arguments else ""
    if what == "m4":
        return _m4(_folder("m4"), calibrates="calibrate" in arguments)
    if what == "backtest":
        return _backtest()
    print(__doc__)
    return 2


def _m4(folder: Path, *, calibrates: bool) -> int:
    figures: dict[str, Any] = {}
    whole: list[m4.Judged] = []
    meets = True
    for part in m4.PARTS:
        series = m4.series_of(folder, part)
        if calibrates:
            found = m4.calibrate(series[::TUNED_ON], part)
            print(f"M4 {part.name}: multipliers for the last training window: {found}", flush=True)
            continue
        judged = [m4.judge(one, part) for one in series]
        whole += judged
        score, halves = m4.owa(judged), [m4.owa(judged[0::2]), m4.owa(judged[1::2])]
        covered = m4.coverage(judged)
        meets &= score < part.to_beat
        print(
            f"M4 {part.name}, {len(judged)} series: OWA {score:.3f} beside {part.to_beat} (best of 61 entries, on all "
            f"series); every second series {halves[0]:.3f} and {halves[1]:.3f}; inside: {covered}",
            flush=True,
        )
        figures[part.name] = {
            "series": len(judged), "owa": round(score, 4), "to_beat": part.to_beat,
            "owa_tuned_half": round(halves[0], 4), "owa_other_half": round(halves[1], 4), "coverage": covered,
        }  # fmt: skip
    if calibrates:
        return 0
    figures["coverage_pooled"] = m4.coverage(whole)
    print(f"pooled over both parts, inside the 80 and 95 % interval: {figures['coverage_pooled']}")
    write_result("forecasting_m4", {"seed": SEED, **figures})
    return 0 if meets else 1


def _backtest() -> int:
    figures: dict[str, Any] = {}
    meets = True
    for name, folder, tasks in (
        ("servegen", "llm_usage_servegen", backtest.servegen),
        ("daily_series", "daily_series", backtest.daily_series),
    ):
        tested = [one for task in tasks(_folder(folder)) if (one := backtest.back_test(task)) is not None]
        figures[name] = found = backtest.pooled(tested)
        meets &= found["wape"] < found["baseline_wape"]
        print(
            f"{name}, {found['series']:.0f} series: WAPE {found['wape']:.4f} beside {found['baseline_wape']:.4f} "
            f"(seasonal-naive); each at its own scale {found['scaled_wape']:.4f} beside "
            f"{found['scaled_baseline_wape']:.4f}; {found['share_won']:.1%} of the series won",
            flush=True,
        )
    write_result("forecasting_backtest", {"seed": SEED, **figures})
    return 0 if meets else 1


def _folder(name: str) -> Path:
    folder = shared_data(name)
    if folder is None:
        sys.exit(f"the public data set {name} is not here")
    return folder


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
