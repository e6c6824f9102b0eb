"""Unused models: provisioned throughput and hosted fine-tuned models that are paid while nobody asks them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from tools.domain.recommendation import Edit, Phase, Recommendation
from tools.optimize.ledger import Ledger, Line
from tools.optimize.lever import READY, Preflight
from tools.optimize.llm.machines import is_committed
from tools.optimize.llm.own_models import own_models
from tools.optimize.llm.slices import monthly
from tools.pricing.model_names import shorter_names
from tools.registry import ToolContext

COLUMNS = ("HostProviderName", "ServiceName", "ResourceId", "ChargeDescription", "x_Model")


@dataclass(frozen=True)
class UnusedModels:
    """The saving is the standing charge. A model is unused when usage of its provider is loaded, and none of it.

    A charge that names neither a model nor a resource that token usage names too can't be judged, and is left out.
    """

    name: str = "unused_models"
    label: str = "give up models that nobody asks"
    phase: Phase = "usage"

    def preflight(self, ctx: ToolContext, ledger: Ledger) -> Preflight:
        if not _standing(ledger):
            return Preflight("charges for provisioned throughput or hosted models (outlay ingest focus)")
        if not ledger.tokens:
            return Preflight("token usage by model (outlay ingest usage), to see which models are asked")
        return READY

    def find(self, ctx: ToolContext, ledger: Ledger) -> Sequence[Recommendation]:
        asked = _asked(ctx, ledger)
        found = []
        for values, lines in _standing(ledger).items():
            usage = asked.get(lines[0]["HostProviderName"])
            if usage is not None and _is_unused(lines[0], usage):
                found.append(self._one(ctx, ledger, dict(zip(COLUMNS, values, strict=True)), lines, usage))
        return found

    def _one(
        self, ctx: ToolContext, ledger: Ledger, where: dict[str, str | None], lines: Sequence[Line], asked: "Asked"
    ) -> Recommendation:
        first = lines[0]
        kind = own_models().standing.kind(first["ChargeDescription"] or "") or ""
        what = first["x_Model"] or first["ResourceName"] or first["ResourceId"] or ""
        cost = sum((line.cost for line in lines), Fraction(0))
        committed = any(is_committed(line) for line in lines)
        hours = sum((line.quantity for line in lines), Fraction(0))
        return Recommendation(
            lever=self.name,
            target="/".join(value or "" for value in where.values()),
            description=f"Give up the {kind} of {what}, which nobody asked",
            edits=(Edit(where={name: (value,) for name, value in where.items()}, remaining=Fraction(0)),),
            low=monthly(ledger, cost),
            high=monthly(ledger, cost),
            currency=ledger.currency,
            cash="capacity" if committed else "cash",
            confidence=Decimal("0.8"),
            effort="Very Low",
            risk="Low",
            evidence=(
                f"{first['ChargeDescription']}: {float(hours):,.0f} {first['ConsumedUnit'] or 'units'} were paid in "
                f"{ledger.period}",
                f"usage of {first['HostProviderName']} is loaded for these days ({len(asked.models)} models), and none "
                f"of {what}",
                "a commitment pays for it until it ends" if committed else "it is paid as it stands, by no commitment",
            ),
            steps=(
                "ask its owner whether a launch is planned",
                "delete the deployment; keep what it was made from",
            ),
            proved_wrong_by="its requests are not in the usage records that are loaded, or a launch is near",
            exclusive=frozenset({first["ResourceId"]} if first["ResourceId"] else ()),
            owner=first["x_Team"],
            provider=first["HostProviderName"],
            service=first["ServiceName"],
            resource_id=first["ResourceId"],
            region=first["RegionId"],
            account=first["SubAccountId"],
            period=ledger.period,
            created=ctx.as_of,
        )


def _standing(ledger: Ledger) -> dict[tuple[str | None, ...], list[Line]]:
    """Lines of standing charges by COLUMNS."""
    kind = own_models().standing.kind
    found: dict[tuple[str | None, ...], list[Line]] = defaultdict(list)
    for line in ledger.lines:
        if line["x_TokenType"] is None and line.cost > 0 and kind(line["ChargeDescription"] or ""):
            found[tuple(line[name] for name in COLUMNS)].append(line)
    return found


class Asked(NamedTuple):
    """What a provider's token usage names, priced or not."""

    models: frozenset[str]
    resources: frozenset[str]


def _asked(ctx: ToolContext, ledger: Ledger) -> Mapping[str | None, Asked]:
    """By HostProviderName."""
    resource = '"ResourceId"' if "ResourceId" in ctx.store.columns else "NULL"
    sql = (
        f'SELECT "HostProviderName", list(DISTINCT "x_Model"), list(DISTINCT {resource}) FROM charges '
        'WHERE "ChargeDay" >= CAST(? AS DATE) AND "ChargeDay" < CAST(? AS DATE) AND "x_TokenType" IS NOT NULL '
        'AND "x_CountsForUsage" GROUP BY 1'
    )
    rows = ctx.store.query(sql, (ledger.period.start, ledger.period.end)).rows
    return {seller: Asked(*(frozenset(one for one in named if one) for named in both)) for seller, *both in rows}


def _is_unused(line: Line, asked: Asked) -> bool:
    """By model where the charge names one, else by resource where usage names resources at all."""
    model, resource = line["x_Model"], line["ResourceId"]
    if model is not None:
        names = set(shorter_names(model))
        return not any(names & set(shorter_names(one)) for one in asked.models)
    return resource is not None and bool(asked.resources) and resource not in asked.resources
