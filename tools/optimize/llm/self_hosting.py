"""Self-hosting: a model on own machines that is cheaper to buy, or that is bought beside idle machines of its own."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from tools.domain.recommendation import Phase, Recommendation
from tools.inform.scenario.attribution import decimal_of
from tools.inform.scenario.usage import TOKEN_TYPES
from tools.inform.serving import Served, read_served
from tools.optimize.ledger import Ledger
from tools.optimize.lever import READY, Preflight
from tools.optimize.llm.machines import Machines, freed_note, machines
from tools.optimize.llm.slices import Slice, model_claim, monthly, percent, saving_of, slices
from tools.pricing.model_names import shorter_names
from tools.registry import ToolContext


@dataclass(frozen=True)
class SelfHosting:
    """Build versus buy on the allocated basis: all that machines cost, over all that they served.

    Buying: the saving is the machines less the same tokens at list price. Building: bought tokens of a model that is
    served here too move to what its machines have left, and cost nothing more there.
    """

    name: str = "self_hosting"
    label: str = "serve or buy, whichever is cheaper"
    phase: Phase = "usage"

    def preflight(self, ctx: ToolContext, ledger: Ledger) -> Preflight:
        if not machines(ledger):
            return Preflight("machine hours that name the model they serve (x_Model)")
        if not read_served(ctx, ledger.period):
            return Preflight("usage records of what own models serve (outlay ingest usage --provider self-hosted)")
        return READY

    def find(self, ctx: ToolContext, ledger: Ledger) -> Sequence[Recommendation]:
        own = machines(ledger)
        found = []
        for one in read_served(ctx, ledger.period):
            if one.model in own:
                bought = _bought(ledger, one.model)
                found.append(self._buy(ctx, ledger, one, own[one.model], bought))
                found += self._build(ctx, ledger, one, own[one.model], bought)
        return [one for one in found if one is not None]

    def _buy(
        self, ctx: ToolContext, ledger: Ledger, one: Served, own: Machines, others: Sequence[Slice]
    ) -> Recommendation | None:
        if one.bought is None or Fraction(one.bought) >= own.cost:
            return None
        bought = monthly(ledger, Fraction(one.bought))
        return Recommendation(
            lever=self.name,
            target=f"buy {one.model}",
            description=f"Buy the tokens of {one.model} instead of serving them on {len(own.names)} machines",
            edits=(own.edit(Fraction(0)),),
            added_cost=bought,
            low=max(monthly(ledger, own.cost - 2 * Fraction(one.bought)), Decimal(0)),
            high=monthly(ledger, own.cost - Fraction(one.bought)),
            currency=ledger.currency,
            cash=own.cash(),
            confidence=Decimal("0.6"),
            effort="Medium",
            risk="Medium",
            evidence=(
                f"its machines cost {_per_million(own.cost, one)} {one.currency} for a million tokens that they serve; "
                f"the same tokens cost {_per_million(Fraction(one.bought), one)} by price list",
                f"they serve {percent(Fraction(one.tokens) / Fraction(one.capacity))} of what their busiest hour would "
                f"make of the period; they pay from {percent(Fraction(one.break_even or 0))} on",
                freed_note(own.lines),
            ),
            steps=(
                "send the traffic to a provider of the same model",
                "give the machines up, or to other work",
            ),
            proved_wrong_by="the data may not leave, the bought model answers otherwise or more slowly, or use doubles",
            exclusive=own.claim().union(*(model_claim(other) for other in others)),
            owner=own.owner,
            provider=own.provider,
            period=ledger.period,
            created=ctx.as_of,
        )

    def _build(
        self, ctx: ToolContext, ledger: Ledger, one: Served, own: Machines, others: Sequence[Slice]
    ) -> list[Recommendation]:
        tokens = sum((other.tokens(TOKEN_TYPES) for other in others), Fraction(0))
        spare = Fraction(one.capacity) - Fraction(one.tokens)
        if not tokens or spare <= 0:
            return []
        share = min(spare / tokens, Fraction(1))
        return [self._move(ctx, ledger, one, own, other, share) for other in others]

    def _move(
        self, ctx: ToolContext, ledger: Ledger, one: Served, own: Machines, other: Slice, share: Fraction
    ) -> Recommendation:
        edits = (other.edit(1 - share, TOKEN_TYPES),)
        return Recommendation(
            lever=self.name,
            target=f"serve {other.target}",
            description=f"Serve {percent(share)} of {other.what} on the machines that serve {one.model} already",
            edits=edits,
            low=saving_of(ledger, other, (other.edit(1 - share / 2, TOKEN_TYPES),)),
            high=saving_of(ledger, other, edits),
            currency=ledger.currency,
            confidence=Decimal("0.5"),
            effort="Medium",
            risk="Medium",
            evidence=(
                f"{float(other.tokens(TOKEN_TYPES)):,.0f} tokens of {other.model} were bought from {other.provider}",
                f"the machines of {one.model} serve {percent(Fraction(one.tokens) / Fraction(one.capacity))} of what "
                "their busiest hour would make of the period, and are paid in any case",
            ),
            steps=("send this traffic to the own endpoint outside its busy hours first", "watch latency there"),
            proved_wrong_by="both are busy in the same hours, so that the machines' latency suffers",
            exclusive=model_claim(other),
            owner=other.owner,
            provider=other.provider,
            period=ledger.period,
            created=ctx.as_of,
        )


def _bought(ledger: Ledger, model: str) -> Sequence[Slice]:
    """Slices whose tokens of the same model are bought."""
    names = set(shorter_names(model))
    return [one for one in slices(ledger) if names & set(shorter_names(one.model))]


def _per_million(cost: Fraction, one: Served) -> str:
    return f"{decimal_of(cost / Fraction(one.tokens) * 1_000_000):.2f}"
