"""Prompt caching without hashes: what other callers of the same model read from the cache is taken as within reach."""

from collections.abc import Collection, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from tools.domain.recommendation import Recommendation
from tools.inform.scenario.levers import BATCH
from tools.inform.scenario.prices import UnitPrices
from tools.inform.scenario.usage import PROMPT, TokenType
from tools.optimize.ledger import Ledger
from tools.optimize.llm.facts import llm_facts
from tools.optimize.llm.slices import Slice, monthly, percent, slices
from tools.optimize.token_prices import price_line
from tools.pricing.providers import developer_of
from tools.registry import ToolContext

LEAST_DIFFERENCE = Fraction(1, 20)
"""Shares that are nearer than this are the same."""


class Mix(NamedTuple):
    """Shares of prompt tokens that are plain, read from the cache, and written to it."""

    plain: Fraction
    read: Fraction
    written: Fraction


def by_shares(
    ctx: ToolContext, ledger: Ledger, prices: UnitPrices, replayed: Collection[str], lever: str
) -> Sequence[Recommendation]:
    """For slices that are not replayed and read less from the cache than others on the same model do together."""
    all_of = [one for one in slices(ledger, batch=False) if one.tokens(PROMPT) > 0 and _can_cache(one.model)]
    found = []
    for one in all_of:
        others = _others(one, all_of)
        if one.id not in replayed and others and (made := _one(ctx, ledger, prices, one, others, lever)):
            found.append(made)
    return found


def _can_cache(model: str) -> bool:
    return developer_of(model) in {rule.developer for rule in llm_facts().prompt_caches}


def _others(one: Slice, all_of: Sequence[Slice]) -> Sequence[Slice]:
    """Who else uses the model: for the same work where there is someone, else for any."""
    same = [other for other in all_of if other.model == one.model and other.key != one.key]
    return [other for other in same if other.where["x_UseCase"] == one.where["x_UseCase"]] or same


def _one(
    ctx: ToolContext, ledger: Ledger, prices: UnitPrices, one: Slice, others: Sequence[Slice], lever: str
) -> Recommendation | None:
    own, theirs = _mix([one]), _mix(others)
    now, then = one.cost_of(PROMPT), _cost(one, theirs, prices)
    if theirs.read < own.read + LEAST_DIFFERENCE or then is None or then >= now:
        return None
    costs = [cost for other in others if (cost := _cost(one, _mix([other]), prices)) is not None]
    return Recommendation(
        lever=lever,
        target=one.target,
        description=f"Cache prompts of {one.what} at {one.provider} as other callers do",
        edits=(one.edit(then / now, PROMPT, one.tiers()),),
        low=max(monthly(ledger, now - max(costs)), Decimal(0)),
        high=monthly(ledger, now - min(costs)),
        currency=ledger.currency,
        confidence=Decimal("0.2"),
        effort="Low",
        risk="Very Low",
        evidence=(
            f"{percent(own.read)} of its input is read from the cache; {percent(theirs.read)} of that of "
            f"{len(others)} other callers of {one.model}",
            "an estimate by comparison: whether these prompts share a start is not known without their hashes "
            "(x_PrefixHashes)",
        ),
        steps=(
            "see how much of the prompt is the same each time",
            "put that first, and mark it where the provider asks",
        ),
        proved_wrong_by="these prompts have no common start of the length that the provider caches",
        owner=one.owner,
        provider=one.provider,
        period=ledger.period,
        created=ctx.as_of,
    )


def _mix(of: Sequence[Slice]) -> Mix:
    kinds: tuple[TokenType, ...] = ("input", "cached_input", "cache_write")
    tokens = [sum((one.tokens((kind,)) for one in of), Fraction(0)) for kind in kinds]
    return Mix(*(count / sum(tokens) for count in tokens))


def _cost(one: Slice, mix: Mix, prices: UnitPrices) -> Fraction | None:
    """What its prompts would cost with such a mix; None where cached input has no price of its own."""
    cost = Fraction(0)
    for tier in one.tiers():
        part = one.at((tier,))
        line = price_line(part.lines[0])
        if line.tier == BATCH or not prices.has_own(line, "cached_input"):
            return None
        unit = (
            mix.plain * prices.price(line, "input")
            + mix.read * prices.price(line, "cached_input")
            + mix.written * prices.price(line, "cache_write")
        )
        cost += part.tokens(PROMPT) * unit
    return cost
