"""What must hold of every cube: no remainder at any level, one factor one effect, swapped sides negate."""

import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext

from evals.changes.cubes import CHANGES, GROUPS, Cube, random_cube, tidy_side
from tools.inform.change.decompose import decompose
from tools.inform.change.effects import GONE, NEW, Contribution


@dataclass(frozen=True)
class Held:
    """How many cubes were checked, and in how many something did not hold."""

    cubes: int
    with_remainder: int
    not_negated: int
    not_pure: int


def check(cubes: int, seed: int) -> Held:
    """Random cubes for remainder and negation; as many with one factor changed for purity."""
    chance = random.Random(seed)
    remainder = negated = pure = 0
    for number in range(cubes):
        cube = random_cube(chance)
        found = _decomposed(cube)
        remainder += not leaves_nothing(cube, found)
        negated += not negates(found, _decomposed(cube.swapped()))
        reason = list(CHANGES)[number % len(CHANGES)]
        pure += not yields_only(reason, tidy_side(chance))
    return Held(cubes, remainder, negated, pure)


def leaves_nothing(cube: Cube, found: Sequence[Contribution]) -> bool:
    """Whether contributions sum to the change exactly, in all and in each group."""
    with localcontext(prec=90):
        levels = [(group, [one for one in found if group in (None, one.group)]) for group in (None, *GROUPS)]
        return all(
            sum((one.amount for one in own), Decimal(0)) == cube.cost(1, group) - cube.cost(0, group)
            for group, own in levels
        )


def negates(found: Sequence[Contribution], swapped: Sequence[Contribution]) -> bool:
    """Whether each effect of each line has only changed its sign; what was new is gone then."""
    other = {NEW: GONE, GONE: NEW}
    left, right = _by_line(found, {}), _by_line(swapped, other)
    negative = {key: amount.copy_negate() for key, amount in left.items() if amount}
    return negative == {key: amount for key, amount in right.items() if amount}


def yields_only(reason: str, side: Cube) -> bool:
    """Whether a change in one factor alone has that effect alone, and all of it."""
    with localcontext(prec=90):
        cube = side + CHANGES[reason](side).later()
    found = _decomposed(cube)
    return {one.reason for one in found} == {reason} and leaves_nothing(cube, found)


def _by_line(found: Sequence[Contribution], other: dict[str, str]) -> dict[tuple[object, ...], Decimal]:
    sums: dict[tuple[object, ...], Decimal] = defaultdict(Decimal)
    with localcontext(prec=90):
        for one in found:
            sums[one.group, other.get(one.reason, one.reason), tuple(sorted(one.about.items()))] += one.amount
    return sums


def _decomposed(cube: Cube) -> list[Contribution]:
    return decompose(cube.tokens, cube.usage, cube.amounts)
