"""Questions about what is to come: "what will we spend in December", "forecast by team", "where will November end"."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from agent.planner import calendar as cal
from agent.planner.asked import Asked
from agent.planner.calls import PlannedCall, decline
from agent.planner.reading import Reading
from agent.planner.suggestions import suggestions
from agent.planner.text import words
from agent.planner.time_senses import TimeSense
from tools.domain.period import Period, shift_months

TOOL = "forecast_costs"
MONTHS_BY_DEFAULT = 3
MOST_GROUPS, MOST_METRICS = 2, 3
LONGEST_FOLLOW_UP, LONGEST_WITH_IT = 8, 14
"""Words; "it" leans on what was said before in a longer question too."""
MOST_MONTHS_TO_COME = 9
_LANDING = words("track heading land end ends pace rate trajectory finish close")
"""Where a period ends up: without a period the running month is meant."""
_STEPS = ("day", "week", "month", "quarter")


def looks_ahead(reading: Reading) -> bool:
    """Whether it asks for what is to come, by a word such as "forecast" or a time such as "next month"."""
    return reading.has("forecast") or any(sense.ahead for sense in _senses(reading))


def about_forecast(asked: Asked) -> tuple[PlannedCall, ...] | None:
    """One forecast for each metric asked for; None for questions about what was."""
    reading, lexicon, as_of, previous = asked.reading, asked.lexicon, asked.as_of, asked.previous
    before = _continued(reading, previous)
    if before is None and not looks_ahead(reading):
        return None
    ideas = suggestions(lexicon)
    if (reason := _not_possible(reading)) is not None:
        return (decline("not_understood", reason, ideas),)
    period, is_said = _period(reading, as_of)
    if period is not None and period.end <= as_of:
        last = period.last_day
        reason = f"{period.start} to {last} is over: ask what was spent in it, or for a forecast of a month to come."
        return (decline("not_understood", reason, ideas),) if looks_ahead(reading) else None
    fields = _arguments(reading, before or {})
    if period is not None and (is_said or "period" not in fields):
        fields["period"] = period.model_dump(mode="json")
    metrics = reading.metrics or [str((before or {}).get("metric", "EffectiveCost"))]
    return tuple(PlannedCall(TOOL, {"metric": metric, **fields}) for metric in metrics[:MOST_METRICS])


def what_was(previous: PlannedCall | None) -> PlannedCall | None:
    """The call before as a question about what was spent: what follows a forecast may ask for that."""
    if previous is None or previous.name != TOOL:
        return previous
    old = previous.arguments
    kept: dict[str, Any] = {name: old[name] for name in ("group_by", "filters") if name in old}
    return PlannedCall("query_costs", {"metrics": [old["metric"]], **kept})


def _continued(reading: Reading, previous: PlannedCall | None) -> dict[str, Any] | None:
    """The arguments that a short question leans on; None when it stands alone."""
    changes = reading.groups or reading.filters or reading.times or reading.granularity or reading.metrics
    longest = LONGEST_WITH_IT if "it" in reading.lows() else LONGEST_FOLLOW_UP
    if previous is None or len(reading.tokens) > longest or not changes:
        return None
    whole = reading.has("how_much", "which", "rank", "most", "why", "price", "data", "help", "change", "trend", "list")
    if previous.name == TOOL and not whole and "far" not in reading.lows() and not (reading.metrics and reading.times):
        return dict(previous.arguments)
    if previous.name == "query_costs" and looks_ahead(reading) and not reading.metrics:
        old = previous.arguments
        kept: dict[str, Any] = {name: old[name] for name in ("group_by", "filters", "currency") if name in old}
        return {"metric": old["metrics"][0], **kept}
    return None


def _arguments(reading: Reading, before: dict[str, Any]) -> dict[str, Any]:
    """Everything but metric and period."""
    fields = {name: value for name, value in before.items() if name != "metric"}
    if reading.groups:
        fields["group_by"] = list(reading.groups)
    if reading.filters:
        said = {one.dimension for one in reading.filters}
        kept = [one for one in fields.get("filters", []) if one["dimension"] not in said]
        fields["filters"] = kept + [one.model_dump(mode="json") for one in reading.filters]
    if reading.granularity in _STEPS:
        fields["granularity"] = reading.granularity
    elif (each := _each(reading)) is not None:
        fields["granularity"] = each
    elif reading.times:
        fields.pop("granularity", None)
    if reading.currency is not None:
        fields["currency"] = reading.currency
    return fields


def _each(reading: Reading) -> str | None:
    """the next 8 weeks: by week; of days and months the tool chooses itself."""
    return next((s.each for s in _senses(reading) if s.ahead and s.each in ("week", "quarter")), None)


def _not_possible(reading: Reading) -> str | None:
    if reading.threshold is not None:
        return "A forecast can't be held against an amount yet: ask for the forecast, which gives its interval."
    if reading.granularity in ("hour", "weekday", "year"):
        return f"A forecast goes by day, week, month or quarter, not by {reading.granularity}."
    if len(reading.groups) > MOST_GROUPS:
        return "A forecast can be broken down by two things at most."
    if reading.has("share", "ratio"):
        return "Shares can't be foreseen yet: ask for the forecast by team, model or provider."
    return None


def _period(reading: Reading, as_of: date) -> tuple[Period | None, bool]:
    """The days to foresee, and whether they were said; None: the tool's own, which is the running month."""
    senses = [_coming(sense, as_of) for sense in _senses(reading)]
    to_come = [sense for sense in senses if sense.period is not None and sense.period.end > as_of]
    if to_come:
        return _joined([_whole(sense, as_of) for sense in to_come]), True
    if senses and senses[0].period is not None and not any(sense.each for sense in senses):
        return senses[0].period, True
    if reading.lows() & _LANDING:
        return None, False
    first = as_of.replace(day=1)
    return Period(start=first, end=shift_months(first, MONTHS_BY_DEFAULT)), False


def _coming(sense: TimeSense, as_of: date) -> TimeSense:
    """A month without a year is the coming one, unless it has only just been."""
    period = sense.period
    if period is None or not sense.yearless or period.end > as_of or not period.whole_months:
        return sense
    later = Period(start=shift_months(period.start, 12), end=shift_months(period.end, 12))
    is_near = later.start <= shift_months(as_of.replace(day=1), MOST_MONTHS_TO_COME)
    return replace(sense, period=later) if is_near else sense


def _whole(sense: TimeSense, as_of: date) -> Period:
    """This month is foreseen to its end, though it is asked about to date otherwise."""
    period = sense.period or Period.day_of(as_of + timedelta(days=1))
    if sense.unit is not None and (sense.to_date or period.end == as_of + timedelta(days=1)) and not sense.ahead:
        return Period(start=period.start, end=max(period.end, cal.whole(sense.unit, as_of).end))
    return period


def _joined(periods: Sequence[Period]) -> Period:
    return Period(start=min(one.start for one in periods), end=max(one.end for one in periods))


def _senses(reading: Reading) -> list[TimeSense]:
    return [span.time for span in reading.times if span.time is not None]
