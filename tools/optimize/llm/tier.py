"""Service tier: requests leave the priority tier where nobody needs it, and take flex where they can wait a little."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from tools.domain.recommendation import Edit, Phase, Recommendation
from tools.inform.scenario.levers import STANDARD
from tools.inform.scenario.prices import UnitPrices
from tools.inform.scenario.usage import Line, TokenType
from tools.optimize.ledger import Ledger
from tools.optimize.lever import READY, Preflight
from tools.optimize.llm.slices import Slice, edits_at, percent, saving_of, slices, tier_claim
from tools.optimize.llm.waiting import waits
from tools.optimize.token_prices import token_prices
from tools.registry import ToolContext

PRIORITY, FLEX = "priority", "flex"
LIVE = ("production", "prod", "live")


@dataclass(frozen=True)
class Tier:
    """The saving is the tokens at what they cost now, less the same tokens at the other tier's price of their model."""

    name: str = "tier"
    label: str = "use the cheaper service tier"
    phase: Phase = "usage"

    def preflight(self, ctx: ToolContext, ledger: Ledger) -> Preflight:
        if not any(line["x_ServiceTier"] for line in ledger.tokens):
            return Preflight("token usage with its service tier (--map COLUMN=service_tier)")
        return READY

    def find(self, ctx: ToolContext, ledger: Ledger) -> Sequence[Recommendation]:
        prices = token_prices(ctx, ledger)
        found = []
        for one in slices(ledger):
            if PRIORITY in one.tiers() and (made := self._one(ctx, ledger, one, PRIORITY, STANDARD, prices)):
                found.append(made)
            if waits(one) and STANDARD in one.tiers() and (made := self._one(ctx, ledger, one, STANDARD, FLEX, prices)):
                found.append(made)
        return found

    def _one(
        self, ctx: ToolContext, ledger: Ledger, one: Slice, here: str, there: str, prices: UnitPrices
    ) -> Recommendation | None:
        edits = _edits(one, here, there, prices)
        part = one.at((here,))
        if not edits or part.left(edits) >= 1:
            return None
        can_wait, is_live = waits(one), one.where["x_Environment"] in LIVE
        return Recommendation(
            lever=self.name,
            target=f"{one.target}/{here}",
            description=f"Send {one.what} through the {there} tier instead of {here}",
            edits=edits,
            low=Decimal(0),
            high=saving_of(ledger, one, edits),
            currency=ledger.currency,
            confidence=can_wait.confidence if can_wait else Decimal("0.3" if is_live else "0.7"),
            effort="Very Low",
            risk="Medium" if is_live and not can_wait else "Low",
            evidence=(
                f"{float(part.requests):,.0f} requests went through {here}; at {there} their tokens cost "
                f"{percent(part.left(edits))} of what they do now",
                f"{one.work} is taken to be able to wait: {can_wait.why}"
                if can_wait
                else f"its environment: {one.where['x_Environment'] or 'not told'}; nothing says that latency matters",
            ),
            steps=(f"set service_tier to {there}", "watch latency, and for flex how often requests are refused"),
            proved_wrong_by="someone waits for these answers, and the other tier is too slow for them",
            exclusive=tier_claim(one),
            owner=one.owner,
            provider=one.provider,
            period=ledger.period,
            created=ctx.as_of,
        )


def _edits(one: Slice, here: str, there: str, prices: UnitPrices) -> tuple[Edit, ...] | None:
    """One for each token type; None where some token type has no price at the other tier."""
    other = Line(one.provider, one.model, there)

    def offered(_: str | None, kind: TokenType) -> Fraction | None:
        return prices.known(other, kind) if prices.has_own(other, "input") else None

    return edits_at(one.at((here,)), offered)
