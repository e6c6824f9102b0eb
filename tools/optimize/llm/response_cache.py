"""Response cache: a question that was answered already is answered from a cache, at no token."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from tools.domain.recommendation import Phase, Recommendation
from tools.optimize.ledger import Ledger
from tools.optimize.lever import READY, Preflight
from tools.optimize.llm.facts import llm_facts
from tools.optimize.llm.near_duplicates import near_duplicates
from tools.optimize.llm.repeats import Avoided, Repeats, repeats
from tools.optimize.llm.request_rows import EMBEDDING, REQUEST_HASH, SIMHASH
from tools.optimize.llm.slices import Slice, by_id, percent, saving_of, tier_edits
from tools.registry import ToolContext

LEAST_SHARE = Fraction(1, 100)
"""Where fewer requests repeat, a cache is not worth its keep."""


@dataclass(frozen=True)
class ResponseCache:
    """The saving is what requests cost whose hash was answered for the same slice less than the time to live before.

    Repeats so soon that they are retries are left to that lever. Where only simhashes or embeddings are there, near
    duplicates count instead, at a lower confidence.
    """

    name: str = "response_cache"
    label: str = "answer repeated questions from a cache"
    phase: Phase = "usage"

    def preflight(self, ctx: ToolContext, ledger: Ledger) -> Preflight:
        if not {REQUEST_HASH, SIMHASH, EMBEDDING} & ctx.store.columns:
            return Preflight(
                f"usage records of single requests with a hash of the prompt (--map COLUMN={REQUEST_HASH}), or a "
                f"{SIMHASH} or {EMBEDDING}; the prompt itself is not needed"
            )
        return READY

    def find(self, ctx: ToolContext, ledger: Ledger) -> Sequence[Recommendation]:
        known = by_id(ledger)
        exact = repeats(ctx, ledger) if REQUEST_HASH in ctx.store.columns else {}
        near = near_duplicates(ctx, ledger)
        found = []
        for key in dict.fromkeys((*exact, *near)):
            if key in known and (one := self._one(ctx, ledger, known[key], exact.get(key), near.get(key))):
                found.append(one)
        return found

    def _one(
        self, ctx: ToolContext, ledger: Ledger, one: Slice, exact: Repeats | None, near: Repeats | None
    ) -> Recommendation | None:
        by = exact or near
        if by is None or by.requests["expected"] < LEAST_SHARE * by.counted:
            return None
        edits = tier_edits(one, by.costs["expected"])
        if not edits:
            return None
        hours = llm_facts().response_cache.ttl_seconds.expected // 3600
        return Recommendation(
            lever=self.name,
            target=one.target,
            description=f"Answer repeated requests of {one.what} from a cache",
            edits=edits,
            low=saving_of(ledger, one, tier_edits(one, by.costs["low"])),
            high=max(saving_of(ledger, one, tier_edits(one, costs)) for costs in _highest(exact, near)),
            currency=ledger.currency,
            confidence=Decimal("0.7") if exact else Decimal("0.3"),
            effort="Medium",
            risk="Low" if exact else "Medium",
            evidence=_evidence(exact, near, hours),
            steps=(
                f"keep answers by the request's hash for {hours} hours, for this caller only",
                "leave out requests that must not be answered twice alike",
            ),
            proved_wrong_by="the same question is meant to get a new answer each time, or its sources change within "
            f"{hours} hours",
            owner=one.owner,
            provider=one.provider,
            period=ledger.period,
            created=ctx.as_of,
        )


def _highest(exact: Repeats | None, near: Repeats | None) -> Sequence[Avoided]:
    return [by.costs["high"] for by in (exact, near) if by is not None]


def _evidence(exact: Repeats | None, near: Repeats | None, hours: int) -> tuple[str, ...]:
    told = []
    if exact is not None:
        share = Fraction(exact.requests["expected"], exact.counted)
        told.append(
            f"{exact.requests['expected']:,} of {exact.counted:,} requests ({percent(share)}) have the hash of one "
            f"that was answered in the {hours} hours before"
        )
        told.append(f"{exact.requests['high']:,} do so at any time in the period")
    if near is not None:
        facts = llm_facts().response_cache
        told.append(
            f"{near.requests['high']:,} of {near.counted:,} requests nearly repeat an earlier one (simhashes that "
            f"differ in at most {facts.near_bits} bits, or embeddings with a cosine of {facts.near_cosine} or more)"
        )
    return tuple(told)
