"""Questions about what is unusual: "any anomalies last week", "explain A-1b2c3d", "why the spike on 6 October"."""

import re
from datetime import date
from typing import Any

from agent.planner.asked import Asked
from agent.planner.calls import PlannedCall, decline
from agent.planner.lexicon import Lexicon
from agent.planner.periods import periods, refused_time
from agent.planner.reading import COSTS, Reading
from agent.planner.suggestions import suggestions
from agent.planner.text import words
from tools.domain.period import Period

FIND, EXPLAIN, RUNAWAY = "find_anomalies", "explain_anomaly", "find_runaway_spend"
_ID = re.compile(r"\b(A-[0-9a-z]{1,12})\b", re.IGNORECASE)
_VERDICT = re.compile(
    r"\b(?:mark|flag|record|call|dismiss|ignore)\b.*\b(planned|expected|anomaly|real|false|intended|it|that|this)\b",
    re.I,
)
_RUNAWAY = re.compile(
    r"^(?:is|are|do|does|has|have|which|what|any|show|list)\b.*"
    r"\b(?:run(?:s|ning)? away|runaway (?:keys?|agents?|jobs?|teams?|models?|projects?|spend|costs?|spending)|"
    r"runaways)\b(?P<when>.*)$",
    re.I,
)
_WHEN = re.compile(
    r"(?: (?:right )?now| at the moment| currently| today|"
    r" (?:in|over|during) the (?:last|past) (?:(?P<n>\d{1,4}) )?hours?)?[ ?.!]*$",
    re.I,
)
_SPIKED = words("spike spikes spiked spiking surge surged surging jump jumped anomalous")
MOST_HOURS = 168
_SEVERAL_DAYS = 3
"""A spike is asked about by its day; over a longer span "why did it jump" asks for a comparison."""


def about_anomalies(asked: Asked) -> tuple[PlannedCall, ...] | None:
    """The call of a question about what is unusual; None for other questions."""
    call = _call(asked)
    return None if call is None else (call,)


def _call(asked: Asked) -> PlannedCall | None:
    """The call that answers it; None for other questions, and where its period or a word is not understood."""
    question, reading, lexicon, as_of, previous = (
        asked.question,
        asked.reading,
        asked.lexicon,
        asked.as_of,
        asked.previous,
    )
    if (running := _runaway(question)) is not None:
        return running
    found = _ID.search(question)
    told = previous is not None and previous.name in (FIND, EXPLAIN)
    if _VERDICT.search(question) and (found or (told and not reading.metrics)):
        return _by_command(found.group(1) if found else "ID", lexicon)
    if found and (reading.has("anomaly", "why", "drivers") or told or "explain" in reading.lows()):
        return PlannedCall(EXPLAIN, {"anomaly": found.group(1)})
    if reading.unclear or reading.has("override", "forecast", "act", "savings", "unbuilt"):
        return None
    if refused_time(reading) is not None:
        return None
    asks_for_spikes = "spikes" in reading.lows() and reading.has("exist") and not reading.has("why")
    if (reading.has("anomaly") or asks_for_spikes) and _is_of_cost(reading):
        return None if _unknown(reading) else PlannedCall(FIND, _arguments(reading, as_of))
    if previous is not None and previous.name == FIND and _continues(reading):
        return PlannedCall(FIND, {**previous.arguments, **_arguments(reading, as_of)})
    if _asks_why_it_spiked(reading, as_of) and not reading.unknown:
        return PlannedCall(FIND, _arguments(reading, as_of))
    return None


def _runaway(question: str) -> PlannedCall | None:
    """is anything running away right now? · any runaway keys in the last 12 hours?"""
    asked = _RUNAWAY.match(question.strip())
    when = _WHEN.match(asked["when"]) if asked else None
    if when is None:
        return None
    hours = int(when["n"]) if when["n"] else None
    return PlannedCall(RUNAWAY, {} if hours is None else {"hours": min(max(hours, 1), MOST_HOURS)})


def _by_command(anomaly: str, lexicon: Lexicon) -> PlannedCall:
    reason = (
        "What you say of an anomaly is kept by a command, not from a question: "
        f"outlay anomalies feedback {anomaly} planned (or yes, or no); here it is /anomalies {anomaly} planned."
    )
    return decline("refused", reason, suggestions(lexicon))


def _is_of_cost(reading: Reading) -> bool:
    """Whether it is of cost, or of nothing named: anomalies of tokens or rates are not watched."""
    return all(metric in COSTS for metric in reading.metrics)


def _unknown(reading: Reading) -> bool:
    """Whether a word is left that may be a name which the data does not have."""
    return bool(reading.unknown)


def _continues(reading: Reading) -> bool:
    """and last month? · and for AWS?"""
    short = reading.has("again", "link") and bool(reading.times or reading.filters)
    return short and not (reading.metrics or reading.groups or reading.unknown)


def _asks_why_it_spiked(reading: Reading, as_of: date) -> bool:
    """why did cost spike on 6 October"""
    spiked = bool(reading.lows() & _SPIKED) and reading.has("why") and _is_of_cost(reading) and not reading.groups
    when = periods(reading, as_of).period if spiked and len(reading.times) == 1 else None
    return when is not None and when.days <= _SEVERAL_DAYS


def _arguments(reading: Reading, as_of: date) -> dict[str, Any]:
    arguments: dict[str, Any] = {}
    when = periods(reading, as_of).period if reading.times else None
    if when is not None:
        end = min(when.end, as_of) if when.start < as_of else when.end
        arguments["period"] = Period(start=when.start, end=end).model_dump(mode="json")
    if reading.filters:
        arguments["within"] = [one.model_dump(mode="json") for one in reading.filters]
    if reading.limit is not None:
        arguments["limit"] = reading.limit
    if reading.currency is not None:
        arguments["currency"] = reading.currency
    return arguments
