"""Batching: work that nobody waits for goes through a batch tier, at the batch price."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from tools.domain.recommendation import Edit, Phase, Recommendation
from tools.inform.scenario.levers import BATCH
from tools.inform.scenario.prices import UnitPrices
from tools.inform.scenario.usage import Line, TokenType
from tools.optimize.ledger import Ledger
from tools.optimize.lever import READY, Preflight
from tools.optimize.llm.slices import Slice, edits_at, percent, saving_of, slices, tier_claim
from tools.optimize.llm.waiting import waits
from tools.optimize.token_prices import token_prices
from tools.registry import ToolContext


@dataclass(frozen=True)
class Batch:
    """The saving is the tokens at what they cost now, less the same tokens at the batch price of their model."""

    name: str = "batch"
    label: str = "send work that can wait through batch"
    phase: Phase = "usage"

    def preflight(self, ctx: ToolContext, ledger: Ledger) -> Preflight:
        if not ledger.tokens:
            return Preflight("token usage by model (outlay ingest usage)")
        if not any(line["x_UseCase"] or line["x_Workload"] for line in ledger.tokens):
            return Preflight("token usage that says what it is for (x_UseCase or x_Workload)")
        return READY

    def find(self, ctx: ToolContext, ledger: Ledger) -> Sequence[Recommendation]:
        prices = token_prices(ctx, ledger)
        found = (self._one(ctx, ledger, one, prices) for one in slices(ledger, batch=False))
        return [one for one in found if one is not None]

    def _one(self, ctx: ToolContext, ledger: Ledger, one: Slice, prices: UnitPrices) -> Recommendation | None:
        can_wait = waits(one)
        edits = _edits(one, prices) if can_wait else None
        if can_wait is None or edits is None or one.left(edits) >= 1:
            return None
        saved = saving_of(ledger, one, edits)
        return Recommendation(
            lever=self.name,
            target=one.target,
            description=f"Send {one.what} through the batch tier of {one.provider}",
            edits=edits,
            low=Decimal(0),
            high=saved,
            currency=ledger.currency,
            confidence=can_wait.confidence,
            effort="Low",
            risk="Low",
            evidence=(
                f"{one.work} is taken to be able to wait: {can_wait.why}",
                f"{float(one.requests):,.0f} requests of it went through other tiers in the period",
                f"at the batch prices of {one.model} these tokens cost {percent(one.left(edits))} of what they do now",
            ),
            steps=(
                "collect the requests in files and submit them as batches",
                "fetch the results within 24 hours and hand them on",
            ),
            proved_wrong_by="someone waits for these answers for less than 24 hours",
            exclusive=tier_claim(one),
            owner=one.owner,
            provider=one.provider,
            period=ledger.period,
            created=ctx.as_of,
        )


def _edits(one: Slice, prices: UnitPrices) -> tuple[Edit, ...] | None:
    """One for each tier and token type; None where some token type has no batch price of its own."""

    def offered(_: str | None, kind: TokenType) -> Fraction | None:
        there = Line(one.provider, one.model, BATCH)
        return prices.known(there, kind) if prices.has_own(there, "input") else None

    return edits_at(one, offered)
