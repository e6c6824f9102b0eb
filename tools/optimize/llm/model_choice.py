"""Model choice: a share of the traffic goes to a smaller model of the same developer."""

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
from tools.optimize.llm.quality import Comparison, compare
from tools.optimize.llm.routes import Share, routes
from tools.optimize.llm.slices import Slice, edits_at, model_claim, percent, saving_of, slices
from tools.optimize.token_prices import token_prices
from tools.registry import ToolContext

MEASURES = ("evaluation", "fine_tuning")
"""Workloads in which the model itself is what is looked at."""
ALL = Share(low=Decimal(1), expected=Decimal(1), high=Decimal(1))


@dataclass(frozen=True)
class ModelChoice:
    """The saving is the moved tokens at what they cost now, less the same tokens at the smaller model's prices.

    With scores of both models on this work all of it moves when the smaller one is as good, and nothing when it is
    not; without them a share moves, and the recommendation names the evaluation that is missing.
    """

    name: str = "model_choice"
    label: str = "send a share of the traffic to a smaller model"
    phase: Phase = "usage"

    def preflight(self, ctx: ToolContext, ledger: Ledger) -> Preflight:
        if not ledger.tokens:
            return Preflight("token usage by model (outlay ingest usage)")
        return READY

    def find(self, ctx: ToolContext, ledger: Ledger) -> Sequence[Recommendation]:
        prices = token_prices(ctx, ledger)
        found = (self._one(ctx, ledger, one, prices) for one in slices(ledger))
        return [one for one in found if one is not None]

    def _one(self, ctx: ToolContext, ledger: Ledger, one: Slice, prices: UnitPrices) -> Recommendation | None:
        smaller = routes().smaller(one.model)
        if smaller is None or one.where["x_Workload"] in MEASURES:
            return None
        to, source = smaller
        scored = compare(ctx, one.model, to, one.where["x_UseCase"])
        if scored is not None and scored.lost > routes().tolerance:
            return None
        share = routes().share if scored is None else ALL
        edits = {name: switch_edits(one, to, prices, Fraction(getattr(share, name))) for name in Share.model_fields}
        if not edits["expected"]:
            return None
        return Recommendation(
            lever=self.name,
            target=one.target,
            description=f"Send {percent(Fraction(share.expected))} of {one.work}{one.place} from {one.model} to {to}",
            edits=edits["expected"],
            low=Decimal(0) if scored is None else saving_of(ledger, one, edits["low"]),
            high=saving_of(ledger, one, edits["high"]),
            currency=ledger.currency,
            confidence=Decimal("0.2") if scored is None else Decimal("0.7"),
            effort="Medium",
            risk="High" if scored is None else "Medium",
            evidence=(
                _evidence(one, to, scored),
                f"the same tokens on {to} cost {percent(one.left(switch_edits(one, to, prices, Fraction(1))))} of what "
                f"they do on {one.model} (its smaller sibling by {source})",
            ),
            steps=(
                f"score {to} on a sample of these requests beside {one.model}",
                "route the easy requests first, and compare what people accept",
            ),
            proved_wrong_by=f"{to} loses more than {routes().tolerance} of a score on this work, or takes more tokens",
            exclusive=model_claim(one),
            owner=one.owner,
            provider=one.provider,
            period=ledger.period,
            created=ctx.as_of,
        )


def switch_edits(one: Slice, to: str, prices: UnitPrices, share: Fraction) -> tuple[Edit, ...]:
    """What is left of each tier's and token type's cost with a share on another model of the provider.

    () where some of it has no price there, or nothing is to be saved.
    """

    def offered(tier: str | None, kind: TokenType) -> Fraction | None:
        return prices.known(Line(one.provider, to, tier or STANDARD), kind)

    made = edits_at(one, offered, share) or ()
    return made if one.left(made) < 1 else ()


def _evidence(one: Slice, to: str, scored: Comparison | None) -> str:
    if scored is not None:
        return (
            f"on {one.work} {to} has {scored.metric} {scored.small:.3f} over {scored.samples:,.0f} samples, "
            f"{one.model} {scored.large:.3f}"
        )
    return (
        f"no evaluation of {to} on {one.work} is loaded: the share is an assumption ({routes().share_source}); score "
        "both on the same requests and load the scores (outlay ingest quality)"
    )
