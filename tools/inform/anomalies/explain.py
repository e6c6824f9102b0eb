"""explain_anomaly: what made up one incident, by every dimension that tells its charges apart."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from pydantic import BaseModel, ConfigDict, Field

from tools.domain.errors import NoData, UnknownName
from tools.domain.period import Period
from tools.domain.result import Cell, Evidence, ToolResult
from tools.inform.anomalies.contributions import TOLD, Contribution, contributions
from tools.inform.anomalies.identity import recognised, said_of
from tools.inform.anomalies.incident import Incident
from tools.inform.anomalies.judged import judge
from tools.inform.anomalies.told import kind_words, slice_words, status
from tools.inform.listing import amount, name
from tools.inform.unread import unread, without_data
from tools.registry import SqlValue, ToolContext, tool
from tools.semantic.model import load_model
from tools.semantic.numbers import plain

TOOL = "explain_anomaly"
MOST_VALUES = 3


class ExplainAnomalyRequest(BaseModel):
    """Which anomaly."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    anomaly: str = Field(min_length=3, description="its id, such as A-1b2c3d4, from find_anomalies")
    currency: str | None = Field(default=None, description="ISO 4217; none: the one of most charges")


@tool(ExplainAnomalyRequest)
def explain_anomaly(ctx: ToolContext, request: ExplainAnomalyRequest) -> ToolResult:
    """What one anomaly is made of: its excess cost by provider, service, model, team, project, environment, tier, …

    Use it for "explain anomaly A-1b2c3d4" and "why" after find_anomalies. For what is unusual use find_anomalies first;
    for a change between two periods that is no anomaly use query_costs with compare_to.
    The first row is the whole; then, for each dimension, the values that contributed most. Usual is the mean of the
    same weekdays of the four weeks before; the values of a dimension sum to the whole exactly.
    """
    try:
        judged = judge(ctx, request.currency)
    except NoData as nothing:
        return without_data(TOOL, nothing, unread(ctx, request))
    one = _named(request.anomaly, judged.incidents)
    sql, parameters, (whole, *_) = contributions(ctx.store, one, judged.currency, None)
    rows = [_row("all of it", slice_words(one.where), whole), *_by_dimension(ctx, one, judged.currency, whole)]
    columns = (
        name("By", "by"), name("Value", "value"),
        amount("Excess", "excess", judged.currency), amount("Cost", "observed", judged.currency),
        amount("Usual", "usual", judged.currency),
    )  # fmt: skip
    evidence = _evidence(ctx, request, one, (sql, parameters), len(rows))
    return ToolResult(tool=TOOL, columns=columns, rows=tuple(rows), evidence=evidence)


def incident_named(ctx: ToolContext, anomaly: str) -> str:
    """The id under which an anomaly is known, in whatever case it was typed. Raises NoData, UnknownName."""
    incidents = judge(ctx, None).incidents
    one = _named(anomaly, incidents)
    said = said_of(incidents, ctx.anomaly_feedback).get(one)
    return said.anomaly if said else one.id


def _named(anomaly: str, incidents: tuple[Incident, ...]) -> Incident:
    if (known := recognised(anomaly, incidents)) is not None:
        return known
    newest = sorted(incidents, key=lambda one: one.end, reverse=True)[:8]
    raise UnknownName("anomaly", anomaly, [one.id for one in newest])


def _by_dimension(ctx: ToolContext, one: Incident, currency: str, whole: Contribution) -> Iterator[tuple[Cell, ...]]:
    """Dimensions in which few values made most of the excess come first; where all is one value, nothing is told."""
    told = []
    for dimension in (one_of for one_of in TOLD if one_of in ctx.store.rollup_columns):
        _, _, parts = contributions(ctx.store, one, currency, dimension)
        parts = [part for part in parts if part.observed or part.usual]
        if len(parts) > 1:
            told.append((-abs(parts[0].excess), TOLD.index(dimension), dimension, parts))
    for _, _, dimension, parts in sorted(told, key=lambda each: each[:2]):
        label = load_model().dimension(dimension, ctx.store.columns).label
        for part in parts[:MOST_VALUES]:
            yield _row(label, part.value, part)
        if rest := parts[MOST_VALUES:]:
            observed, usual = _sum(part.observed for part in rest), _sum(part.usual for part in rest)
            yield _row(label, "all others together", Contribution(dimension, None, observed, usual))


def _sum(values: Iterator[Decimal]) -> Decimal:
    return sum(values, Decimal(0))


def _row(by: str, value: str | None, part: Contribution) -> tuple[Cell, ...]:
    return by, value if value is not None else "not set", plain(part.excess), plain(part.observed), plain(part.usual)


def _evidence(
    ctx: ToolContext,
    request: ExplainAnomalyRequest,
    one: Incident,
    query: tuple[str, tuple[SqlValue, ...]],
    count: int,
) -> Evidence:
    also = ", ".join(slice_words(other) for other in one.also[:4])
    notes = [
        f"{kind_words(replace(one, reversed_on=None))}, {status(one)}; raised on the data of {one.raised}",
        "usual is the mean of the same weekdays of the four weeks before",
        *([f"it also shows in {also}"] if also else []),
    ]
    return Evidence(
        sql=query[0],
        parameters=query[1],
        arguments=request.model_dump(mode="json"),
        period=Period(start=one.start, end=Period.day_of(one.end).end),
        generation=ctx.store.generation,
        row_count=count,
        loaded_through=ctx.store.loaded_through,
        sources=ctx.store.sources,
        caveats=tuple(notes),
    )
