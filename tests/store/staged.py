"""Small staged loads, written as a connector would write them."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal, NamedTuple

from tools.domain.load import LoadReport
from tools.store import LoadPlan, Store


class Charge(NamedTuple):
    """One row; costs are exact text."""

    day: date
    effective_cost: str | None
    source: str = "acme"
    basis: str = "invoice"
    provider: str = "AWS"
    billing_period: date | None = None
    currency: str = "USD"
    team: str | None = None
    token_type: str | None = None
    quantity: str | None = None
    price_source: str | None = None
    requests: str | None = None


COLUMNS = (
    '"ChargePeriodStart" TIMESTAMP, "ChargePeriodEnd" TIMESTAMP, "BillingPeriodStart" TIMESTAMP, '
    '"EffectiveCost" DECIMAL(38,24), "BilledCost" DECIMAL(38,24), "BillingCurrency" VARCHAR, "ChargeCategory" VARCHAR, '
    '"HostProviderName" VARCHAR, "ServiceProviderName" VARCHAR, "x_Team" VARCHAR, "x_TokenType" VARCHAR, '
    '"ConsumedQuantity" DECIMAL(38,18), "ConsumedUnit" VARCHAR, "x_PriceSource" VARCHAR, "x_Source" VARCHAR, '
    '"x_CostBasis" VARCHAR, "x_Requests" DECIMAL(38,18)'
)


def load(
    store: Store,
    charges: Sequence[Charge],
    *,
    dataset: Literal["CostAndUsage", "Usage"] = "CostAndUsage",
    replace: Literal["billing_period", "interval"] = "billing_period",
) -> LoadReport:
    with store.writer() as writer:
        writer.execute(f"CREATE TABLE rows ({COLUMNS})")
        for charge in charges:
            writer.execute(f"INSERT INTO rows VALUES ({', '.join('?' * 17)})", _values(charge))
        return writer.commit(LoadPlan("rows", dataset, replace, read=len(charges)))


def _values(charge: Charge) -> list[Any]:
    start = datetime.combine(charge.day, datetime.min.time())
    period = charge.billing_period or charge.day.replace(day=1)
    cost = None if charge.effective_cost is None else Decimal(charge.effective_cost)
    billed = cost if charge.basis == "invoice" else None
    quantity = None if charge.quantity is None else Decimal(charge.quantity)
    unit = "Tokens" if charge.token_type else None
    return [
        *(start, None, datetime.combine(period, datetime.min.time()), cost, billed, charge.currency, "Usage"),
        *(charge.provider, charge.provider, charge.team, charge.token_type, quantity, unit, charge.price_source),
        *(charge.source, charge.basis, None if charge.requests is None else Decimal(charge.requests)),
    ]


def total(store: Store, where: str = "true", table: str = "charges") -> Decimal | None:
    value = store.snapshot().query(f'SELECT sum("EffectiveCost") FROM {table} WHERE {where}').rows[0][0]
    return None if value is None else Decimal(value)
