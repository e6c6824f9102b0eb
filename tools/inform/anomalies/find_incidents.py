"""find_incidents: ledger → incidents; pure, and causal: a day is judged from the days before it."""

from typing import TYPE_CHECKING

from tools.inform.anomalies.detector import detect
from tools.inform.anomalies.episodes import episodes
from tools.inform.anomalies.fold import fold
from tools.inform.anomalies.incident import Incident
from tools.inform.anomalies.ledger import Ledger
from tools.inform.anomalies.rules import RULES, Rules
from tools.inform.anomalies.slices import Watched, watch

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SILENT_DAYS = 3
"""A provider that has had nothing for so long is not late: its spend has gone."""


def find_incidents(ledger: Ledger, rules: Rules = RULES) -> list[Incident]:
    """Incidents since the history was long enough, the most money first."""
    if ledger.days <= rules.history_seasons * rules.season:
        return []
    watched = watch(ledger, rules)
    found = detect(watched.costs, rules, ledger.start)
    return fold(ledger, watched, found, episodes(watched.costs, found, rules, complete_through(ledger, watched)))


def complete_through(ledger: Ledger, watched: Watched) -> "NDArray[np.int64]":
    """By slice: the last day on which what is missing is missing, rather than late.

    The newest day of a provider may still grow, so that drops are told from the day before it.
    """
    import numpy as np

    place = ledger.dimensions.index("HostProviderName") if "HostProviderName" in ledger.dimensions else None
    provider = np.array([str(row[place]) if place is not None else "" for row in ledger.values])
    last = np.zeros(len(ledger.values), np.int64)
    for name in np.unique(provider):
        leaves = np.flatnonzero(provider == name)
        newest = int(ledger.day[np.isin(ledger.leaf, leaves)].max(initial=0))
        last[leaves] = newest - 1 if newest >= ledger.days - SILENT_DAYS else ledger.days - 1
    inside = np.where(watched.member, last[None, :], ledger.days)
    return np.asarray(inside.min(axis=1))
