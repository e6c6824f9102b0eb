"""What all recommendations save together: the world with all of them is computed, their savings are never added up."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from tools.domain.recommendation import Level, Recommendation
from tools.inform.scenario.attribution import decimal_of, told
from tools.optimize.ledger import Ledger
from tools.semantic.numbers import EXACT

EFFORT: Mapping[Level, int] = {"Very Low": 1, "Low": 2, "Medium": 3, "High": 5, "Very High": 8}
"""What a saving is divided by for its rank."""


@dataclass(frozen=True)
class Taken:
    """A recommendation of the portfolio, and what it adds to those before it, a month."""

    recommendation: Recommendation
    marginal: Decimal


@dataclass(frozen=True)
class Portfolio:
    """`saving` is a month's cost as it was less that with everything taken; the marginals sum to it exactly."""

    taken: tuple[Taken, ...]
    alternatives: tuple[Recommendation, ...]
    """Those that act on what another one that saves more already changes."""
    saving: Decimal
    before: Decimal

    def then(self, later: "Portfolio") -> "Portfolio":
        """This one, and one that was combined on the ledger that this one leaves."""
        return Portfolio(
            taken=(*self.taken, *later.taken),
            alternatives=(*self.alternatives, *later.alternatives),
            saving=EXACT.add(self.saving, later.saving),
            before=self.before,
        )


def valued(ledger: Ledger, found: Sequence[Recommendation]) -> tuple[Recommendation, ...]:
    """Each with the saving that it brings by itself; those that bring none are dropped."""
    before = ledger.monthly(())
    known = []
    for one in found:
        saving = before - ledger.monthly(one.edits) - Fraction(one.added_cost)
        if saving > 0:
            known.append(one.model_copy(update={"saving": decimal_of(saving)}))
    return tuple(known)


def ranked(found: Sequence[Recommendation]) -> tuple[Recommendation, ...]:
    """By saving × confidence ÷ effort, the best first; what is no cash comes after all that is."""
    return tuple(sorted(found, key=lambda one: (one.cash != "cash", -rank(one), one.id)))


def rank(one: Recommendation) -> Decimal:
    """Saving × confidence ÷ effort."""
    return one.saving * one.confidence / EFFORT[one.effort]


def combine(ledger: Ledger, found: Sequence[Recommendation], taken_before: Sequence[Taken] = ()) -> Portfolio:
    """Take recommendations by rank; one whose targets are taken, or that adds nothing any more, is an alternative.

    Only cash counts in the portfolio's saving. `taken_before` are those that the ledger already has in it.
    """
    before = cost = ledger.monthly(())
    taken: list[Recommendation] = []
    marginals: list[Fraction] = []
    alternatives: list[Recommendation] = []
    claimed = {target for one in taken_before for target in one.recommendation.exclusive}
    for one in ranked(found):
        if one.cash != "cash" or claimed & one.exclusive:
            alternatives.append(one)
            continue
        edits = [edit for other in (*taken, one) for edit in other.edits]
        added = sum((Fraction(other.added_cost) for other in (*taken, one)), Fraction(0))
        with_it = ledger.monthly(edits) + added
        if with_it >= cost:
            alternatives.append(one)
            continue
        taken.append(one)
        marginals.append(cost - with_it)
        claimed |= one.exclusive
        cost = with_it
    saving, parts = told(before - cost, marginals)
    return Portfolio(
        taken=tuple(Taken(one, part) for one, part in zip(taken, parts, strict=True)),
        alternatives=tuple(alternatives),
        saving=saving,
        before=decimal_of(before),
    )
