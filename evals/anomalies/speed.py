"""2,000 slices × 400 days: detection, episodes and folding of a made-up ledger, seconds and peak memory."""

import resource
import time

import numpy as np

from evals.machine import write_result
from tools.inform.anomalies.find_incidents import find_incidents
from tools.inform.anomalies.ledger import Ledger
from tools.inform.anomalies.rules import RULES
from tools.inform.anomalies.slices import watch

SLICES, DAYS, BAR_SECONDS, SEED = 2000, 400, 30.0, 7
DIMENSIONS = ("HostProviderName", "ServiceName", "x_Team", "x_Model", "x_Project", "RegionId")
SIZES = (4, 14, 25, 20, 60, 9)


def run(*, write: bool) -> None:
    ledger = make_ledger()
    slices = len(watch(ledger, RULES).slices)
    started = time.perf_counter()
    found = find_incidents(ledger)
    seconds = time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(f"{slices} slices × {DAYS} days, {len(ledger.values)} leaves: {seconds:.1f} s, bar {BAR_SECONDS:.0f} s")
    print(f"{len(found)} incidents, peak memory {peak:.2f} GiB")
    if write:
        figures = {"slices": slices, "days": DAYS, "leaves": len(ledger.values), "seconds": round(seconds, 2)}
        write_result(
            "anomalies_speed", {"seed": SEED, "bar_seconds": BAR_SECONDS, **figures, "peak_gib": round(peak, 2)}
        )


def make_ledger() -> Ledger:
    """Leaves until singles and pairs come to 2,000 slices, with a week's rhythm, noise, and some spikes."""
    from datetime import date

    generator = np.random.default_rng(SEED)
    rows = np.unique(np.array([generator.integers(0, size, 1500) for size in SIZES]).T, axis=0)
    values = tuple(tuple(f"{name}-{number}" for name, number in zip("hstmpr", row, strict=True)) for row in rows)
    days = np.arange(DAYS)
    week = np.where(days % 7 >= 5, 0.6, 1.0)
    cost = generator.lognormal(3, 1, len(rows))[:, None] * week * generator.lognormal(0, 0.15, (len(rows), DAYS))
    for row, day in zip(generator.integers(0, len(rows), 60), generator.integers(60, DAYS, 60), strict=True):
        cost[row, day] *= 30
    leaf, day = np.nonzero(cost)
    return Ledger(DIMENSIONS, values, leaf, day, cost[leaf, day], date(2025, 9, 1), DAYS)
