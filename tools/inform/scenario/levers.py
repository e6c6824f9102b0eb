"""Levers: each turns one usage into another. Which lines it can't move is decided once, by what has a price."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from tools.inform.scenario.usage import COMPLETION, PROMPT, Amounts, Line, TokenType, Usage, added

STANDARD, BATCH = "standard", "batch"


@dataclass(frozen=True)
class World:
    """Usage, and what its prices are multiplied with; what a lever changes."""

    usage: Usage
    price_factors: Mapping[str, Fraction]
    """By model in lower case; "" for all others."""


Lever = Callable[[World], World]


def traffic(factor: Fraction) -> Lever:
    """Requests times a factor, each as it was."""
    return lambda world: _each(world, lambda _, amounts: amounts.times(factor))


def length(kinds: tuple[TokenType, ...], factor: Fraction) -> Lever:
    """Tokens of some types times a factor: prompts or completions that are longer or shorter."""

    def change(_: Line, amounts: Amounts) -> Amounts:
        tokens = {kind: count * factor if kind in kinds else count for kind, count in amounts.tokens.items()}
        return Amounts(amounts.requests, tokens)

    return lambda world: _each(world, change)


def prompt_length(factor: Fraction) -> Lever:
    return length(PROMPT, factor)


def completion_length(factor: Fraction) -> Lever:
    return length(COMPLETION, factor)


def cache_hit_rate(rate: Fraction, cacheable: Collection[tuple[str, str]]) -> Lever:
    """Raise each line of the (provider, model)s that can cache to a share of its input read from the cache.

    What is not read from the cache stays split between plain and written input as it was. A line that is above the
    rate already stays as it is.
    """

    def change(line: Line, amounts: Amounts) -> Amounts:
        prompt, cached = amounts.of(PROMPT), amounts.of(("cached_input",))
        if line[:2] not in cacheable or not prompt or cached >= rate * prompt:
            return amounts
        left = (1 - rate) * prompt / (prompt - cached)
        tokens: dict[TokenType, Fraction] = {**amounts.tokens, "cached_input": rate * prompt}
        for kind in PROMPT:
            if kind != "cached_input" and kind in tokens:
                tokens[kind] *= left
        return Amounts(amounts.requests, tokens)

    return lambda world: _each(world, change)


def batch_share(share: Fraction, batchable: Collection[tuple[str, str]]) -> Lever:
    """Send at least a share of the requests of each (provider, model) that has a batch price through batch.

    Other tiers give up the same part each. Where nobody counted requests, tokens are the measure.
    """

    def apply(world: World) -> World:
        usage = world.usage
        for provider, model in sorted(batchable):
            usage = _to_batch(usage, provider, model, share)
        return replace(world, usage=usage)

    return apply


def switch(from_model: str, share: Fraction, to: Callable[[Line], Line]) -> Lever:
    """Send a share of a model's requests to the line that `to` gives, with the same tokens."""

    def apply(world: World) -> World:
        usage = world.usage
        for line, amounts in world.usage.items():
            if line.model.lower() == from_model.lower():
                usage = {**usage, line: amounts.times(1 - share)}
        for line, amounts in world.usage.items():
            if line.model.lower() == from_model.lower():
                usage = added(usage, to(line), amounts.times(share))
        return replace(world, usage=usage)

    return apply


def price_change(factor: Fraction, model: str | None) -> Lever:
    """Prices of one model, or of all, times a factor."""
    key = (model or "").lower()
    return lambda world: replace(world, price_factors={**world.price_factors, key: factor})


def _each(world: World, change: Callable[[Line, Amounts], Amounts]) -> World:
    return replace(world, usage={line: change(line, amounts) for line, amounts in world.usage.items()})


def _to_batch(usage: Usage, provider: str, model: str, share: Fraction) -> Usage:
    lines = [line for line in usage if line[:2] == (provider, model)]
    counted = all(usage[line].requests for line in lines)
    size = {line: usage[line].requests if counted else sum(usage[line].tokens.values(), Fraction(0)) for line in lines}
    in_batch = sum((size[line] for line in lines if line.tier == BATCH), Fraction(0))
    others = sum((size[line] for line in lines if line.tier != BATCH), Fraction(0))
    wanted = share * (in_batch + others) - in_batch
    if wanted <= 0 or not others:
        return usage
    part = wanted / others
    moved = [(line, usage[line]) for line in lines if line.tier != BATCH]
    for line, amounts in moved:
        usage = {**usage, line: amounts.times(1 - part)}
        usage = added(usage, Line(provider, model, BATCH), amounts.times(part))
    return usage
