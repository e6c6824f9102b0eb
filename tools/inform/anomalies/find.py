"""find_anomalies: what is unusual in the daily costs, each incident once."""

from datetime import timedelta

from pydantic import BaseModel, ConfigDict, Field

from tools.domain.errors import NoData
from tools.domain.period import Period
from tools.domain.result import Cell, Column, Evidence, ToolResult
from tools.domain.scope import Filter
from tools.inform.anomalies.identity import Said, said_of
from tools.inform.anomalies.incident import Incident
from tools.inform.anomalies.judged import HISTORY_DAYS, Judged, judge
from tools.inform.anomalies.ledger import ledger_parameters, ledger_sql
from tools.inform.anomalies.told import kind_words, money, slice_words, status
from tools.inform.listing import amount, name
from tools.inform.unread import without_data
from tools.registry import ToolContext, tool
from tools.semantic.numbers import plain

TOOL = "find_anomalies"
DEFAULT_DAYS = 30
HIDDEN = ("no", "planned")


class AnomaliesRequest(BaseModel):
    """Which anomalies to tell."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    period: Period | None = Field(default=None, description="half-open; none: the 30 days before today")
    within: tuple[Filter, ...] = Field(default=(), description="only these providers, services, teams, models, …")
    limit: int = Field(default=10, ge=1, le=200)
    show_all: bool = Field(default=False, description="also those that people called planned or none")
    currency: str | None = Field(default=None, description="ISO 4217; none: the one of most charges")
    feedback: dict[str, str] | None = Field(default=None, description="leave out: filled in from what people said")


@tool(AnomaliesRequest)
def find_anomalies(ctx: ToolContext, request: AnomaliesRequest) -> ToolResult:
    """Unusual costs: spikes, drops, level shifts, slow drifts, new and vanished spend, shifts that offset each other.

    Use it for "any anomalies last week", "what stands out", "is anything unusual with AWS spend". For one anomaly's
    causes use explain_anomaly with its id; for amounts and ordinary comparisons use query_costs.
    Every day is judged against the weekly rhythm, growth and noise of its own past only, in the total, each provider,
    service, team, model, project and region, and their pairs; one incident is told once, at the slice that explains it.
    Impact is observed minus expected effective cost over the anomalous days; most money first. Incidents that people
    called planned, or no anomaly, are left out. Needs more than 28 days of history; less gives no_data.
    """
    asked = request.model_copy(
        update={
            "period": request.period or Period(start=ctx.as_of - timedelta(days=DEFAULT_DAYS), end=ctx.as_of),
            "feedback": dict(ctx.anomaly_feedback) if request.feedback is None else request.feedback,
        }
    )
    try:
        judged = judge(ctx, asked.currency, asked.within)
    except NoData as nothing:
        return without_data(TOOL, nothing, _evidence(ctx, asked, None, 0))
    return _told(ctx, asked, judged)


def _told(ctx: ToolContext, asked: AnomaliesRequest, judged: Judged) -> ToolResult:
    period, said = asked.period, said_of(judged.incidents, asked.feedback or {})
    assert period is not None
    if period.start > judged.through or period.last_day < judged.since:
        evidence = _evidence(ctx, asked, judged, 0)
        message = f"days are judged from {judged.since} through {judged.through}; {period} is outside"
        return ToolResult(tool=TOOL, evidence=evidence, no_data=message, no_data_reason="not_loaded")
    found = [one for one in judged.incidents if one.start < period.end and one.end >= period.start]
    shown = [one for one in found if asked.show_all or one not in said or said[one].verdict not in HIDDEN]
    evidence = _evidence(ctx, asked, judged, len(shown), hidden=len(found) - len(shown))
    told = shown[: asked.limit]
    has_feedback = any(one in said for one in told)
    rows = tuple(_row(one, said.get(one), has_feedback) for one in told)
    return ToolResult(tool=TOOL, columns=_columns(judged.currency, has_feedback), rows=rows, evidence=evidence)


def _columns(currency: str, has_feedback: bool) -> tuple[Column, ...]:
    return (
        name("Anomaly", "anomaly", "anomalies"),
        name("Where", "where"),
        name("Kind", "kind"),
        name("From", "from"),
        name("Through", "through"),
        *((name("Feedback", "feedback"),) if has_feedback else ()),
        amount("Impact", "impact", currency),
        amount("Observed", "observed", currency),
        amount("Expected", "expected", currency),
    )


def _row(one: Incident, said: Said | None, has_feedback: bool) -> tuple[Cell, ...]:
    observed, expected = money(one.observed), money(one.expected)
    goes_on = f", {status(one)}" if one.is_open else ""
    days = (one.start.isoformat(), one.end.isoformat())
    told = (said.anomaly if said else one.id, slice_words(one.where), f"{kind_words(one)}{goes_on}", *days)
    verdict = (said.verdict if said else None,) if has_feedback else ()
    return (*told, *verdict, plain(observed - expected), observed, expected)


def _evidence(
    ctx: ToolContext, asked: AnomaliesRequest, judged: Judged | None, count: int, hidden: int = 0
) -> Evidence:
    sql, _ = ledger_sql(ctx.store)
    currency = judged.currency if judged else asked.currency or "USD"
    return Evidence(
        sql=sql,
        parameters=ledger_parameters(ctx.store, currency, ctx.as_of),
        arguments=asked.model_dump(mode="json"),
        period=asked.period,
        generation=ctx.store.generation,
        row_count=count,
        loaded_through=ctx.store.loaded_through,
        sources=ctx.store.sources,
        caveats=tuple(_caveats(asked, judged, hidden)) if judged else (),
    )


def _caveats(asked: AnomaliesRequest, judged: Judged, hidden: int) -> list[str]:
    notes = ["usage charges only: taxes, credits and one-time purchases are not watched"]
    if asked.period and asked.period.start < judged.since:
        notes.append(f"days before {judged.since} are the {HISTORY_DAYS} days of history that judging needs")
    if asked.period and asked.period.end > judged.through:
        notes.append(f"the newest day may still grow, so drops on {judged.through} are not told yet")
    if hidden:
        notes.append(f"{hidden} left out, as people called them planned or no anomaly; outlay anomalies --all has them")
    if judged.others:
        notes.append(f"charges in {', '.join(judged.others)} are not in this; ask for that currency")
    return notes
