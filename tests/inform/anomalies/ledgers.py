"""Small companies of daily costs, with what happened to them written out."""

from datetime import date

import numpy as np

from tools.inform.anomalies.ledger import Ledger

START, DAYS = date(2026, 1, 5), 120
DIMENSIONS = ("HostProviderName", "ServiceName", "x_Team", "x_Model", "x_Project", "RegionId")
NAMES = (
    ("Obrist", "Obrist API", "atlas", "o-large", "atlas-a", None),
    ("Obrist", "Obrist API", "atlas", "o-mini", "atlas-a", None),
    ("Obrist", "Obrist API", "birch", "o-large", "birch-a", None),
    ("Vantage", "Vantage Compute", "birch", None, "birch-b", "north-1"),
    ("Vantage", "Vantage Compute", "comet", None, "comet-a", "south-2"),
)


def costs(seed: int = 0) -> "np.ndarray[tuple[int, int], np.dtype[np.float64]]":
    """Leaves × days: 100 a day with quiet weekends and 5 % noise; day 0 is a Monday."""
    generator = np.random.default_rng(seed)
    week = np.where(np.arange(DAYS) % 7 >= 5, 0.5, 1.0)
    return 100 * week * np.exp(generator.normal(0, 0.05, (len(NAMES), DAYS)))


def ledger(cost: "np.ndarray[tuple[int, int], np.dtype[np.float64]]") -> Ledger:
    leaf, day = np.nonzero(cost)
    return Ledger(DIMENSIONS, NAMES, leaf, day, cost[leaf, day], START, cost.shape[1])
