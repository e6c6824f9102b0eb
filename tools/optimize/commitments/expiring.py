"""Commitments that end soon: what their usage will cost on demand, unless they are renewed."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from tools.domain.recommendation import Phase, Recommendation
from tools.optimize.commitments.ends import WINDOW_DAYS, Ending, read_endings
from tools.optimize.ledger import Ledger
from tools.optimize.lever import READY, Preflight
from tools.registry import ToolContext

SOON_DAYS = 90


@dataclass(frozen=True)
class ExpiringCommitment:
    """Its amount is the rise of a month's cost that a renewal on the same terms avoids; it lowers no bill."""

    name: str = "expiring_commitment"
    label: str = "renew or replace commitments before they end"
    phase: Phase = "rate"

    def preflight(self, ctx: ToolContext, ledger: Ledger) -> Preflight:
        if not any(line["CommitmentDiscountStatus"] for line in ledger.lines):
            return Preflight("a bill with commitments (CommitmentDiscountStatus)")
        return READY

    def find(self, ctx: ToolContext, ledger: Ledger) -> Sequence[Recommendation]:
        found = read_endings(ctx)
        endings = found.endings if found else ()
        return [_one(ctx, ledger, one) for one in endings if one.ends_within(ctx.as_of, SOON_DAYS) and one.avoided > 0]


def _one(ctx: ToolContext, ledger: Ledger, ending: Ending) -> Recommendation:
    days = (ending.ends - ctx.as_of).days if ending.ends else 0
    return Recommendation(
        lever="expiring_commitment",
        target=ending.id,
        description=f"Renew or replace {ending.name}, which ends on {ending.ends}",
        phase="rate",
        added_cost=-ending.avoided,
        currency=ending.currency,
        cash="avoidance",
        confidence=Decimal("0.7") if ending.known_from.startswith("contract") else Decimal("0.5"),
        effort="Low",
        risk="Medium",
        evidence=(
            f"it ends in {days} days (known from {ending.known_from})",
            f"in the last {WINDOW_DAYS} days it cost {ending.committed:,.2f} {ending.currency}; "
            f"on demand its usage would cost {ending.on_demand:,.2f}",
        ),
        steps=("plan the next commitment on today's usage", "let a successor begin on the day after the end"),
        proved_wrong_by="its usage goes away, or the provider extends it",
        provider=ending.provider,
        period=ledger.period,
        created=ctx.as_of,
    )
