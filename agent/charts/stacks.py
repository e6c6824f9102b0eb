"""Lengths to draw, and where the parts of a stack start."""

from collections.abc import Sequence
from decimal import Decimal


class Stacks:
    """One stack for each place: positive parts grow away from zero on one side, negative ones on the other."""

    def __init__(self, places: int) -> None:
        self._up, self._down = [0.0] * places, [0.0] * places

    def start(self, lengths: Sequence[float]) -> list[float]:
        """Where these parts start; they then belong to the stacks."""
        starts = []
        for place, length in enumerate(lengths):
            side = self._up if length >= 0 else self._down
            starts.append(side[place])
            side[place] += length
        return starts

    @property
    def lowest(self) -> float:
        return min(self._down, default=0.0)

    @property
    def highest(self) -> float:
        return max(self._up, default=0.0)


def drawn(value: Decimal | None) -> float:
    """A length; nothing is drawn for an unknown value."""
    return 0.0 if value is None else float(value)
