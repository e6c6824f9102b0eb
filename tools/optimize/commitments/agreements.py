"""Spend agreements and prepaid credits: balance, burn-down, expiry and shortfall of what was promised to a provider."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from tools.domain.errors import NoData
from tools.domain.records import Commitment
from tools.registry import SqlValue, ToolContext
from tools.semantic.numbers import EXACT, over

RATE_DAYS = 90
"""The burn rate is of the last so many days."""
PREPAID = ("credit", "prepaid", "prepayment", "token bank")
_PROVIDERS = ("InvoiceIssuerName", "ServiceProviderName", "HostProviderName", "PublisherName")


@dataclass(frozen=True)
class AgreementState:
    """One agreement on one day. `amount` was promised, or paid in advance; `spent` counts towards it since its start.

    Spend agreements count what is billed; prepaid credits what usage costs. `burn_rate` is per day.
    """

    agreement: Commitment
    amount: Decimal
    currency: str
    spent: Decimal
    burn_rate: Decimal
    days_left: int
    counts_billed: bool

    @property
    def balance(self) -> Decimal:
        """What is left to spend; 0 once all of it is."""
        return max(self.amount - self.spent, Decimal(0))

    @property
    def projected(self) -> Decimal:
        """Spent by the end, at the burn rate."""
        return EXACT.add(self.spent, EXACT.multiply(self.burn_rate, Decimal(self.days_left)))

    @property
    def shortfall(self) -> Decimal:
        """What will be owed, or expire unused; 0 where the projection reaches the amount."""
        return max(self.amount - self.projected, Decimal(0))

    @property
    def needed_rate(self) -> Decimal | None:
        """Per day, to use all of it by the end; None when it is over."""
        return over(self.balance, Decimal(self.days_left)) if self.days_left else None

    def used_up_on(self, today: date) -> date | None:
        """The day on which the balance is gone, if that is before the end."""
        if self.burn_rate <= 0 or not self.balance:
            return None
        days = -int(-self.balance // self.burn_rate)
        return today + timedelta(days=days) if days < self.days_left else None


@dataclass(frozen=True)
class Agreements:
    """The agreements in force, the first to end first."""

    states: tuple[AgreementState, ...]
    through: date
    """The last day that counts as spent."""
    sql: str
    parameters: tuple[SqlValue, ...]


def read_agreements(ctx: ToolContext) -> Agreements:
    """How agreements in money stand. Raises NoData without any in force, or for a store without charges."""
    every = [one for one in ctx.store.records("commitments") if one.cost is not None]
    if not every:
        hint = "load them: outlay ingest focus FILE (FOCUS ContractCommitment)"
        raise NoData(f"no spend agreement or prepaid credit is loaded; {hint}", "not_loaded")
    if ctx.store.loaded_through is None:
        raise NoData("nothing is loaded yet", "not_loaded")
    through = min(ctx.store.loaded_through, ctx.as_of - timedelta(days=1))
    running = [one for one in every if one.start <= through and ctx.as_of < one.end]
    if not running:
        last = max(one.end for one in every)
        raise NoData(f"no spend agreement is in force on {ctx.as_of}; the last ended on {last}", "absent")
    sql = _query(ctx)
    states: list[AgreementState] = []
    parameters: list[SqlValue] = []
    for one in running:
        mine = _parameters(one, through)
        states.append(_state(ctx, one, ctx.store.query(sql, mine).rows, through))
        parameters += mine
    ordered = tuple(sorted(states, key=lambda state: (state.agreement.end, state.agreement.commitment_id)))
    return Agreements(ordered, through, ";\n\n".join([sql] * len(running)), tuple(parameters))


def is_prepaid(agreement: Commitment) -> bool:
    """Whether it was paid in advance, so that what is left expires rather than being owed."""
    text = " ".join(filter(None, (agreement.category, agreement.model, agreement.description))).lower()
    return any(word in text for word in PREPAID)


def _parameters(one: Commitment, through: date) -> tuple[SqlValue, ...]:
    recent = max(one.start, through - timedelta(days=RATE_DAYS - 1))
    return (recent, recent, one.start, through + timedelta(days=1), one.provider, one.currency or "")


def _state(
    ctx: ToolContext, one: Commitment, rows: Sequence[tuple[Decimal | None, ...]], through: date
) -> AgreementState:
    billed, effective, billed_recently, used_recently = (value or Decimal(0) for value in rows[0])
    prepaid = is_prepaid(one)
    recent = Decimal((through - max(one.start, through - timedelta(days=RATE_DAYS - 1))).days + 1)
    return AgreementState(
        agreement=one,
        amount=one.cost or Decimal(0),
        currency=one.currency or "",
        spent=effective if prepaid else billed,
        burn_rate=over(used_recently if prepaid else billed_recently, recent) or Decimal(0),
        days_left=max((one.end - through).days - 1, 0),
        counts_billed=not prepaid,
    )


def _query(ctx: ToolContext) -> str:
    providers = [name for name in _PROVIDERS if name in ctx.store.columns] or ["x_Source"]
    named = ", ".join(f'"{name}"' for name in providers)
    return f"""
SELECT SUM("BilledCost"), SUM("EffectiveCost"),
    SUM(CASE WHEN "ChargeDay" >= CAST(? AS DATE) THEN "BilledCost" END),
    SUM(CASE WHEN "ChargeDay" >= CAST(? AS DATE) THEN "EffectiveCost" END)
FROM charges
WHERE "ChargeDay" >= CAST(? AS DATE) AND "ChargeDay" < CAST(? AS DATE) AND "x_CountsForCost"
    AND list_contains([{named}], ?) AND COALESCE("BillingCurrency", '') = ?
    AND COALESCE("ChargeCategory", 'Usage') NOT IN ('Tax', 'Credit')
""".strip()
