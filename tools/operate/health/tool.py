"""health_check: a score for each part of having the spend in hand, and for all of it."""

from collections.abc import Sequence
from decimal import Decimal
from functools import cache

import yaml
from pydantic import BaseModel, ConfigDict, Field

import knowledge
from tools.domain.errors import NoData
from tools.domain.period import Period, last_full_month
from tools.domain.result import Cell, Column, Evidence, ToolResult
from tools.inform.listing import amount, name
from tools.inform.unread import unread, without_data
from tools.operate.health.measures import Measured, measured
from tools.registry import ToolContext, tool
from tools.semantic.numbers import EXACT, over, plain

TOOL = "health_check"


class Part(BaseModel):
    """One part of knowledge/health.yaml; shares are fractions 0–1."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    measures: str
    good: Decimal
    bad: Decimal
    weight: int
    source: str
    ask: str


class HealthRequest(BaseModel):
    """Of which month."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    period: Period | None = Field(default=None, description="none: the last full month")


@tool(HealthRequest)
def health_check(ctx: ToolContext, request: HealthRequest) -> ToolResult:
    """One page: how well the spend is in hand. Score 0–100 for visibility, data quality, allocation, anomalies, waste,
    commitments and budgets, and all together, each with the share that it is computed from.

    Use it for "how healthy is our spend", "health check", "FinOps maturity", "where should we begin". Score: 0 at the
    bad mark, 100 at the good mark, in between in a straight line; the total is the mean by weight over the parts
    that could be judged. Ask is the question that shows what is behind a part. For single KPIs use unit_economics.
    """
    period = request.period or last_full_month(ctx.as_of)
    resolved = request.model_copy(update={"period": period})
    if ctx.store.loaded_through is None:
        return without_data(TOOL, NoData("nothing is loaded yet", "not_loaded"), unread(ctx, resolved, period))
    found = [(part, measured(ctx, part.name, period)) for part in health_parts()]
    return ToolResult(
        tool=TOOL,
        columns=_COLUMNS,
        rows=tuple(_row(part, of) for part, of in found),
        totals={"Score": _overall(found)},
        evidence=_evidence(ctx, resolved, found),
    )


_COLUMNS = (
    name("Part", "part", "parts"),
    amount("Score", "score"),
    amount("Share", "share", "ratio"),
    Column(name="Measures", kind="detail", label="measures"),
    amount("Good", "good", "ratio", kind="background"),
    amount("Bad", "bad", "ratio", kind="background"),
    amount("Weight", "weight", kind="background"),
    Column(name="Ask", kind="detail", label="ask"),
)


def score(part: Part, share: Decimal) -> Decimal:
    """0 at `bad`, 100 at `good`, a straight line between; whole numbers, as more would claim too much."""
    way = over(EXACT.subtract(share, part.bad), EXACT.subtract(part.good, part.bad)) or Decimal(0)
    return Decimal(round(max(Decimal(0), min(Decimal(1), way)) * 100))


def _row(part: Part, of: Measured) -> tuple[Cell, ...]:
    if of.share is None:
        return (
            part.name,
            None,
            None,
            f"can't be judged: {of.lacks}",
            part.good,
            part.bad,
            Decimal(part.weight),
            part.ask,
        )
    told = (part.name, score(part, of.share), plain(of.share), part.measures)
    return (*told, part.good, part.bad, Decimal(part.weight), part.ask)


def _overall(found: Sequence[tuple[Part, Measured]]) -> Decimal | None:
    judged = [(part.weight, score(part, of.share)) for part, of in found if of.share is not None]
    total = sum((weight * points for weight, points in judged), Decimal(0))
    mean = over(total, Decimal(sum(weight for weight, _ in judged)))
    return None if mean is None else Decimal(round(mean))


def _evidence(ctx: ToolContext, request: HealthRequest, found: Sequence[tuple[Part, Measured]]) -> Evidence:
    results = [of.result for _, of in found if of.result is not None]
    caveats = ["marks are sample goals of the FinOps maturity model where it has them, else our own judgement"]
    lacking = [part.name for part, of in found if of.share is None]
    if lacking:
        caveats.append(f"not judged, and not in the score: {', '.join(lacking)}")
    return Evidence(
        sql=";\n\n".join(one.evidence.sql for one in results if one.evidence.sql),
        parameters=tuple(value for one in results for value in one.evidence.parameters),
        arguments=request.model_dump(mode="json"),
        period=request.period,
        generation=ctx.store.generation,
        row_count=len(found),
        loaded_through=ctx.store.loaded_through,
        sources=ctx.store.sources,
        caveats=tuple(caveats),
    )


@cache
def health_parts() -> tuple[Part, ...]:
    """Read and check `knowledge/health.yaml`."""
    return tuple(Part.model_validate(row) for row in yaml.safe_load(knowledge.read("health.yaml"))["parts"])
