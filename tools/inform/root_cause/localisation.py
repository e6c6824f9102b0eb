"""localise: the few combinations of dimension values that explain why a total is not what was expected."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from tools.inform.root_cause.leaves import LeafTable
from tools.inform.root_cause.search import Search

Direction = Literal["rise", "fall"]


@dataclass(frozen=True)
class RootCause:
    """A combination of dimension values, and what it holds of the change.

    `combination`: (dimension, value) pairs in the order of the table's dimensions, value None for "not set"; () when
    everything moved alike, so that no part explains the change better than the whole.
    `observed`, `expected`, `contribution` (observed minus expected, exact): over the leaves that no cause found before
    covers, so that contributions never overlap. `share`: contribution as a part of the whole change, above 1 where
    other leaves moved the other way, 0 where the whole did not change.
    """

    combination: tuple[tuple[str, str | None], ...]
    observed: Decimal
    expected: Decimal
    contribution: Decimal
    share: Decimal
    leaves: int

    def covers(self, dimensions: Sequence[str], member: Sequence[str | None]) -> bool:
        """Whether a leaf with these values falls under this cause."""
        values = dict(zip(dimensions, member, strict=True))
        return all(values[dimension] == value for dimension, value in self.combination)


def localise(
    leaves: LeafTable, *, direction: Direction | None = None, most_causes: int = 5, most_dimensions: int = 3
) -> tuple[RootCause, ...]:
    """The combinations that explain the change, the largest contribution first; () when nothing moved that way.

    `direction`: which movements are searched for; None: that of the total. Ask for both where a rise and a fall may
    cancel out. Of combinations that hold the same leaves the one with fewer, then with earlier dimensions is named: put
    the dimensions that people know best first. Deterministic; some 10 ms for 2,000 leaves of 7 dimensions.
    """
    if not leaves.members or not leaves.dimensions:
        return ()
    change = leaves.change
    sign = {"rise": 1, "fall": -1, None: 1 if change >= 0 else -1}[direction]
    search = Search(leaves, sign, most_dimensions)
    if search.is_everywhere():
        return (_cause(leaves, (), list(range(len(leaves.members))), change),)
    causes: list[RootCause] = []
    while len(causes) < most_causes and (found := search.next()) is not None:
        causes += [_cause(leaves, found.cuboid.dimensions, rows, change) for rows in search.set_aside(found)]
    return tuple(sorted(causes[:most_causes], key=lambda cause: -abs(cause.contribution)))


def _cause(leaves: LeafTable, dimensions: tuple[int, ...], rows: Sequence[int], change: Decimal) -> RootCause:
    member = leaves.members[rows[0]]
    observed = sum((leaves.observed[row] for row in rows), Decimal(0))
    expected = sum((leaves.expected[row] for row in rows), Decimal(0))
    return RootCause(
        combination=tuple((leaves.dimensions[position], member[position]) for position in dimensions),
        observed=observed,
        expected=expected,
        contribution=observed - expected,
        share=(observed - expected) / change if change else Decimal(0),
        leaves=len(rows),
    )
