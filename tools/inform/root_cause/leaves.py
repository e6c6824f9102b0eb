"""The leaves of a measure: the finest groups at hand, each with what was observed and what was expected."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

PRIOR_WEIGHT = Decimal("0.2")
"""How much of a mean leaf's usual denominator the overall ratio weighs in a leaf's own usual ratio."""


@dataclass(frozen=True)
class LeafTable:
    """One row per leaf. `members[i]` holds leaf i's value of each dimension, None where it has none ("untagged").

    `observed` and `expected` are in one unit, usually money; a leaf that is new has expected 0, one that vanished
    observed 0. Leaves are distinct. Raises ValueError when the lengths differ.
    """

    dimensions: tuple[str, ...]
    members: Sequence[tuple[str | None, ...]]
    observed: Sequence[Decimal]
    expected: Sequence[Decimal]

    def __post_init__(self) -> None:
        if not len(self.members) == len(self.observed) == len(self.expected):
            raise ValueError(
                f"{len(self.members)} leaves with {len(self.observed)} observed and {len(self.expected)} expected "
                "values; each leaf needs one of both"
            )
        if any(len(member) != len(self.dimensions) for member in self.members):
            raise ValueError(f"each leaf needs a value, or None, for each of {', '.join(self.dimensions)}")

    @property
    def change(self) -> Decimal:
        """Observed minus expected over all leaves."""
        return sum(self.observed, Decimal(0)) - sum(self.expected, Decimal(0))


def ratio_leaves(
    dimensions: tuple[str, ...],
    members: Sequence[tuple[str | None, ...]],
    observed: Sequence[tuple[Decimal, Decimal]],
    usual: Sequence[tuple[Decimal, Decimal]],
) -> LeafTable:
    """Leaves of a ratio, from (numerator, denominator) pairs: cost and requests, cost and million tokens.

    A leaf's expected numerator is what its observed denominator would have cost at the leaf's usual ratio. So a
    change of volume or of mix explains nothing here, a change of the ratio does, and contributions are in the
    numerator's unit. A leaf that was rarely seen has an unsure usual ratio: it is drawn towards the ratio over all
    leaves, as an empirical Bayes estimate with the prior weight of PRIOR_WEIGHT mean leaves. Without any usual
    denominator every expected numerator is 0.
    """
    numerator = sum((pair[0] for pair in usual), Decimal(0))
    denominator = sum((pair[1] for pair in usual), Decimal(0))
    if not denominator:
        return LeafTable(dimensions, members, [pair[0] for pair in observed], [Decimal(0)] * len(members))
    prior = PRIOR_WEIGHT * denominator / len(usual)
    pull = prior * numerator / denominator
    expected = [
        seen[1] * (usually[0] + pull) / (usually[1] + prior) for seen, usually in zip(observed, usual, strict=True)
    ]
    return LeafTable(dimensions, members, [pair[0] for pair in observed], expected)
