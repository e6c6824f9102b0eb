"""One recommendation about a machine, or about lines that are paid for alike: what the levers have in common."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from tools.domain.recommendation import Edit, Level, Phase, Recommendation
from tools.inform.scenario.attribution import decimal_of
from tools.optimize.gpu.machines import Machine, Payment
from tools.optimize.ledger import Ledger, Line
from tools.registry import ToolContext


@dataclass(frozen=True)
class Advice:
    """What a lever has to say. `avoided` is the share of the cost that goes, `low` and `high` its range."""

    lever: str
    description: str
    avoided: Fraction
    low: Fraction
    high: Fraction
    confidence: Decimal
    effort: Level
    risk: Level
    evidence: tuple[str, ...]
    steps: tuple[str, ...]
    proved_wrong_by: str
    phase: Phase = "usage"
    parameters: Mapping[str, str] = field(default_factory=dict)


def about_machine(
    ctx: ToolContext, ledger: Ledger, machine: Machine, payment: Payment, advice: Advice
) -> Recommendation:
    """The advice for one part of a machine; what a commitment pays for frees capacity only, and says so."""
    own = machine.edits(payment, 1 - advice.avoided)
    target = machine.key if payment.cash == "cash" else f"{machine.key}/{payment.commitment or payment.cash}"
    return drafted(ctx, ledger, payment, advice, own, target, machine.key).model_copy(
        update={"resource_id": machine.key, "account": machine.one("SubAccountId")}
    )


def drafted(
    ctx: ToolContext,
    ledger: Ledger,
    payment: Payment,
    advice: Advice,
    edits: tuple[Edit, ...],
    target: str,
    *exclusive: str,
) -> Recommendation:
    """The advice for lines that are paid for alike."""
    month = ledger.month * payment.cost
    return Recommendation(
        lever=advice.lever,
        phase=advice.phase,
        target=target,
        description=advice.description,
        edits=edits,
        low=decimal_of(month * advice.low),
        high=decimal_of(month * advice.high),
        currency=ledger.currency,
        cash=payment.cash,
        confidence=advice.confidence,
        effort=advice.effort,
        risk=advice.risk,
        evidence=(*advice.evidence, *paid_by(ledger, payment)),
        steps=advice.steps,
        proved_wrong_by=advice.proved_wrong_by,
        parameters=advice.parameters,
        exclusive=frozenset(exclusive),
        owner=most(payment, "x_Team"),
        provider=most(payment, "HostProviderName"),
        service=most(payment, "ServiceName"),
        region=most(payment, "RegionId"),
        period=ledger.period,
        created=ctx.as_of,
    )


def type_of(key: str) -> str:
    """What a recommendation claims besides the machine itself when it changes what the machine is, or where it runs.

    Fewer hours and another price go together; two other types, or places, do not.
    """
    return f"type of {key}"


def most(payment: Payment, column: str) -> str | None:
    """What most of the cost has in a column."""
    costs: dict[str | None, Fraction] = {}
    for line in payment.lines:
        costs[line[column]] = costs.get(line[column], Fraction(0)) + line.cost
    return max(costs, key=lambda value: (costs[value], value or ""))


def paid_by(ledger: Ledger, payment: Payment) -> tuple[str, ...]:
    """What a commitment means for the saving; () for what is paid as it is used."""
    if payment.cash != "capacity":
        return ()
    until = f"ends on {payment.ends}" if payment.ends else "has no end that is loaded (outlay ingest commitments)"
    named = payment.commitment or "a commitment"
    said = f"{named} pays for it and {until}: nothing is saved until the hours are used for something else or it ends"
    other = _on_demand_alike(ledger, payment)
    if not other:
        return (said,)
    amount = f"{float(ledger.month * other):,.2f} {ledger.currency}"
    return (said, f"{amount} a month are paid on demand for the same kind, which the freed hours could take over")


def _on_demand_alike(ledger: Ledger, payment: Payment) -> Fraction:
    """What is paid on demand in the ledger for the type that a commitment's lines are of."""
    kinds = {_kind(line) for line in payment.lines}
    return sum(
        (line.cost for line in ledger.lines if line["PricingCategory"] == "Standard" and _kind(line) in kinds),
        Fraction(0),
    )


def _kind(line: Line) -> tuple[str | None, ...]:
    described = (line["ChargeDescription"] or "").split(" covered by ")[0].removesuffix(" on demand")
    return line["HostProviderName"], line["RegionId"], line["ConsumedUnit"], described
