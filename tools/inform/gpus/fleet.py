"""gpu_fleet: which GPUs are idle, how they are used, what they hold, draw and cost."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from tools.domain.errors import NoData
from tools.domain.period import Period
from tools.domain.result import Cell, Column, Evidence, ToolResult
from tools.inform.gpus.billed import billed_share
from tools.inform.gpus.columns import MEASURES, Reading, Row, columns_of
from tools.inform.gpus.query import OUTPUTS, fleet_query
from tools.inform.gpus.request import DEFAULT_GROUP, GpuFleetRequest, Group
from tools.inform.unread import unread, without_data
from tools.registry import ToolContext, tool
from tools.semantic.numbers import plain
from tools.telemetry.activity import Verdict, judge_window
from tools.telemetry.limits import activity_rules

TOOL = "gpu_fleet"
DAYS = 7
NAMED = ("name", "model", "team")
NO_WORK: tuple[Verdict, ...] = ("idle", "zombie")


@tool(GpuFleetRequest)
def gpu_fleet(ctx: ToolContext, request: GpuFleetRequest) -> ToolResult:
    """What GPUs do, hold, draw and cost, from telemetry (NVML, DCGM, ingest gpu) joined with their hosts' charges.

    Use it for "which GPUs are idle?" (measure activity, states idle and zombie), "utilisation by team last week",
    "what did the idle H100s cost?" (measure cost, model H100), "how much memory is held but unused?" (memory), "power
    and energy by model" (power). Verdicts: idle (no work, no memory held), zombie (memory held, no work), waiting (a
    loaded endpoint without requests), working, or insufficient evidence: utilisation alone proves nothing, and a gap
    in samples is unknown. Costs are effective costs of the hosts, shared by allocation or by use; no work is no saving
    yet: a commitment may pay for it. For spend on GPUs without telemetry use query_costs; for cost per token of own
    models serving_costs.
    """
    end = ctx.as_of
    period = request.period or Period(start=end - timedelta(days=DAYS), end=end)
    group: Group = "gpu" if request.measure == "activity" else request.group_by or DEFAULT_GROUP[request.measure]
    resolved = request.model_copy(update={"period": period, "group_by": group})
    try:
        return _answer(ctx, resolved, period, group)
    except NoData as nothing:
        span = ctx.store.gpu_span
        reach = {"sources": ctx.store.gpu_sources, "loaded_through": span[1].date() if span else None}
        return without_data(TOOL, nothing, unread(ctx, resolved, period).model_copy(update=reach), ())


def _answer(ctx: ToolContext, request: GpuFleetRequest, period: Period, group: Group) -> ToolResult:
    span = _span(ctx, period)
    window = _window(period, span)
    sql, parameters = fleet_query(ctx.store, request, period, group, window)
    names = (*NAMED, *OUTPUTS)
    rows: list[Row] = [dict(zip(names, row, strict=True)) for row in ctx.store.query(sql, parameters).rows]
    if not rows:
        raise NoData(f"no GPU samples match; {_asked(request)} has none in this period", "absent")
    if max(row["currencies"] or 0 for row in rows) > 1 or len({row["currency"] for row in rows} - {None}) > 1:
        raise NoData("the hosts of these GPUs are paid in several currencies, which don't add up", "absent")
    currency = next((row["currency"] for row in rows if row["currency"]), None)
    billed = billed_share(*window, ctx.store.loaded_through)
    judged = [(row, _verdict(row, window, billed)) for row in rows]
    shown = _shown(judged, request)
    if not shown:
        raise NoData(_nothing_called(request, judged), "absent")
    columns = columns_of(request.measure, group, currency)
    cells = [_cells(row, verdict, columns, window) for row, verdict in shown[: request.limit]]
    evidence = Evidence(
        sql=sql,
        parameters=tuple(parameters),
        arguments=request.model_dump(mode="json"),
        period=period,
        generation=ctx.store.generation,
        row_count=len(shown),
        loaded_through=span[1].date(),
        sources=ctx.store.gpu_sources,
        caveats=_caveats(ctx, request, judged, currency, span, period),
    )
    return ToolResult(
        tool=TOOL, columns=tuple(one for one, _ in columns), rows=tuple(cells), evidence=evidence,
        totals=_totals([row for row, _ in shown], columns, window),
    )  # fmt: skip


def _span(ctx: ToolContext, period: Period) -> tuple[datetime, datetime]:
    """From the first to the last sample. Raises NoData when none lies in the period."""
    span = ctx.store.gpu_span
    if span is None:
        raise NoData(
            "no GPU samples are loaded; load some with outlay ingest gpu FILE, or sample with outlay telemetry",
            "not_loaded",
        )
    if span[0].date() >= period.end or span[1].date() < period.start:
        loaded = f"{span[0]:%Y-%m-%d} through {span[1]:%Y-%m-%d}"
        raise NoData(f"no GPU samples are loaded for this period; they are loaded from {loaded}", "not_loaded")
    return span


def _window(period: Period, span: tuple[datetime, datetime]) -> tuple[datetime, datetime]:
    """The hours that samples could cover: the period, as far as any sample reaches."""
    after = span[1].replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    return max(datetime.combine(period.start, time()), span[0]), min(datetime.combine(period.end, time()), after)


def _verdict(row: Row, window: tuple[datetime, datetime], billed: Fraction | None) -> Verdict:
    """The verdict on a lane over the hours that its host was charged for; without bills, from its first sample on.

    `billed`: the share of the window that bills reach.
    """
    counted: dict[Verdict, float] = {
        "working": row["clock_working"],
        "idle": row["clock_idle"],
        "zombie": row["clock_zombie"],
        "waiting": row["clock_waiting"],
        "insufficient evidence": row["clock_unknown"],
    }
    if row["first_hour"] is None:
        return "insufficient evidence"
    if row["billed_hours"] and billed:
        hours = max(row["billed_hours"] / float(billed), sum(counted.values()))
    else:
        hours = max(1.0, (window[1] - row["first_hour"]).total_seconds() / 3600)
    return judge_window(counted, hours, activity_rules().limits)


def _shown(judged: Sequence[tuple[Row, Verdict]], request: GpuFleetRequest) -> list[tuple[Row, Verdict]]:
    """The rows to show, those with most of what is measured first."""
    if request.measure == "activity" and request.states:
        asked = [one for one in judged if one[1] in request.states]
        judged = asked or (_at_times(judged) if set(request.states) <= set(NO_WORK) else [])
    key = MEASURES[request.measure].order

    def order(one: tuple[Row, Verdict]) -> tuple[Decimal, str]:
        value = sum((Decimal(str(one[0][name])) for name in key if one[0][name] is not None), Decimal(0))
        return (-value, one[0]["name"])

    return sorted(judged, key=order)


def _at_times(judged: Sequence[tuple[Row, Verdict]]) -> list[tuple[Row, Verdict]]:
    """Where no GPU was without work all the time: those that were in some hours."""
    return [(row, verdict) for row, verdict in judged if row["idle"] or row["zombie"]]


def _cells(
    row: Row, verdict: Verdict, columns: Sequence[tuple[Column, Reading]], window: tuple[datetime, datetime]
) -> tuple[Cell, ...]:
    hours = Decimal(str((window[1] - window[0]).total_seconds())) / 3600
    return tuple(verdict if read is None else _cell(read(row, hours)) for _, read in columns)


def _cell(value: Any) -> Cell:
    if value is None or isinstance(value, str):
        return value
    return plain(value if isinstance(value, Decimal) else Decimal(str(value)))


def _totals(
    rows: Sequence[Row], columns: Sequence[tuple[Column, Reading]], window: tuple[datetime, datetime]
) -> dict[str, Decimal | None]:
    """Sums of what adds up: counts, hours, energy, money and memory; not means."""
    hours = Decimal(str((window[1] - window[0]).total_seconds())) / 3600
    totals: dict[str, Decimal | None] = {}
    for column, read in columns:
        if read is None or column.kind != "metric" or column.unit in ("ratio", "W"):
            continue
        values = [_cell(read(row, hours)) for row in rows]
        known = [value for value in values if isinstance(value, Decimal)]
        totals[column.name] = plain(sum(known, Decimal(0))) if known else None
    return totals


def _asked(request: GpuFleetRequest) -> str:
    named = [value for value in (request.model, request.team, request.owner, request.host) if value]
    return " and ".join(named) or "the fleet"


def _nothing_called(request: GpuFleetRequest, judged: Sequence[tuple[Row, Verdict]]) -> str:
    counts = _counted(judged)
    told = ", ".join(f"{count} {verdict}" for verdict, count in counts.items())
    return f"no GPU is {' or '.join(request.states)} over the whole of this period; by verdict: {told}"


def _counted(judged: Sequence[tuple[Row, Verdict]]) -> dict[Verdict, int]:
    counts: dict[Verdict, int] = {}
    for _, verdict in judged:
        counts[verdict] = counts.get(verdict, 0) + 1
    return dict(sorted(counts.items(), key=lambda one: -one[1]))


def _caveats(
    ctx: ToolContext,
    request: GpuFleetRequest,
    judged: Sequence[tuple[Row, Verdict]],
    currency: str | None,
    span: tuple[datetime, datetime],
    period: Period,
) -> tuple[str, ...]:
    found = []
    if request.measure == "activity" and request.states and not any(v in request.states for _, v in judged):
        found.append("no GPU was without work all the time; these were in some hours")
    elif request.measure == "activity" and request.states:
        others = {verdict: n for verdict, n in _counted(judged).items() if verdict not in request.states}
        if others:
            found.append("the other GPUs: " + ", ".join(f"{n} {verdict}" for verdict, n in others.items()))
    if any(row["unknown"] for row, _ in judged) and request.measure in ("activity", "cost", "memory"):
        found.append(_unknown_hours(ctx))
    if request.measure in ("activity", "cost"):
        if currency is None:
            found.append(
                "no charge names these hosts (by ResourceId, ResourceName or a tag), so their cost is not known"
            )
        else:
            found.append("what idle GPUs cost is saved only where no commitment pays for them meanwhile")
            if any((row["idle"] or row["zombie"]) and row["no_work_cost"] is None for row, _ in judged):
                found.append("on some days no charge names the host, and what its hours cost then is not known")
    if span[0].date() > period.start:
        found.append(f"GPU samples begin on {span[0]:%Y-%m-%d}")
    if span[1].date() < period.last_day:
        found.append(f"GPU samples end on {span[1]:%Y-%m-%d}")
    return tuple(found)


def _unknown_hours(ctx: ToolContext) -> str:
    lacking = [
        word
        for column, word in (
            ("SmActiveMax", "SM activity"),
            ("DramActiveMax", "DRAM activity"),
            ("PowerWattsMax", "power"),
        )
        if column not in ctx.store.gpu_columns
    ]
    if lacking:
        return f"the telemetry holds no {', '.join(lacking)}: hours without work can't be told where those are needed"
    return "some hours have gaps or lack a signal, and count as unknown, not as idle"
