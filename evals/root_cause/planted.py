"""Made cases: a company's costs by team, model, region, tier and key, with causes planted in them."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import product
from typing import Literal

from evals.root_cause.cases import Combination
from tools.inform.root_cause import LeafTable, ratio_leaves

SIZES = {"x_Team": 7, "x_Model": 6, "RegionId": 4, "x_ServiceTier": 3, "x_Environment": 2}
Kind = Literal["rise", "fall", "new", "two causes", "ratio", "everywhere"]
KINDS: tuple[Kind, ...] = ("rise", "fall", "new", "two causes", "ratio", "everywhere")
Member = tuple[str | None, ...]


@dataclass(frozen=True)
class Planted:
    """A case, with the causes that were planted."""

    name: str
    kind: Kind
    leaves: LeafTable
    causes: frozenset[Combination]

    def table(self) -> LeafTable:
        return self.leaves


def planted(seed: int, each: int) -> Iterator[Planted]:
    """`each` cases of every kind: all leaves off by noise, planted ones by a factor, in causes of 3 % or more."""
    rng = random.Random(seed)
    for kind in KINDS:
        for number in range(each):
            yield _case(rng, kind, f"{kind} {number}")


def _case(rng: random.Random, kind: Kind, name: str) -> Planted:
    members = _members(rng)
    usual = {member: Decimal(round(rng.lognormvariate(0, 1) * 100)) for member in members}
    everywhere: list[Combination] = [frozenset()]
    causes = everywhere if kind == "everywhere" else _causes(rng, usual, 2 if kind == "two causes" else 1)
    noise = rng.choice([0.01, 0.03, 0.08])
    factors = {cause: _factor(rng, kind) for cause in causes}
    seen = {}
    for member in members:
        factor = Decimal(str(round(rng.lognormvariate(0, noise), 6)))
        for cause in causes:
            if _is_in(member, cause):
                factor *= factors[cause]
        seen[member] = usual[member] * factor
    return Planted(name, kind, _leaves(rng, kind, usual, seen, causes), frozenset(causes))


def _members(rng: random.Random) -> list[Member]:
    values = [[f"{name[-4:].lower()}-{number}" for number in range(size)] for name, size in SIZES.items()]
    return [member for member in product(*values) if rng.random() < 0.6]


def _causes(rng: random.Random, usual: dict[Member, Decimal], count: int) -> list[Combination]:
    """Combinations of one to three dimensions of one cuboid, in 4 leaves or more, that hold 3 to 40 % each.

    One that holds just what another with fewer dimensions holds could not be told apart, and is not planted.
    """
    total = sum(usual.values())
    members = list(usual)
    while True:
        dimensions = rng.sample(list(SIZES), rng.choice([1, 1, 2, 2, 3]))
        chosen = {_combination(dimensions, rng.choice(members)) for _ in range(count)}
        held = [[member for member in usual if _is_in(member, cause)] for cause in chosen]
        shares = [sum(usual[member] for member in inside) / total for inside in held]
        fits = all(Decimal("0.03") <= share <= Decimal("0.4") for share in shares)
        if len(chosen) == count and fits and all(len(inside) >= 4 for inside in held):
            return sorted(chosen, key=sorted)


def _combination(dimensions: list[str], member: Member) -> Combination:
    values = dict(zip(SIZES, member, strict=True))
    return frozenset((name, values[name]) for name in dimensions)


def _is_in(member: Member, cause: Combination) -> bool:
    return all(member[_POSITIONS[name]] == value for name, value in cause)


_POSITIONS = {name: position for position, name in enumerate(SIZES)}


def _factor(rng: random.Random, kind: Kind) -> Decimal:
    return Decimal(rng.choice([20, 30, 60])) / 100 if kind == "fall" else Decimal(rng.choice([150, 200, 400])) / 100


def _leaves(
    rng: random.Random,
    kind: Kind,
    usual: dict[Member, Decimal],
    seen: dict[Member, Decimal],
    causes: list[Combination],
) -> LeafTable:
    members, names = list(usual), tuple(SIZES)
    if kind == "new":
        expected = [Decimal(0) if any(_is_in(m, cause) for cause in causes) else usual[m] for m in members]
        return LeafTable(names, members, [seen[member] for member in members], expected)
    if kind != "ratio":
        return LeafTable(names, members, list(seen.values()), list(usual.values()))
    traffic = {member: Decimal(str(round(rng.lognormvariate(0, 0.5), 4))) for member in members}
    requests = {member: usual[member] * Decimal(rng.randint(5, 50)) for member in members}
    return ratio_leaves(
        names,
        members,
        [(seen[member] * traffic[member], requests[member] * traffic[member]) for member in members],
        [(usual[member], requests[member]) for member in members],
    )
