"""Cuboids: the combinations of dimensions, and for each the group that every leaf falls in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Codes = npt.NDArray[np.int64]
    Values = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Cuboid:
    """A subset of the dimensions, by position. `groups[i]` is leaf i's group, from 0 to `size` - 1."""

    dimensions: tuple[int, ...]
    groups: Codes
    size: int

    def sums(self, values: Values) -> Values:
        """The sum of `values`, one per leaf, over each group."""
        import numpy as np

        total: Values = np.bincount(self.groups, values, self.size).astype(np.float64)
        return total


def cuboids(members: Sequence[tuple[str | None, ...]], dimension_count: int, most: int) -> Iterator[Cuboid]:
    """All cuboids of 1 to `most` dimensions, those of fewer dimensions first."""
    import numpy as np

    codes = [_codes([member[position] for member in members]) for position in range(dimension_count)]
    for width in range(1, min(most, dimension_count) + 1):
        for dimensions in combinations(range(dimension_count), width):
            groups = codes[dimensions[0]]
            for position in dimensions[1:]:
                groups = groups * (int(codes[position].max()) + 1) + codes[position]
                _, groups = np.unique(groups, return_inverse=True)
            yield Cuboid(dimensions, groups, int(groups.max()) + 1)


def _codes(column: Sequence[str | None]) -> Codes:
    """A number for each value, in order of appearance."""
    import numpy as np

    known: dict[str | None, int] = {}
    return np.fromiter((known.setdefault(value, len(known)) for value in column), np.int64, len(column))
