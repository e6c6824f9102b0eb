"""Output length: answers, or the reasoning before them, that have grown go back to what they took before."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from tools.domain.recommendation import Phase, Recommendation
from tools.inform.scenario.usage import COMPLETION
from tools.optimize.ledger import Ledger
from tools.optimize.lever import Preflight
from tools.optimize.llm.length_drift import Drift, can_compare, drifts, saving_at, told
from tools.optimize.llm.slices import percent
from tools.registry import ToolContext


@dataclass(frozen=True)
class OutputLength:
    """The saving is what answers cost beyond the tokens a request took in the days before, on the same work."""

    name: str = "output_length"
    label: str = "cut answers that have grown"
    phase: Phase = "usage"

    def preflight(self, ctx: ToolContext, ledger: Ledger) -> Preflight:
        return can_compare(ctx, ledger)

    def find(self, ctx: ToolContext, ledger: Ledger) -> Sequence[Recommendation]:
        return [self._one(ctx, ledger, drift) for drift in drifts(ctx, ledger, COMPLETION)]

    def _one(self, ctx: ToolContext, ledger: Ledger, drift: Drift) -> Recommendation:
        one = drift.slice
        reasoning = one.tokens(("reasoning",)) / one.tokens(COMPLETION)
        return Recommendation(
            lever=self.name,
            target=one.target,
            description=f"Cut the answers of {one.what} back to what they were",
            edits=(one.edit(drift.left(drift.before.each), COMPLETION),),
            low=saving_at(ledger, drift, COMPLETION, max(drift.before.weeks)),
            high=saving_at(ledger, drift, COMPLETION, min(drift.before.weeks)),
            currency=ledger.currency,
            confidence=Decimal("0.4"),
            effort="Low",
            risk="Medium",
            evidence=(told(drift, "output"), f"{percent(reasoning)} of the output is reasoning"),
            steps=(
                "set a limit of output tokens, and ask for the form of the answer that is used",
                "lower the reasoning effort where the answers stay as good",
            ),
            proved_wrong_by="answers are cut off or get worse, or longer answers are asked for",
            owner=one.owner,
            provider=one.provider,
            period=ledger.period,
            created=ctx.as_of,
        )
