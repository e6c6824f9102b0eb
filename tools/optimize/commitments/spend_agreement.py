"""Spend agreements and prepaid credits that will not be used up: what is owed or lost at their end."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from tools.domain.errors import NoData
from tools.domain.recommendation import Phase, Recommendation
from tools.optimize.commitments.agreements import RATE_DAYS, AgreementState, is_prepaid, read_agreements
from tools.optimize.ledger import Ledger
from tools.optimize.lever import READY, Preflight
from tools.registry import ToolContext

MONTH_DAYS = 30


@dataclass(frozen=True)
class SpendAgreement:
    """Its amount is the projected shortfall, spread over the months that are left; it keeps money from being lost."""

    name: str = "spend_agreement"
    label: str = "use spend agreements and prepaid credits before they end"
    phase: Phase = "rate"

    def preflight(self, ctx: ToolContext, ledger: Ledger) -> Preflight:
        if not any(one.cost is not None for one in ctx.store.records("commitments")):
            return Preflight("spend agreements or prepaid credits (FOCUS ContractCommitment, outlay ingest focus)")
        return READY

    def find(self, ctx: ToolContext, ledger: Ledger) -> Sequence[Recommendation]:
        try:
            states = read_agreements(ctx).states
        except NoData:
            return ()
        return [_one(ctx, ledger, one) for one in states if one.shortfall > 0 and one.currency == ledger.currency]


def _one(ctx: ToolContext, ledger: Ledger, state: AgreementState) -> Recommendation:
    agreement = state.agreement
    months = max(Decimal(state.days_left) / MONTH_DAYS, Decimal(1))
    prepaid = is_prepaid(agreement)
    end = "expire" if prepaid else "are owed"
    needed = f"; {state.needed_rate:,.2f} a day would use all of it" if state.needed_rate is not None else ""
    return Recommendation(
        lever="spend_agreement",
        target=f"{agreement.contract_id}/{agreement.commitment_id}",
        description=f"{'Use' if prepaid else 'Meet'} {agreement.description or agreement.commitment_id} of "
        f"{agreement.provider} by {agreement.end}",
        phase="rate",
        added_cost=-(state.shortfall / months),
        currency=state.currency,
        cash="avoidance",
        confidence=Decimal("0.6"),
        effort="Medium",
        risk="Low",
        evidence=(
            f"{state.spent:,.2f} of {state.amount:,.2f} {state.currency} count so far; at {state.burn_rate:,.2f} a day "
            f"(the last {RATE_DAYS} days) {state.shortfall:,.2f} {end} at the end{needed}",
        ),
        steps=(
            "ask the provider to extend the end or carry the rest over",
            "buy through its marketplace what is bought elsewhere now, where that counts",
            "do not spend on what nobody needs: that costs more than the shortfall",
        ),
        proved_wrong_by="spend grows faster than in the last months, or other charges count towards it",
        provider=agreement.provider,
        period=ledger.period,
        created=ctx.as_of,
    )
