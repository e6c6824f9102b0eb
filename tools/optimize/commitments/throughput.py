"""Provisioned throughput: units of a model by the hour against paying by token, sized on the hourly token curve."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

import numpy as np

from tools.domain.recommendation import Edit, Phase, Recommendation
from tools.inform.scenario.attribution import decimal_of
from tools.optimize.commitments.hourly import hours_of
from tools.optimize.commitments.offers import ProvisionedOffer, known_offers, names
from tools.optimize.commitments.problem import Floats
from tools.optimize.ledger import Ledger, remaining
from tools.optimize.lever import READY, Preflight
from tools.registry import ToolContext

OUTPUT = ("output", "reasoning")
TOKENS = "x_TokenType"
_DATED = re.compile(r"-\d{4}-?\d{2}-?\d{2}$")
"""A snapshot's date at the end of a model's name."""


class Served(NamedTuple):
    """Whose tokens they are."""

    provider: str
    model: str


@dataclass(frozen=True)
class Sizing:
    """The best number of units over a period, and what it brings. Money is of the period.

    `inside`: the part of the tokens, weighted as units count them, that the units serve; the rest is paid by token.
    """

    units: int
    fee: Fraction
    inside: Fraction
    by_token: Fraction
    """What all of it costs by token."""

    @property
    def saving(self) -> Fraction:
        return self.by_token * self.inside - self.fee


def size(tokens: Floats, cost: Fraction, offer: ProvisionedOffer) -> Sizing:
    """The number of units with the least cost, exactly: its cost is convex in units, so every number is tried until it
    rises. `tokens` by hour, weighted; `cost` is what all of them cost by token."""
    total = float(tokens.sum())
    capacity = float(offer.tokens_per_minute) * 60
    best = Sizing(0, Fraction(0), Fraction(0), cost)
    units, most = offer.minimum, float(tokens.max(initial=0.0)) / capacity + offer.minimum + offer.increment
    while units <= most:
        inside = Fraction(float(np.minimum(tokens, units * capacity).sum()) / total) if total else Fraction(0)
        one = Sizing(units, Fraction(offer.rate) * units * len(tokens), inside, cost)
        if one.saving > best.saving:
            best = one
        units += offer.increment
    return best


@dataclass(frozen=True)
class ProvisionedThroughput:
    """The saving is what the tokens that the units serve cost by token, less the units' price for all hours."""

    name: str = "provisioned_throughput"
    label: str = "buy throughput by the hour for steady models"
    phase: Phase = "rate"

    def preflight(self, ctx: ToolContext, ledger: Ledger) -> Preflight:
        if not ledger.tokens:
            return Preflight("token usage by model and hour (outlay ingest usage)")
        return READY

    def find(self, ctx: ToolContext, ledger: Ledger) -> Sequence[Recommendation]:
        offers = known_offers(ctx.commitment_offers).provisioned
        best: dict[Served, tuple[ProvisionedOffer, Sizing]] = {}
        for served, offer in _offered(ledger, offers):
            tokens = hourly_tokens(ctx, ledger, served, offer)
            if tokens is None:
                continue
            sizing = size(tokens, _by_token(ledger, served), offer)
            if sizing.units and (served not in best or sizing.saving > best[served][1].saving):
                best[served] = offer, sizing
        return [_one(ctx, ledger, served, *found) for served, found in best.items()]


def _offered(ledger: Ledger, offers: Sequence[ProvisionedOffer]) -> Iterator[tuple[Served, ProvisionedOffer]]:
    served = dict.fromkeys(Served(line["HostProviderName"] or "", line["x_Model"] or "") for line in ledger.tokens)
    for one in served:
        model = _DATED.sub("", one.model)
        for offer in offers:
            same = offer.provider.lower() in one.provider.lower() and offer.currency == ledger.currency
            if same and any(names(known, model) for known in offer.models):
                yield one, offer


def _by_token(ledger: Ledger, served: Served) -> Fraction:
    return sum((line.cost for line in ledger.tokens if _is(served, line.keys)), Fraction(0))


def _is(served: Served, keys: Mapping[str, str | None]) -> bool:
    return (keys.get("HostProviderName") or "", keys.get("x_Model") or "") == served


def hourly_tokens(ctx: ToolContext, ledger: Ledger, served: Served, offer: ProvisionedOffer) -> Floats | None:
    """Tokens by hour of the ledger's period, output weighted, after usage savings; None without hourly records."""
    period = ledger.period
    parameters = (period.start, period.start, period.end, served.provider, served.model)
    rows = ctx.store.query(_CURVE, parameters).rows
    if not rows or any(hours > 1 for _, _, _, hours in rows):
        return None
    left = _left(ledger, served)
    tokens = np.zeros(hours_of(ledger.period))
    for hour, token_type, quantity, _ in rows:
        weight = float(offer.output_weight) if token_type in OUTPUT else 1.0
        if 0 <= hour < len(tokens):
            tokens[hour] += float(quantity) * weight * left.get(token_type, 1.0)
    return tokens


def _left(ledger: Ledger, served: Served) -> Mapping[str, float]:
    """By token type: the part that usage savings leave."""
    sums: dict[str, list[Fraction]] = {}
    lines = [line for line in ledger.tokens if _is(served, line.keys)]
    for line, part in zip(lines, remaining(lines, ledger.edits), strict=True):
        now, before = sums.setdefault(line[TOKENS] or "", [Fraction(0), Fraction(0)])
        had = line.quantity / part if part else Fraction(0)
        sums[line[TOKENS] or ""] = [now + line.quantity, before + had]
    return {kind: float(now / before) for kind, (now, before) in sums.items() if before}


_CURVE = """
SELECT date_diff('hour', CAST(? AS TIMESTAMP), "ChargePeriodStart"), "x_TokenType", SUM("ConsumedQuantity"),
    MAX(date_diff('hour', "ChargePeriodStart", "ChargePeriodEnd"))
FROM charges
WHERE "ChargeDay" >= CAST(? AS DATE) AND "ChargeDay" < CAST(? AS DATE) AND "x_CountsForUsage"
    AND COALESCE("HostProviderName", '') = ? AND "x_Model" = ? AND "x_TokenType" IS NOT NULL
GROUP BY 1, 2 ORDER BY 1, 2
""".strip()


def _one(ctx: ToolContext, ledger: Ledger, served: Served, offer: ProvisionedOffer, sizing: Sizing) -> Recommendation:
    fee = decimal_of(sizing.fee * ledger.month)
    return Recommendation(
        lever="provisioned_throughput",
        target=f"{served.provider}/{served.model}",
        description=f"Serve {served.model} with {sizing.units} {offer.unit} of {offer.provider} ({offer.term})",
        phase="rate",
        edits=(
            Edit(
                where={"HostProviderName": (served.provider,), "x_Model": (served.model,)}, remaining=1 - sizing.inside
            ),
        ),
        added_cost=fee,
        currency=ledger.currency,
        confidence=Decimal("0.5"),
        effort="Medium",
        risk="Medium",
        evidence=(
            f"{sizing.units} {offer.unit} serve {float(sizing.inside) * 100:.1f} % of the tokens, hour by hour; the "
            f"rest is paid by token. An output token counts as {offer.output_weight} input tokens",
            f"price and throughput of a unit from {offer.source} ({offer.checked})",
        ),
        steps=("run hourly before taking a term", "let peaks spill over to pay-as-you-go"),
        proved_wrong_by="peaks within the hour exceed what the units serve, or longer prompts lower it",
        provider=served.provider,
        period=ledger.period,
        created=ctx.as_of,
    )
