"""The change of a product, shared out to its factors without a remainder.

A cost is a product of factors: requests × share of the model × … × price. Its change is shared out by the Shapley
value (Shapley 1953; for decompositions: Sun, "Changes in energy consumption", Energy Economics 20, 1998; Ang, Liu and
Chew, "Perfect decomposition techniques", 2003). For factors x₁ … xₙ, before and after, factor i gets

    (xᵢ′ − xᵢ) · Σ over S ⊆ N∖{i} of |S|! (n − 1 − |S|)! / n! · Π j∈S xⱼ′ · Π j∉S xⱼ

It needs no logarithm, so zero and negative amounts are nothing special; with two factors it is Bennet's indicator
(1920). Factors sum to the change exactly; one that did not change gets nothing; with before and after swapped each
effect changes its sign. All of it is computed in whole numbers.
"""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from math import factorial, lcm, prod

from tools.semantic.numbers import EXACT

Number = Fraction | Decimal | int


def chain_effects(before: Sequence[Number], after: Sequence[Number]) -> tuple[Fraction, ...]:
    """The effects of a chain of totals, each a part of the one before it, that ends in a cost.

    The factors are the first total and the quotients of neighbours, so that their product is the cost. A quotient over
    nothing is unknown; it is taken as on the other side, so that what started or ended does so in one factor alone.
    """
    old, new = _quotients(before), _quotients(after)
    pairs = [(_or(mine, theirs), _or(theirs, mine)) for mine, theirs in zip(old, new, strict=True)]
    return product_effects([one for one, _ in pairs], [other for _, other in pairs])


def product_effects(before: Sequence[Fraction], after: Sequence[Fraction]) -> tuple[Fraction, ...]:
    """The Shapley value of each factor of a product that went from Π before to Π after."""
    moved = [index for index, pair in enumerate(zip(before, after, strict=True)) if pair[0] != pair[1]]
    effects = [Fraction(0)] * len(before)
    if not moved:
        return tuple(effects)
    constant = prod((before[index] for index in range(len(before)) if index not in set(moved)), start=Fraction(1))
    scales = [lcm(before[index].denominator, after[index].denominator) for index in moved]
    old = [int(before[index] * scale) for index, scale in zip(moved, scales, strict=True)]
    new = [int(after[index] * scale) for index, scale in zip(moved, scales, strict=True)]
    whole = constant / (prod(scales) * factorial(len(moved)))
    for place, index in enumerate(moved):
        effects[index] = (new[place] - old[place]) * _weighted(old, new, place) * whole
    return tuple(effects)


def in_decimals(effects: Sequence[Fraction], places: int) -> tuple[Decimal, ...]:
    """Effects with `places` decimals, whose sum is exactly that of the fractions, which has no more places than these.

    Each is the difference of two running sums, rounded half to even: none takes up a slack, none is off by more than
    one unit of the last place, nought stays nought, and negated effects give negated decimals.
    """
    scale, total, last, found = 10**places, Fraction(0), 0, []
    for effect in effects:
        total += effect
        reached = round(total * scale)
        found.append(EXACT.scaleb(Decimal(reached - last), -places))
        last = reached
    return tuple(found)


def _quotients(totals: Sequence[Number]) -> list[Fraction | None]:
    found: list[Fraction | None] = [Fraction(totals[0])]
    for whole, part in pairwise(totals):
        found.append(Fraction(part) / Fraction(whole) if whole else None)
    return found


def _or(known: Fraction | None, other: Fraction | None) -> Fraction:
    return known if known is not None else other if other is not None else Fraction(0)


def _weighted(old: Sequence[int], new: Sequence[int], left_out: int) -> int:
    """n! times the Shapley-weighted sum over all ways to take the other factors as before or after."""
    by_size = [1]
    for index, (before, after) in enumerate(zip(old, new, strict=True)):
        if index != left_out:
            low, high = [value * before for value in by_size], [value * after for value in by_size]
            by_size = [a + b for a, b in zip([*low, 0], [0, *high], strict=True)]
    count = len(old)
    return sum(factorial(size) * factorial(count - 1 - size) * value for size, value in enumerate(by_size))
