"""Batching: work that nobody waits for goes through a batch tier, at the batch price."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cache

import yaml

import knowledge
from tools.domain.recommendation import Edit, Phase, Recommendation
from tools.inform.scenario.levers import BATCH
from tools.inform.scenario.prices import UnitPrices
from tools.optimize.ledger import Ledger, Line, remaining
from tools.optimize.lever import READY, Preflight
from tools.optimize.token_prices import price_line, token_prices, token_type
from tools.registry import ToolContext

SLICE = ("HostProviderName", "x_Model", "x_Workload", "x_UseCase", "x_Team", "x_Environment")


@dataclass(frozen=True)
class Waits:
    """Work that can wait, how sure that is, and why."""

    by: str
    value: str
    confidence: Decimal
    why: str


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
        slices: dict[tuple[str | None, ...], list[Line]] = defaultdict(list)
        for line in ledger.tokens:
            if line["x_ServiceTier"] != BATCH:
                slices[tuple(line[key] for key in SLICE)].append(line)
        found = (
            self._one(ctx, ledger, dict(zip(SLICE, values, strict=True)), lines, prices)
            for values, lines in slices.items()
        )
        return [one for one in found if one is not None]

    def _one(
        self,
        ctx: ToolContext,
        ledger: Ledger,
        where: Mapping[str, str | None],
        lines: Sequence[Line],
        prices: UnitPrices,
    ) -> Recommendation | None:
        waits = next((one for one in waiting_work() if where[one.by] == one.value), None)
        if waits is None:
            return None
        edits = _edits(where, lines, prices)
        if edits is None or not any(line.cost for line in lines):
            return None
        model, what = where["x_Model"] or "", waits.value.replace("_", " ")
        cost = sum((line.cost for line in lines), Fraction(0))
        left = sum((line.cost * part for line, part in zip(lines, remaining(lines, edits), strict=True)), Fraction(0))
        percent = round(float(left / cost) * 100)
        return Recommendation(
            lever=self.name,
            target="/".join(value or "" for value in where.values()),
            description=f"Send {what} on {model} through the batch tier of {where['HostProviderName']}",
            edits=edits,
            currency=ledger.currency,
            confidence=waits.confidence,
            effort="Low",
            risk="Low",
            evidence=(
                f"{what} is taken to be able to wait: {waits.why}",
                f"at the batch prices of {model} these tokens cost {percent} % of what they do now",
            ),
            steps=(
                "collect the requests in files and submit them as batches",
                "fetch the results within 24 hours and hand them on",
            ),
            proved_wrong_by="someone waits for these answers for less than 24 hours",
            owner=where["x_Team"],
            provider=where["HostProviderName"],
            period=ledger.period,
            created=ctx.as_of,
        )


def _edits(where: Mapping[str, str | None], lines: Sequence[Line], prices: UnitPrices) -> tuple[Edit, ...] | None:
    """One for each tier and token type; None where some token type has no batch price of its own."""
    edits: dict[tuple[str | None, str], Edit] = {}
    for line in lines:
        here, kind = price_line(line), token_type(line)
        there = here._replace(tier=BATCH)
        paid = prices.known(here, kind)
        offered = prices.known(there, kind)
        if not prices.has_own(there, "input") or offered is None or not paid:
            return None
        matched = {**{key: (value,) for key, value in where.items()}, "x_ServiceTier": (line["x_ServiceTier"],)}
        edit = Edit(where={**matched, "x_TokenType": (kind,)}, remaining=offered / paid)
        edits[line["x_ServiceTier"], kind] = edit
    return tuple(edits.values())


@cache
def waiting_work() -> tuple[Waits, ...]:
    """What can wait, the surest first."""
    rows = yaml.safe_load(knowledge.read("waiting_work.yaml"))["work"]
    known = [Waits(row["by"], row["value"], Decimal(row["confidence"]), row["why"]) for row in rows]
    return tuple(sorted(known, key=lambda one: -one.confidence))
