"""Token spend decomposed: requests, model mix, service tier, prompt and completion length, cache share, price.

Per use (team, project, environment, use case, customer, workload) and kind of token, a cost is

    requests × model's share of them × tier's share of the model's × input (or output) tokens a request
             × the kind's share of input (or output) tokens × price per token

Where no requests are counted, a provider's tokens take their place, and input and output are parts of them.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from tools.inform.change import effects as why
from tools.inform.change.align import aligned
from tools.inform.change.cells import Names, TokenCell
from tools.inform.change.effects import Contribution, about
from tools.inform.change.shapley import Number, chain_effects, in_decimals

INPUT_KINDS = frozenset({"input", "cached_input", "cache_write"})
Block = tuple[Names, str | None, str | None, str | None]
"""Group, provider, model, service tier."""
Totals = dict[tuple[object, ...], Decimal]
USE = ("x_Team", "x_Project", "x_Environment", "x_UseCase", "x_Customer", "x_Workload")


@dataclass
class _Block:
    """What one model in one tier did for a use, on both sides."""

    cost: dict[str, list[Decimal]] = field(default_factory=lambda: defaultdict(lambda: [Decimal(0), Decimal(0)]))
    tokens: dict[str, list[Decimal]] = field(default_factory=lambda: defaultdict(lambda: [Decimal(0), Decimal(0)]))
    weight: dict[str, list[Decimal]] = field(default_factory=lambda: defaultdict(lambda: [Decimal(0), Decimal(0)]))
    untyped: list[Decimal] = field(default_factory=lambda: [Decimal(0), Decimal(0)])
    requests: list[Decimal] = field(default_factory=lambda: [Decimal(0), Decimal(0)])
    priced: list[Decimal] = field(default_factory=lambda: [Decimal(0), Decimal(0)])
    service: str | None = None

    def add(self, cell: TokenCell) -> None:
        side, kind = cell.side, cell.token_type
        if kind is None:
            self.untyped[side] += cell.cost
        else:
            self.cost[kind][side] += cell.cost
            self.tokens[kind][side] += cell.tokens
            self.weight[kind][side] += cell.weight
        self.requests[side] += cell.requests
        self.priced[side] += cell.priced
        self.service = self.service or cell.service

    def total(self, side: int) -> Decimal:
        return self.untyped[side] + sum((pair[side] for pair in self.cost.values()), Decimal(0))

    def counted(self, side: int) -> Decimal:
        return sum((pair[side] for pair in self.tokens.values()), Decimal(0))

    @property
    def is_measured(self) -> bool:
        """Whether each amount has tokens of its kind, on each side that costs anything."""
        typed = all(self.tokens[kind][side] for kind, pair in self.cost.items() for side in (0, 1) if pair[side])
        return typed and all(self.counted(side) for side in (0, 1) if self.untyped[side])

    @property
    def has_requests(self) -> bool:
        return all(self.requests[side] for side in (0, 1) if self.counted(side))

    def cost_of(self, kind: str, side: int) -> Fraction:
        """The cost of a kind of token; an invoice's cost goes by what usage records say they cost, else by tokens."""
        own = Fraction(self.cost[kind][side])
        if not self.untyped[side]:
            return own
        by = self.weight if self._weighs else self.tokens
        whole = sum((pair[side] for pair in by.values()), Decimal(0))
        return own + Fraction(self.untyped[side]) * Fraction(by[kind][side]) / Fraction(whole)

    @property
    def _weighs(self) -> bool:
        """Whether usage records have a cost on each side where an invoice's is to be shared out, and for tokens."""
        billed = [side for side in (0, 1) if self.untyped[side]]
        costed = all(any(pair[side] > 0 for pair in self.weight.values()) for side in billed)
        sound = all(
            pair[side] >= 0 and (self.tokens[kind][side] > 0 or not pair[side])
            for kind, pair in self.weight.items()
            for side in billed
        )
        return costed and sound


def token_contributions(cells: Sequence[TokenCell], places: int) -> Iterator[Contribution]:
    """What each reason did, by group, use, model, tier and kind of token; sums to the change of the cells' cost."""
    uses: dict[tuple[Names, Names], dict[Block, _Block]] = defaultdict(lambda: defaultdict(_Block))
    for cell in aligned(cells):
        uses[cell.use, cell.apart][cell.group, cell.provider, cell.model, cell.tier].add(cell)
    for (use, _), blocks in sorted(uses.items(), key=str):
        measured = {key: block for key, block in blocks.items() if block.is_measured}
        counted = {key: block for key, block in measured.items() if block.has_requests}
        yield from _Use(use, counted, True, places).contributions()
        for provider in sorted({key[1] for key in measured if key not in counted}, key=str):
            own = {key: block for key, block in measured.items() if key not in counted and key[1] == provider}
            yield from _Use(use, own, False, places).contributions()
        for key, block in blocks.items():
            if key not in measured:
                yield from _priced(use, key, block, places)


@dataclass
class _Use:
    use: Names
    blocks: Mapping[Block, _Block]
    with_requests: bool
    places: int

    def contributions(self) -> Iterator[Contribution]:
        costs = [any(block.total(side) for block in self.blocks.values()) for side in (0, 1)]
        if not any(costs):
            return
        if not all(costs):
            yield from self._started_or_ended(why.NEW if costs[1] else why.GONE)
            return
        totals = [self._totals(0), self._totals(1)]
        for key, block in sorted(self.blocks.items(), key=str):
            parts = [(kind, self._effects(totals, key, block, kind)) for kind in sorted(block.tokens)]
            flat = in_decimals([one for _, found in parts for one in found], self.places)
            for place, (kind, found) in enumerate(parts):
                amounts = flat[place * len(found) : (place + 1) * len(found)]
                yield from self._told(key, block, zip(self._reasons(kind), amounts, strict=True))

    def _started_or_ended(self, reason: str) -> Iterator[Contribution]:
        for key, block in sorted(self.blocks.items(), key=str):
            yield from self._told(key, block, [(reason, block.total(1) - block.total(0))])

    def _told(self, key: Block, block: _Block, amounts: "Sequence[tuple[str, Decimal]] | zip[tuple[str, Decimal]]"
              ) -> Iterator[Contribution]:  # fmt: skip
        names = _names(self.use, key, block)
        for reason, amount in amounts:
            if amount:
                yield Contribution(key[0], reason, amount, names)

    def _reasons(self, kind: str) -> tuple[str, ...]:
        is_input = kind in INPUT_KINDS
        length = (why.PROMPT_LENGTH if is_input else why.COMPLETION_LENGTH) if self.with_requests else why.INPUT_OUTPUT
        return (
            why.REQUESTS if self.with_requests else why.TOKEN_VOLUME,
            why.MODEL_MIX,
            why.BATCH_SHARE,
            length,
            why.CACHE_SHARE if is_input else why.REASONING_SHARE,
            why.TOKEN_PRICE,
        )

    def _totals(self, side: int) -> Totals:
        found: Totals = defaultdict(Decimal)
        for block_key, block in self.blocks.items():
            volume = block.requests[side] if self.with_requests else block.counted(side)
            for key in ((), block_key[:3], block_key):
                found[key] += volume
            for kind, pair in block.tokens.items():
                found[*block_key, kind in INPUT_KINDS] += pair[side]
        return found

    def _effects(self, totals: Sequence[Totals], key: Block, block: _Block, kind: str) -> tuple[Fraction, ...]:
        chains: list[list[Number]] = []
        for side in (0, 1):
            keys: tuple[tuple[object, ...], ...] = ((), key[:3], key, (*key, kind in INPUT_KINDS))
            volumes: list[Number] = [totals[side][one] for one in keys]
            chains.append([*volumes, block.tokens[kind][side], block.cost_of(kind, side)])
        return chain_effects(*chains)


def _priced(use: Names, key: Block, block: _Block, places: int) -> Iterator[Contribution]:
    """A line without usage records: its priced quantity, where the invoice has one, and the price of it."""
    before, after = block.total(0), block.total(1)
    names = _names(use, key, block)
    if bool(before) != bool(after):
        amounts = {why.NEW if after else why.GONE: after - before}
    elif all(block.priced):
        chains = [[block.priced[side], block.total(side)] for side in (0, 1)]
        found = in_decimals(chain_effects(*chains), places)
        amounts = dict(zip((why.TOKEN_VOLUME, why.TOKEN_PRICE), found, strict=True))
    else:
        amounts = {why.UNCOUNTED: after - before}
    yield from (Contribution(key[0], reason, amount, names) for reason, amount in amounts.items() if amount)


def _names(use: Names, key: Block, block: _Block) -> dict[str, str]:
    _, provider, model, tier = key
    names = (*USE[: len(use)], "HostProviderName", "x_Model", "x_ServiceTier", "ServiceName")
    return about(names, (*use, provider, model, tier, block.service))
