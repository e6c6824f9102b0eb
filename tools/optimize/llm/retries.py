"""Retries: requests that brought no answer, and those sent again at once though the first was answered."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from tools.domain.recommendation import Phase, Recommendation
from tools.optimize.ledger import Ledger
from tools.optimize.lever import READY, Preflight
from tools.optimize.llm.facts import llm_facts
from tools.optimize.llm.repeats import Avoided, Repeats, repeats
from tools.optimize.llm.request_rows import REQUEST_HASH, STATUS
from tools.optimize.llm.slices import Slice, by_id, percent, saving_of, tier_edits
from tools.registry import ToolContext

LEAST_SHARE = Fraction(1, 200)
"""Fewer than one in two hundred is the noise of any network."""


@dataclass(frozen=True)
class Retries:
    """The saving is what failed requests cost, and what requests cost that repeat an answered one at once."""

    name: str = "retries"
    label: str = "stop paying for failed and repeated requests"
    phase: Phase = "usage"

    def preflight(self, ctx: ToolContext, ledger: Ledger) -> Preflight:
        if not {REQUEST_HASH, STATUS} & ctx.store.columns:
            return Preflight(
                "usage records of single requests with their status (--map COLUMN=status) or a hash of the prompt "
                f"(--map COLUMN={REQUEST_HASH})"
            )
        return READY

    def find(self, ctx: ToolContext, ledger: Ledger) -> Sequence[Recommendation]:
        known = by_id(ledger)
        found = (self._one(ctx, ledger, known[key], by) for key, by in repeats(ctx, ledger).items() if key in known)
        return [one for one in found if one is not None]

    def _one(self, ctx: ToolContext, ledger: Ledger, one: Slice, by: Repeats) -> Recommendation | None:
        failed, soon = by.costs["failed"], by.costs["soon"]
        avoided = {key: failed.get(key, Fraction(0)) + soon.get(key, Fraction(0)) for key in (*failed, *soon)}
        wasted = sum(avoided.values(), Fraction(0))
        edits = tier_edits(one, avoided)
        if not edits or wasted < LEAST_SHARE * one.cost:
            return None
        seconds = llm_facts().response_cache.retry_seconds
        return Recommendation(
            lever=self.name,
            target=one.target,
            description=f"Stop failed and repeated requests of {one.what}",
            edits=edits,
            low=saving_of(ledger, one, tier_edits(one, _half(avoided))),
            high=saving_of(ledger, one, edits),
            currency=ledger.currency,
            confidence=Decimal("0.6"),
            effort="Low",
            risk="Very Low",
            evidence=(
                f"{by.requests['failed']:,} of {by.counted:,} requests brought no answer and were paid",
                f"{by.requests['soon']:,} repeat one that was answered at most {seconds} seconds before",
                f"together they are {percent(wasted / one.cost)} of what these requests cost",
            ),
            steps=(
                "give the client a longer timeout, and back-off with jitter between few attempts",
                "check a request's size and form before it is sent; send it once (idempotency key)",
            ),
            proved_wrong_by="the provider credits failed requests later, or the repeats are samples that are wanted",
            owner=one.owner,
            provider=one.provider,
            period=ledger.period,
            created=ctx.as_of,
        )


def _half(avoided: Avoided) -> Avoided:
    """Half of the waste stays: some failures can't be helped."""
    return {key: amount / 2 for key, amount in avoided.items()}
