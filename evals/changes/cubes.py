"""Random cubes of tokens and usage, and one factor of them changed at a time; nothing of Outlay's arithmetic in it."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, localcontext

from tools.inform.change.cells import AmountCell, Names, TokenCell, UsageCell

GROUPS: tuple[Names, ...] = (("a",), ("b",), (None,))
MODELS, TIERS = ("m-1", "m-2", "m-3"), ("standard", "batch")
INPUT, OUTPUT = ("input", "cached_input", "cache_write"), ("output", "reasoning")
REASONS = ("credits", "taxes", "refunds and corrections", "purchases and fees", "unused commitment")


@dataclass(frozen=True)
class Cube:
    """Everything that is decomposed, of one side or of both."""

    tokens: tuple[TokenCell, ...] = ()
    usage: tuple[UsageCell, ...] = ()
    amounts: tuple[AmountCell, ...] = ()

    def __add__(self, other: "Cube") -> "Cube":
        return Cube(self.tokens + other.tokens, self.usage + other.usage, self.amounts + other.amounts)

    def swapped(self) -> "Cube":
        return self.map(lambda cell: replace(cell, side=1 - cell.side))

    def later(self) -> "Cube":
        return self.map(lambda cell: replace(cell, side=1))

    def map(self, change: Callable[..., object]) -> "Cube":
        return Cube(*(tuple(change(cell) for cell in cells) for cells in (self.tokens, self.usage, self.amounts)))  # type: ignore[arg-type]

    def cost(self, side: int, group: Names | None = None) -> Decimal:
        """The exact cost of a side, of one group where one is named."""
        with localcontext(prec=90):
            cells = [(cell.side, cell.group, cell.cost) for cell in (*self.tokens, *self.usage)]
            cells += [(cell.side, cell.group, cell.amount) for cell in self.amounts]
            return sum((cost for own, name, cost in cells if own == side and group in (None, name)), Decimal(0))


def random_cube(chance: random.Random) -> Cube:
    """Two sides that have nothing to do with each other: lines come and go, prices are awkward, some are negative."""
    sides = [_random_side(chance, side) for side in (0, 1)]
    return sides[0] + sides[1]


def _random_side(chance: random.Random, side: int) -> Cube:
    tokens, usage, amounts = [], [], []
    for _ in range(chance.randrange(0, 7)):
        group, use = chance.choice(GROUPS), (chance.choice(["x", "y", None]),)
        model, tier = chance.choice([*MODELS, None]), chance.choice([*TIERS, None])
        requests = Decimal(chance.randrange(0, 5_000)) if chance.random() > 0.2 else Decimal(0)
        place = {"provider": chance.choice(["P", "Q"]), "service": "S", "model": model, "tier": tier}
        is_invoice = chance.random() < 0.3
        for number, kind in enumerate(chance.sample([*INPUT, *OUTPUT], chance.randrange(1, 5))):
            count = Decimal(chance.randrange(0, 10**9))
            cost = Decimal(0) if is_invoice else _money(chance)
            tokens.append(TokenCell(side, group, use, **place, token_type=kind, cost=cost, tokens=count,
                                    requests=requests if number == 0 else Decimal(0),
                                    weight=abs(_money(chance)) if is_invoice and count else Decimal(0)))  # fmt: skip
        if is_invoice:
            tokens.append(TokenCell(side, group, use, **place, token_type=None, cost=_money(chance),
                                    priced=Decimal(chance.randrange(0, 1000))))  # fmt: skip
    for _ in range(chance.randrange(0, 6)):
        leaf = (chance.choice(["r1", "r2", None]), chance.choice(["i1", "i2", None]), chance.random() < 0.4)
        use = ("P", chance.choice(["compute", "disk"]))
        usage.append(UsageCell(side, chance.choice(GROUPS), use, *leaf, _money(chance),
                               Decimal(chance.randrange(0, 10**6)) / 1000, {"ServiceName": use[1]}))  # fmt: skip
    for _ in range(chance.randrange(0, 4)):
        amounts.append(AmountCell(side, chance.choice(GROUPS), chance.choice(REASONS), _money(chance), {}))
    return Cube(tuple(tokens), tuple(usage), tuple(amounts))


def _money(chance: random.Random) -> Decimal:
    """Up to 24 decimals, a tenth of it nought, some of it negative."""
    if chance.random() < 0.1:
        return Decimal(0)
    return Decimal(chance.randrange(-(10**26), 10**29)).scaleb(-chance.choice([2, 10, 24]) - 4)


def tidy_side(chance: random.Random) -> Cube:
    """One side of which single factors can be changed: twice as much in the first of each pair as in the second."""
    tokens = []
    for use in (("x",), ("y",)):
        size = chance.randrange(1, 500)
        shape = {kind: chance.randrange(1, 4_000) for kind in (*INPUT, *OUTPUT)}
        for model, share in (("m-1", 2), ("m-2", 1)):
            for tier, part in (("standard", 2), ("batch", 1)):
                requests = Decimal(size * share * part * 4)
                for number, kind in enumerate((*INPUT, *OUTPUT)):
                    count, price = requests * shape[kind] * 4, Decimal(chance.randrange(1, 10**6)).scaleb(-10)
                    tokens.append(TokenCell(0, ("a",), use, "P", "S", model, tier, kind, count * price, count,
                                            requests if number == 0 else Decimal(0)))  # fmt: skip
    usage = []
    size = chance.randrange(1, 10**6)
    for region, first in (("r1", 2), ("r2", 1)):
        for instance, second in (("i1", 2), ("i2", 1)):
            for covered, third in ((False, 2), (True, 1)):
                quantity, price = (
                    Decimal(size * first * second * third * 8),
                    Decimal(chance.randrange(1, 10**6)).scaleb(-4),
                )
                usage.append(UsageCell(0, ("a",), ("P", "compute"), region, instance, covered, quantity * price,
                                       quantity, {"ServiceName": "compute"}))  # fmt: skip
    return Cube(tuple(tokens), tuple(usage), (AmountCell(0, ("a",), "credits", Decimal(-50), {}),))


Change = Callable[[Cube], Cube]


def _scaled(cell: TokenCell, factor: Decimal) -> TokenCell:
    return replace(cell, cost=cell.cost * factor, tokens=cell.tokens * factor, requests=cell.requests * factor)


def _tokens(change: Callable[[TokenCell], TokenCell]) -> Change:
    return lambda cube: replace(cube, tokens=tuple(change(cell) for cell in cube.tokens))


def _usage(change: Callable[[UsageCell], UsageCell]) -> Change:
    return lambda cube: replace(cube, usage=tuple(change(cell) for cell in cube.usage))


def _longer(kinds: Sequence[str]) -> Change:
    def change(cell: TokenCell) -> TokenCell:
        longer = cell.token_type in kinds
        return replace(cell, cost=cell.cost * 3 / 2, tokens=cell.tokens * 3 / 2) if longer else cell

    return _tokens(change)


def _moved(part: Decimal, source: str, target: str) -> Change:
    """A part of one kind of token becomes another kind, each at its own price."""

    def change(cube: Cube) -> Cube:
        by_place = {(c.use, c.model, c.tier, c.token_type): c for c in cube.tokens}

        def one(cell: TokenCell) -> TokenCell:
            if cell.token_type not in (source, target):
                return cell
            leaving = by_place[cell.use, cell.model, cell.tier, source].tokens * part
            count = cell.tokens + (leaving if cell.token_type == target else -leaving)
            return replace(cell, tokens=count, cost=cell.cost / cell.tokens * count)

        return replace(cube, tokens=tuple(one(cell) for cell in cube.tokens))

    return change


def _halved(cell: UsageCell, first: bool) -> UsageCell:
    factor = Decimal("0.5") if first else Decimal(2)
    return replace(cell, cost=cell.cost * factor, quantity=cell.quantity * factor)


HALF, TWICE = Decimal("0.5"), Decimal(2)
CHANGES: dict[str, Change] = {
    "requests": _tokens(lambda cell: _scaled(cell, Decimal(3)) if cell.use == ("x",) else cell),
    "model mix": _tokens(lambda cell: _scaled(cell, HALF if cell.model == "m-1" else TWICE)),
    "service tier": _tokens(lambda cell: _scaled(cell, HALF if cell.tier == "standard" else TWICE)),
    "prompt length": _longer(INPUT),
    "completion length": _longer(OUTPUT),
    "cache share": _moved(Decimal("0.25"), "input", "cached_input"),
    "reasoning share": _moved(Decimal("0.25"), "output", "reasoning"),
    "token price": _tokens(lambda cell: replace(cell, cost=cell.cost * 5 / 4) if cell.model == "m-2" else cell),
    "usage": _usage(lambda cell: replace(cell, cost=cell.cost * 3, quantity=cell.quantity * 3)),
    "region mix": _usage(lambda cell: _halved(cell, cell.region == "r1")),
    "instance mix": _usage(lambda cell: _halved(cell, cell.instance == "i1")),
    "commitment coverage": _usage(lambda cell: _halved(cell, not cell.covered)),
    "unit price": _usage(lambda cell: replace(cell, cost=cell.cost * 5 / 4)),
    "credits": lambda cube: replace(cube, amounts=tuple(replace(one, amount=one.amount * 2) for one in cube.amounts)),
    "gone": lambda cube: replace(cube, tokens=tuple(cell for cell in cube.tokens if cell.use != ("y",))),
}  # fmt: skip
"""Reason → what changes it alone."""
