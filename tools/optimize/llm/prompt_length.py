"""Prompt length: requests whose prompts have grown go back to what they took before."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from tools.domain.recommendation import Phase, Recommendation
from tools.inform.scenario.usage import PROMPT
from tools.optimize.ledger import Ledger
from tools.optimize.lever import Preflight
from tools.optimize.llm.length_drift import Drift, can_compare, drifts, saving_at, told
from tools.optimize.llm.length_shape import shape
from tools.registry import ToolContext


@dataclass(frozen=True)
class PromptLength:
    """The saving is what prompts cost beyond the tokens a request took in the days before, on the same work."""

    name: str = "prompt_length"
    label: str = "cut prompts that have grown"
    phase: Phase = "usage"

    def preflight(self, ctx: ToolContext, ledger: Ledger) -> Preflight:
        return can_compare(ctx, ledger)

    def find(self, ctx: ToolContext, ledger: Ledger) -> Sequence[Recommendation]:
        return [self._one(ctx, ledger, drift) for drift in drifts(ctx, ledger, PROMPT)]

    def _one(self, ctx: ToolContext, ledger: Ledger, drift: Drift) -> Recommendation:
        one = drift.slice
        return Recommendation(
            lever=self.name,
            target=one.target,
            description=f"Cut the prompts of {one.what} back to what they were",
            edits=(one.edit(drift.left(drift.before.each), PROMPT),),
            low=saving_at(ledger, drift, PROMPT, max(drift.before.weeks)),
            high=saving_at(ledger, drift, PROMPT, min(drift.before.weeks)),
            currency=ledger.currency,
            confidence=Decimal("0.4"),
            effort="Medium",
            risk="Medium",
            evidence=(told(drift, "input"), shape(ctx, ledger, drift)),
            steps=(
                "compare a prompt of today with one of the time before",
                "take out unused instructions and tools; keep less of a conversation and of what is retrieved",
            ),
            proved_wrong_by="answers get worse with the shorter prompt, or people ask longer questions than before",
            owner=one.owner,
            provider=one.provider,
            period=ledger.period,
            created=ctx.as_of,
        )
