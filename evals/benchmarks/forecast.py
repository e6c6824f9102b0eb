"""A forecast from cold, and a thousand series: `python -m evals.benchmarks.forecast [SERIES]`.

Cold: `outlay forecast` in a new process over the demo world, at most 3 s. Many: the ensemble with its back-test on
made-up daily series of 420 days, 62 days ahead, on every core; 1,000 series in at most 12 minutes on 2 cores.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np

from evals.benchmarks.report import Measurement, write

COLD_BAR, MANY_BAR = 3.0, 720.0
RUNS, SERIES, DAYS, AHEAD, SEED = 5, 1000, 420, 62, 11


def cold() -> Measurement:
    """The median of new processes, after one that warms the file cache."""
    with tempfile.TemporaryDirectory() as folder:
        outlay = [sys.executable, "-c", "from agent.cli.main import main; main()", "--home", str(Path(folder) / "home")]
        subprocess.run([*outlay, "demo"], check=True, capture_output=True)
        seconds = [_seconds([*outlay, "forecast", "--months", "1", "--json"]) for _ in range(RUNS + 1)][1:]
    return Measurement(
        name="cold forecast", value=statistics.median(seconds), unit="s", bar=COLD_BAR, detail={"fastest": min(seconds)}
    )


def many(count: int) -> Measurement:
    """Seconds for 1,000 series, from `count` of them."""
    start = time.perf_counter()
    with ProcessPoolExecutor(max_workers=min(2, os.cpu_count() or 1)) as pool:
        tested = list(pool.map(_one, range(count), chunksize=5))
    seconds = time.perf_counter() - start
    return Measurement(
        name="1,000 series × the ensemble on 2 cores",
        value=seconds * SERIES / count,
        unit="s",
        bar=MANY_BAR,
        detail={"series": count, "seconds": round(seconds, 1), "origins": min(tested), "seed": SEED},
    )


def _one(number: int) -> int:
    from tools.inform.forecast.daily import SEASONS
    from tools.inform.forecast.ensemble import outlook

    return outlook(_series(number), AHEAD, SEASONS).origins


def _series(number: int) -> "np.typing.NDArray[np.float64]":
    """Growth, a weekly rhythm and noise, of a size of its own."""
    random = np.random.default_rng([SEED, number])
    days = np.arange(DAYS)
    level = random.lognormal(5, 2) * (1 + random.normal(0, 0.4) * days / DAYS)
    weekly = 1 + random.uniform(0, 0.5) * np.sin(2 * np.pi * days / 7 + random.uniform(0, 6))
    return np.asarray(level * weekly * random.lognormal(0, random.uniform(0.02, 0.3), DAYS), dtype=np.float64)


def _seconds(command: list[str]) -> float:
    start = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - start


if __name__ == "__main__":
    write("forecast", [cold(), many(int(sys.argv[1]) if len(sys.argv) > 1 else SERIES)])
