"""An anomaly as a line: what its slice cost by day, over what was usual, with the days that stand out marked."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, time

from agent.answer.dates import day_text, period_text
from agent.answer.display import name_text
from agent.charts.spec import Band, ChartKind, ChartSpec, NoChart, Series
from tools.domain.answer import Answer
from tools.domain.period import Period
from tools.domain.result import ToolResult
from tools.inform.anomalies.course import CourseDay, course_of
from tools.inform.anomalies.explain import TOOL as EXPLAIN
from tools.inform.anomalies.find import TOOL as FIND
from tools.inform.anomalies.find import AnomaliesRequest
from tools.inform.anomalies.identity import recognised
from tools.inform.anomalies.incident import Incident
from tools.inform.anomalies.judged import judge
from tools.inform.anomalies.told import kind_words, slice_words, status
from tools.registry import ToolContext

DRAWN: tuple[ChartKind | None, ...] = (None, "line", "fan")
"""The kinds that are asked for where this is what is drawn."""
EFFECTIVE_COST = "effective cost"
OBSERVED, EXPECTED, RANGE, MARKED = "cost", "expected", "expected range", "anomaly"


def anomaly_result(answer: Answer) -> ToolResult | None:
    """The first result that tells of an anomaly."""
    return next((one for one in answer.results.values() if one.tool in (FIND, EXPLAIN) and one.rows), None)


def anomaly_chart(context: ToolContext, result: ToolResult, source: str = "") -> ChartSpec:
    """The anomaly that was explained, or the one of most money; `context` is of the result's generation.

    Raises NoChart where the charges that are there now no longer show it.
    """
    arguments = result.evidence.arguments
    anomaly = str(result.rows[0][0] if result.tool == FIND else arguments["anomaly"])
    within = AnomaliesRequest.model_validate(arguments).within if result.tool == FIND else ()
    judged = judge(context, arguments.get("currency"), within)
    one = recognised(anomaly, judged.incidents)
    if one is None:
        raise NoChart(f"the anomaly {anomaly} is no longer in what is loaded; ask for anomalies again")
    days = course_of(judged, one)
    return ChartSpec(
        kind="fan",
        title=_title(one, f"A-{anomaly.strip()[2:].casefold()}"),
        metric=EFFECTIVE_COST,
        unit=judged.currency,
        places=tuple(day_text(one.day) for one in days),
        series=_lines(days),
        times=tuple(datetime.combine(one.day, time(), UTC) for one in days),
        granularity="day",
        bands=(Band(RANGE, tuple(one.low for one in days), tuple(one.high for one in days)),),
        marked=Series(MARKED, tuple(one.observed if one.is_anomalous else None for one in days)),
        notes=tuple(_notes(result, one)),
        caveats=result.evidence.caveats if result.tool == FIND else (),
        source=source,
    )


def _title(one: Incident, anomaly: str) -> str:
    """`gpt-5.5 · project docflow: spike, 1 to 3 October 2026 (A-1b2c3d4)`"""
    days = period_text(Period(start=one.start, end=Period.day_of(one.end).end))
    what = name_text(kind_words(replace(one, reversed_on=None)))
    return f"{name_text(slice_words(one.where))}: {what}, {days} ({anomaly})"


def _lines(days: tuple[CourseDay, ...]) -> tuple[Series, ...]:
    cost = Series(OBSERVED, tuple(one.observed for one in days))
    return cost, Series(EXPECTED, tuple(one.expected for one in days), is_rest=True)


def _notes(result: ToolResult, one: Incident) -> Iterator[str]:
    yield f"raised on the data of {day_text(one.raised)}; {status(one)}"
    yield "the range in which a day is usual comes from the days before it; only this anomaly's days are marked"
    if result.tool == FIND and len(result.rows) > 1:
        yield f"drawn is the anomaly of most money; explain another of the {len(result.rows)} to draw that one"
