"""find_runaways: is a key, an agent, a job, a team or a model running away in the newest hours?"""

from pydantic import BaseModel, ConfigDict, Field

from tools.domain.errors import NoDataReason
from tools.domain.period import Period
from tools.domain.result import Evidence, ToolResult
from tools.inform.anomalies.hourly import Hourly, hourly_parameters, hourly_sql, read_hourly
from tools.inform.anomalies.judged import currency_of
from tools.inform.anomalies.runaways import LEAST_HISTORY, Runaway, find_runaways
from tools.inform.anomalies.told import money
from tools.inform.listing import amount, name
from tools.registry import ToolContext, tool
from tools.semantic.model import load_model

TOOL = "find_runaway_spend"
NEWEST_HOURS = 24
_SPENDERS = {"x_ApiKey": "API key", "x_ApiKeyId": "API key", "x_ApiKeyName": "API key", "x_Agent": "agent"}


class RunawayRequest(BaseModel):
    """How far to look back."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    hours: int = Field(default=NEWEST_HOURS, ge=1, le=168, description="the newest hours of data that are judged")
    currency: str | None = Field(default=None, description="ISO 4217; none: the one of most charges")


@tool(RunawayRequest)
def find_runaway_spend(ctx: ToolContext, request: RunawayRequest) -> ToolResult:
    """Keys, agents, jobs, projects, teams and models whose newest hours cost several times what their hours ever did.

    Use it for "is anything running away right now", "any runaway keys in the last hours". It needs usage by the hour
    or by request; for what is unusual by day use find_anomalies.
    """
    currency, _ = currency_of(ctx, request.currency)
    hourly = read_hourly(ctx.store, currency, ctx.as_of)
    if hourly is None or hourly.hours - request.hours < LEAST_HISTORY:
        message, reason = _too_little(hourly, request.hours)
        evidence = _evidence(ctx, request, currency, None, 0)
        return ToolResult(tool=TOOL, evidence=evidence, no_data=message, no_data_reason=reason)
    found = find_runaways(hourly, request.hours)
    columns = (
        name("Runaway", "runaway", "runaways"), name("Since", "since"), name("LastHour", "last hour"),
        amount("Excess", "excess", currency), amount("CostPerHour", "cost per hour", currency),
        amount("UsualPerHour", "usual per hour", currency),
    )  # fmt: skip
    rows = tuple(
        (
            runaway_words(one), f"{one.since:%Y-%m-%d %H:%M}", f"{one.until:%Y-%m-%d %H:%M}", money(one.excess),
            money(one.per_hour), money(one.usual_per_hour),
        )
        for one in found
    )  # fmt: skip
    return ToolResult(
        tool=TOOL, columns=columns, rows=rows, evidence=_evidence(ctx, request, currency, hourly, len(rows))
    )


def runaway_words(one: Runaway) -> str:
    """`API key sk-…`, `team search`."""
    label = _SPENDERS.get(one.dimension)
    if label is None:
        known = load_model().dimensions.get(one.dimension)
        label = known.label if known else one.dimension.removeprefix("x_").lower()
    return f"{label} {one.value}"


def _too_little(hourly: Hourly | None, newest: int) -> tuple[str, NoDataReason]:
    if hourly is None:
        return "to see what runs away takes usage by the hour or by request; what is loaded has none", "not_loaded"
    needed = LEAST_HISTORY + newest
    return f"to see what runs away takes {needed} hours of usage; there are {hourly.hours} here", "not_loaded"


def _evidence(ctx: ToolContext, request: RunawayRequest, currency: str, hourly: Hourly | None, count: int) -> Evidence:
    last = hourly.hour_at(hourly.hours - 1) if hourly else None
    notes = [f"hours are UTC; judged are the {request.hours} newest, through {last:%Y-%m-%d %H:%M}"] if last else []
    first = hourly.hour_at(hourly.hours - request.hours) if hourly else None
    return Evidence(
        sql=hourly_sql(ctx.store)[0],
        parameters=hourly_parameters(ctx.store, currency, ctx.as_of),
        arguments=request.model_dump(mode="json"),
        period=Period(start=first.date(), end=Period.day_of(last.date()).end) if first and last else None,
        generation=ctx.store.generation,
        row_count=count,
        loaded_through=ctx.store.loaded_through,
        sources=ctx.store.sources,
        caveats=tuple(notes),
    )
