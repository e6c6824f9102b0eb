"""The slices worth watching: the total, each value of a dimension, and pairs; each set of charges once."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

from tools.inform.anomalies.ledger import Ledger
from tools.inform.anomalies.rules import Rules

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True)
class Slice:
    """Charges with these values, by dimension in the ledger's order; none: the total. A value None is "not set"."""

    where: tuple[tuple[str, str | None], ...] = ()

    @property
    def key(self) -> str:
        return " & ".join(f"{name}={value}" for name, value in self.where) or "total"

    @property
    def words(self) -> tuple[int, tuple[int, ...]]:
        """Sorts what says more in fewer words first: one value before two, a model before its region."""
        return len(self.where), tuple(sorted(_TELLING.index(name) for name, _ in self.where))

    def contradicts(self, other: "Slice") -> bool:
        """Whether no charge can be in both."""
        mine = dict(self.where)
        return any(name in mine and mine[name] != value for name, value in other.where)

    def within(self, other: "Slice") -> bool:
        """Whether it names everything that `other` does."""
        return set(other.where) <= set(self.where)


@dataclass(frozen=True)
class Watched:
    """The total first; `costs` is slices × days, `member` slices × leaves."""

    slices: tuple[Slice, ...]
    costs: "NDArray[np.float64]"
    member: "NDArray[np.bool_]"


def watch(ledger: Ledger, rules: Rules) -> Watched:
    """Singles and pairs, the ones of most money where there are too many; of equal sets the one of fewest words."""
    import numpy as np

    leaves = len(ledger.values)
    weight = np.bincount(ledger.leaf, weights=np.abs(ledger.cost), minlength=leaves)
    found: dict[bytes, tuple[Slice, NDArray[np.bool_]]] = {}
    for one, member in _candidates(ledger):
        found.setdefault(np.packbits(member).tobytes(), (one, member))
    kept = list(found.values())
    order = sorted(range(1, len(kept)), key=lambda index: -float(weight[kept[index][1]].sum()))
    kept = [kept[0], *(kept[index] for index in order[: rules.most_slices - 1])]
    member = np.array([held for _, held in kept])
    dense = np.zeros((leaves, ledger.days))
    np.add.at(dense, (ledger.leaf, ledger.day), ledger.cost)
    return Watched(tuple(one for one, _ in kept), member.astype(np.float64) @ dense, member)


def _candidates(ledger: Ledger) -> "Iterator[tuple[Slice, NDArray[np.bool_]]]":
    """The total, then single values, then pairs; which of two words for the same charges is told is set by order."""
    import numpy as np

    columns = [np.array([str(row[i]) for row in ledger.values]) for i in range(len(ledger.dimensions))]
    named = [np.array([row[i] is not None for row in ledger.values]) for i in range(len(ledger.dimensions))]
    yield Slice(), np.ones(len(ledger.values), dtype=np.bool_)
    telling = sorted(range(len(columns)), key=lambda i: _TELLING.index(ledger.dimensions[i]))
    for size in (1, 2):
        for chosen in combinations(telling, size):
            together = np.logical_and.reduce([named[i] for i in chosen])
            keys = columns[chosen[0]]
            if size == 2:
                keys = np.char.add(np.char.add(keys, _BETWEEN), columns[chosen[1]])
            for key in np.unique(keys[together]):
                parts = str(key).split(_BETWEEN)
                where = sorted((ledger.dimensions[i], part) for i, part in zip(chosen, parts, strict=False))
                yield Slice(tuple(where)), (keys == key) & together


_BETWEEN = "\x1f"
"""Unit separator, which no name holds; numpy drops a trailing NUL."""
_TELLING = ("x_Model", "x_Project", "x_Team", "ServiceName", "HostProviderName", "RegionId")
"""Which words for the same charges are told: a model says more than its provider."""
