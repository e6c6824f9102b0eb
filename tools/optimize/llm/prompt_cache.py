"""Prompt caching: the start that prompts share is read from the provider's cache, at the price of cached input."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from tools.domain.recommendation import Edit, Phase, Recommendation
from tools.inform.scenario.prices import UnitPrices
from tools.inform.scenario.usage import PROMPT
from tools.optimize.ledger import Ledger
from tools.optimize.lever import READY, Preflight
from tools.optimize.llm.cache_shares import by_shares
from tools.optimize.llm.facts import CacheVariant, PromptCacheRule, llm_facts
from tools.optimize.llm.prefix_replay import CacheRules, Replayed, block_sizes, replay, summed, why_unusable
from tools.optimize.llm.request_rows import PREFIX_HASHES
from tools.optimize.llm.slices import Slice, by_id, monthly, percent
from tools.optimize.token_prices import price_line, token_prices
from tools.pricing.providers import developer_of
from tools.registry import ToolContext


@dataclass(frozen=True)
class PromptCache:
    """The saving is what prompts cost now, less what they cost when a replay reads and writes them through the cache.

    By the hashes of their blocks where records carry them; else by what other callers of the same model read from the
    cache, at a low confidence.
    """

    name: str = "prompt_cache"
    label: str = "read repeated prompt starts from the cache"
    phase: Phase = "usage"

    def preflight(self, ctx: ToolContext, ledger: Ledger) -> Preflight:
        if not ledger.tokens:
            return Preflight("token usage by model (outlay ingest usage)")
        if any(line["x_TokenType"] == "cached_input" for line in ledger.tokens):
            return READY
        if PREFIX_HASHES in ctx.store.columns:
            return Preflight(why_unusable(block_sizes(ctx, ledger.period)))
        return Preflight(
            f"usage records with block hashes of the prompt (--map COLUMN={PREFIX_HASHES}), or with counts of cached "
            "input to compare callers by"
        )

    def find(self, ctx: ToolContext, ledger: Ledger) -> Sequence[Recommendation]:
        prices = token_prices(ctx, ledger)
        known = by_id(ledger)
        plans = _replayed(ctx, ledger, prices, known) if PREFIX_HASHES in ctx.store.columns else {}
        found = [self._one(ctx, ledger, known[key], plan) for key, plan in plans.items() if plan.saved > 0]
        return [*found, *by_shares(ctx, ledger, prices, frozenset(plans), self.name)]

    def _one(self, ctx: ToolContext, ledger: Ledger, one: Slice, plan: "Plan") -> Recommendation:
        return Recommendation(
            lever=self.name,
            target=one.target,
            description=f"Cache the repeated starts of prompts of {one.what} ({plan.variant})",
            edits=plan.edits,
            low=max(monthly(ledger, plan.low), Decimal(0)),
            high=monthly(ledger, plan.high),
            currency=ledger.currency,
            confidence=Decimal("0.8"),
            effort="Low",
            risk="Very Low",
            evidence=plan.evidence,
            steps=(plan.rule.how, "watch the share of cached input in the usage records for a week"),
            proved_wrong_by="the share of cached input stays under what the replay of these prompts gave",
            owner=one.owner,
            provider=one.provider,
            period=ledger.period,
            created=ctx.as_of,
        )


class Plan(NamedTuple):
    """A slice's prompts through the cache; amounts are of the period."""

    variant: str
    rule: PromptCacheRule
    edits: tuple[Edit, ...]
    saved: Fraction
    low: Fraction
    high: Fraction
    evidence: tuple[str, ...]


class _Priced(NamedTuple):
    """One tier's prompts through one variant."""

    at: Replayed
    now: Fraction
    expected: Fraction
    low: Fraction
    high: Fraction
    """Costs of the prompts now and through the cache: as replayed, with prefixes ready late, with no write in vain."""


def _replayed(ctx: ToolContext, ledger: Ledger, prices: UnitPrices, known: Mapping[str, Slice]) -> Mapping[str, "Plan"]:
    """By slice id, for all slices whose prompts could be replayed."""
    by_slice: dict[str, list[Replayed]] = defaultdict(list)
    for blocks in block_sizes(ctx, ledger.period):
        model = blocks.scope.split("\x1f")[-1]
        rule = rule_of(model)
        if rule is None or blocks.tokens is None or not blocks.is_chained:
            continue
        rules = CacheRules(rule.minimum(model), rule.step_tokens, rule.variants, llm_facts().cache_ready_seconds)
        for row in replay(ctx, ledger.period, blocks.scope, blocks.tokens, rules):
            if row.slice in known:
                by_slice[row.slice].append(row)
    return {key: _plan(known[key], summed(rows), prices) for key, rows in by_slice.items()}


def rule_of(model: str) -> PromptCacheRule | None:
    """How a model's developer caches prompts."""
    developer = developer_of(model)
    return next((one for one in llm_facts().prompt_caches if one.developer == developer), None)


def _plan(one: Slice, rows: Sequence[Replayed], prices: UnitPrices) -> Plan:
    """Through the variant that saves most."""
    rule = rule_of(one.model)
    assert rule is not None, "only models with a rule are replayed"
    plans = (
        _through(one, rule, number, [row for row in rows if row.variant == number], prices)
        for number in range(len(rule.variants))
    )
    return max(plans, key=lambda plan: plan.saved)


def _through(one: Slice, rule: PromptCacheRule, number: int, rows: Sequence[Replayed], prices: UnitPrices) -> Plan:
    variant = rule.variants[number]
    priced = [_price(one.at((row.tier,)), row, variant, prices) for row in rows]
    better = [tier for tier in priced if tier.expected < tier.now]
    edits = (
        one.edit(1 - (tier.now - tier.expected) / one.at((tier.at.tier,)).cost_of(PROMPT), PROMPT, (tier.at.tier,))
        for tier in better
    )
    return Plan(
        variant.name,
        rule,
        tuple(edits),
        _sum(tier.now - tier.expected for tier in better),
        _sum(tier.now - tier.low for tier in better),
        _sum(tier.now - tier.high for tier in better),
        _evidence(one, rows, variant, rule),
    )


def _price(one: Slice, row: Replayed, variant: CacheVariant, prices: UnitPrices) -> _Priced:
    """What is not replayed, as it carries no hashes, stays as it is."""
    line = price_line(one.lines[0])
    plain = prices.price(line, "input")
    has_read = prices.has_own(line, "cached_input")
    read = prices.price(line, "cached_input") if has_read else plain * Fraction(variant.read)
    has_write = variant.own_write_price and prices.has_own(line, "cache_write")
    write = prices.price(line, "cache_write") if has_write else plain * Fraction(variant.write)

    def cost(cached: int, written: int) -> Fraction:
        return cached * read + written * write + (row.prompt - cached - written) * plain

    late = row.written + row.read - row.read_when_ready
    return _Priced(
        at=row,
        now=Fraction(row.cost),
        expected=cost(row.read, row.written),
        low=cost(row.read_when_ready, late),
        high=cost(row.read, row.written_in_need),
    )


def _evidence(one: Slice, rows: Sequence[Replayed], variant: CacheVariant, rule: PromptCacheRule) -> tuple[str, ...]:
    prompt, read, written = (sum(counts) for counts in zip(*((x.prompt, x.read, x.written) for x in rows), strict=True))
    cached = one.tokens(("cached_input",)) / one.tokens(PROMPT)
    needed = Fraction(variant.write - 1) / (1 - Fraction(variant.read))
    told = [
        f"replayed {sum(row.requests for row in rows):,} prompts by their block hashes: "
        f"{percent(Fraction(read, prompt))} of their tokens were sent before within {variant.ttl_seconds} seconds",
        f"{percent(cached)} of the input is read from the cache today",
        f"prompts of fewer than {rule.minimum(one.model)} tokens are not cached ({rule.source}, {rule.checked})",
    ]
    if needed > 0 and written:
        told.append(
            f"each written token is read {read / written:.2f} times; a write pays from {float(needed):.2f} reads on"
        )
    return tuple(told)


def _sum(amounts: Iterable[Fraction]) -> Fraction:
    return sum(amounts, Fraction(0))
