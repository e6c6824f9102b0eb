"""Who to ask about a charge that nobody owns: the payer with most of the cost nearest to it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import NamedTuple

from tools.domain.period import Period
from tools.inform.allocation.grouping import Source, query_charges
from tools.semantic.model import load_model
from tools.semantic.numbers import EXACT, exact, over

LOOKS_BACK = timedelta(days=90)
"""Neighbours are looked for in the period and this long before it."""
NEAR: tuple[tuple[str, ...], ...] = (
    ("x_Project",),
    ("SubAccountId", "ServiceName"),
    ("SubAccountId",),
    ("HostProviderName", "ServiceName"),
    ("HostProviderName",),
)
"""What makes two charges neighbours, the nearest first."""
DIMENSIONS = ("x_Project", "SubAccountId", "HostProviderName", "ServiceName")


class Neighbour(NamedTuple):
    """A payer to ask, what it has in common with the charge, and its share (0-1) of the direct cost there."""

    payer: str
    shares: str
    share: Decimal | None


@dataclass(frozen=True)
class Neighbourhood:
    """The direct cost of each payer by every way of being near."""

    costs: Mapping[tuple[str, ...], Mapping[tuple[str, ...], Mapping[str, Decimal]]]

    def nearest(self, charge: Mapping[str, str | None]) -> Neighbour | None:
        """The first neighbour that has a payer; None where there is none."""
        for ways in NEAR:
            key = _key(ways, charge)
            payers = self.costs.get(ways, {}).get(key, {}) if key is not None else {}
            if payers:
                payer = max(sorted(payers), key=lambda name: payers[name])
                return Neighbour(payer, _said(ways), over(payers[payer], _total(list(payers.values()))))
        return None


def neighbourhood(source: Source, period: Period) -> Neighbourhood:
    """Payers' direct cost beside which unowned charges are found."""
    wide = Period(start=period.start - LOOKS_BACK, end=period.end)
    queried = query_charges(source, wide, DIMENSIONS)
    found: dict[tuple[str, ...], dict[tuple[str, ...], dict[str, Decimal]]] = {ways: {} for ways in NEAR}
    for _, _, place, value, *names, amount in queried.rows:
        cost, branch = exact(amount), queried.branches[place] if place is not None else None
        payer = branch.payer_of(value) if branch is not None and branch.part == "direct" else None
        if payer is None or not cost or cost < 0:
            continue
        charge = dict(zip(DIMENSIONS, names, strict=True))
        for ways in NEAR:
            if (key := _key(ways, charge)) is not None:
                payers = found[ways].setdefault(key, {})
                payers[payer] = EXACT.add(payers.get(payer, Decimal(0)), cost)
    return Neighbourhood(found)


def _key(ways: Sequence[str], charge: Mapping[str, str | None]) -> tuple[str, ...] | None:
    values = [value for name in ways if (value := charge.get(name)) is not None]
    return tuple(values) if len(values) == len(ways) else None


def _said(ways: Sequence[str]) -> str:
    return " and ".join("account" if name == "SubAccountId" else load_model().dimensions[name].label for name in ways)


def _total(values: Sequence[Decimal]) -> Decimal:
    total = Decimal(0)
    for value in values:
        total = EXACT.add(total, value)
    return total
