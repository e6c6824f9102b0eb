"""Recommendations as rows of the Recommendation dataset of the FOCUS 1.5 working draft, in its column names."""

import json
from collections.abc import Sequence
from decimal import Decimal

from tools.domain.recommendation import Recommendation
from tools.domain.result import Cell, Column, ColumnKind, Evidence, ToolResult
from tools.optimize.request import SavingsRequest
from tools.optimize.search import Found
from tools.optimize.table import TOOL, Row
from tools.semantic.numbers import EXACT, plain

PROVIDER = "Outlay"
"""RecommendationProviderName: who recommends."""
IMPACT = "EstimatedMonthlyCostImpact"
COLUMNS = (
    "RecommendationId", "RecommendationProviderName", "RecommendationCategory", "RecommendationSubcategory",
    "RecommendationDescription", "RecommendationStatus", "RecommendationCreated", "RecommendationLastUpdated",
    IMPACT, "Currency", "ImplementationEffort", "ImplementationRisk", "EvaluationPeriodStart", "EvaluationPeriodEnd",
    "ServiceProviderName", "ServiceName", "SubAccountId", "RegionId", "ResourceId", "RecommendationDetails",
)  # fmt: skip
"""Those of the draft that a recommendation has; a saving is a negative impact."""


def focus_rows(rows: Sequence[Row], request: SavingsRequest, found: Found, evidence: Evidence) -> ToolResult:
    """The rows, each saving as the portfolio counts it; what is no part of the portfolio by itself."""
    columns = tuple(_column(name, found.ledger.currency) for name in COLUMNS)
    shown = tuple(_cells(row) for row in rows[: request.limit])
    return ToolResult(tool=TOOL, columns=columns, rows=shown, evidence=evidence)


def _column(name: str, currency: str) -> Column:
    if name == IMPACT:
        return Column(name=name, kind="metric", label="cost impact a month", unit=currency, metric=name)
    kind: ColumnKind = "dimension" if name in ("RecommendationId", "RecommendationDescription") else "detail"
    return Column(name=name, kind=kind, label=name)


def _cells(row: Row) -> tuple[Cell, ...]:
    one = row.of
    impact = EXACT.minus(row.saving if row.saving is not None else one.saving)
    told: dict[str, Cell] = {
        "RecommendationId": one.id,
        "RecommendationProviderName": PROVIDER,
        "RecommendationCategory": "cost",
        "RecommendationSubcategory": one.lever,
        "RecommendationDescription": one.description,
        "RecommendationStatus": row.status,
        "RecommendationCreated": one.created.isoformat(),
        "RecommendationLastUpdated": one.created.isoformat(),
        IMPACT: plain(impact),
        "Currency": one.currency,
        "ImplementationEffort": one.effort,
        "ImplementationRisk": one.risk,
        "EvaluationPeriodStart": one.period.start.isoformat(),
        "EvaluationPeriodEnd": one.period.end.isoformat(),
        "ServiceProviderName": one.provider,
        "ServiceName": one.service,
        "SubAccountId": one.account,
        "RegionId": one.region,
        "ResourceId": one.resource_id,
        "RecommendationDetails": _details(one),
    }
    return tuple(told[name] for name in COLUMNS)


def _details(one: Recommendation) -> str:
    """What the draft has no column for, as JSON with exact decimals in text."""

    def text(value: Decimal | None) -> str | None:
        return None if value is None else f"{value:f}"

    details = {
        "Owner": one.owner,
        "Confidence": text(one.confidence),
        "SavingLow": text(one.low),
        "SavingHigh": text(one.high),
        "Saves": one.cash,
        "Evidence": list(one.evidence),
        "Steps": list(one.steps),
        "ProvedWrongBy": one.proved_wrong_by,
    }
    return json.dumps(details, ensure_ascii=False)
