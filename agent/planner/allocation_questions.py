"""Questions about who pays: "chargeback for October by team", "what does each team owe including shared costs"."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any

import yaml

import knowledge
from agent.planner.asked import Asked
from agent.planner.calls import PlannedCall, decline
from agent.planner.periods import periods, refused_time
from agent.planner.reading import Reading
from agent.planner.suggestions import suggestions
from agent.planner.text import clean
from tools.domain.period import Period, shift_months

TOOL, QUEUE = "allocate", "find_unowned"
_CLAUSES, _SPEND = re.compile(r"[.;:!?]\s+|\s+-+\s+"), re.compile(r"\b(?:spend|spent|spending|costs?|bills?)\b")
ONE_PERIOD = "A chargeback covers one period at a time: ask for one month or quarter, or for spend by team and month."
PAYERS = ("x_Team", "x_Project", "x_UseCase", "x_Customer", "x_Environment", "x_Workload")
"""Dimensions whose values pay, beside tags and columns of one's own."""


def about_allocation(asked: Asked) -> tuple[PlannedCall, ...] | None:
    """The call of a question about who pays, or of a short one that continues it; None for others."""
    question, reading, lexicon, as_of, previous = (
        asked.question,
        asked.reading,
        asked.lexicon,
        asked.as_of,
        asked.previous,
    )
    if reading.has("override", "act", "forecast", "savings", "unbuilt") or reading.unclear:
        return None
    if refused_time(reading) is not None:
        return None
    text = clean(question).lower()
    if previous is not None and previous.name in (TOOL, QUEUE) and _continues(reading):
        return (_continued(reading, as_of, previous),)
    if (about := _about_owners(text, reading)) is not None:
        return (_queue(_said(reading, as_of, {}), about),)
    asks = _cue("statement").search(text) or _cue("shared").search(text) or _owes(text, reading)
    if (
        not asks
        or reading.has("missing")
        or _is_aside(text)
        or not _is_read(text, reading, ("statement", "shared", "owes", "beside"))
    ):
        return None
    if reading.granularity is not None:
        return (decline("not_understood", ONE_PERIOD, suggestions(lexicon)),)
    return (PlannedCall(TOOL, _said(reading, as_of, {})),)


def _is_aside(text: str) -> bool:
    """ "I'm doing the chargeback - October spend by customer, please": the question itself is about spend"""
    clauses = _CLAUSES.split(text)
    about = [bool(_cue("statement").search(one) or _cue("shared").search(one)) for one in clauses]
    return any(_SPEND.search(one) and not says for one, says in zip(clauses, about, strict=True))


def _about_owners(text: str, reading: Reading) -> str | None:
    """Whether it asks for what nobody owns, or how well tags are kept; amounts by a breakdown are neither."""
    cues = ("unowned", "queue", "coverage", "coverage_alone")
    if _cue("coverage_alone").search(text):
        return "coverage" if _is_read(text, reading, cues) else None
    amounts = reading.has("how_much", "count", "share", "change", "compare", "trend", "grain")
    if not _cue("unowned").search(text) or amounts or not _is_read(text, reading, cues):
        return None
    if [name for name in reading.groups if name not in PAYERS]:
        return None
    return "coverage" if _cue("coverage").search(text) and "unallocated" not in text else "unowned"


def _queue(said: Mapping[str, Any], about: str) -> PlannedCall:
    """Without filters on what is missing: the queue is about that anyway."""
    kept = {name: said[name] for name in ("by", "period") if name in said}
    if filters := [one for one in said.get("filters", ()) if not one["operator"].startswith("is_")]:
        kept["filters"] = filters
    return PlannedCall(QUEUE, kept | ({"about": about} if about != "unowned" else {}))


def _continued(reading: Reading, as_of: date, previous: PlannedCall) -> PlannedCall:
    """The call before with what is said; a filter on what pays now is about payers."""
    arguments = {**previous.arguments, **_said(reading, as_of, previous.arguments)}
    if previous.name == QUEUE:
        return _queue(arguments, previous.arguments.get("about", "unowned"))
    own = [
        one for one in arguments.get("filters", ()) if (one["dimension"], one["operator"]) == (arguments["by"], "in")
    ]
    if own:
        arguments["filters"] = [one for one in arguments["filters"] if one not in own]
        arguments["payers"] = [*arguments.get("payers", ()), *(value for one in own for value in one["values"])]
    return PlannedCall(TOOL, {name: value for name, value in arguments.items() if value != []})


def _owes(text: str, reading: Reading) -> bool:
    """what does each team owe: not what is owed to a provider"""
    pays = any(name in PAYERS for name in reading.groups) or any(one.dimension in PAYERS for one in reading.filters)
    return bool(_cue("owes").search(text)) and pays


def _continues(reading: Reading) -> bool:
    """ "and by project?", "just assist", "for September": nothing but another breakdown, filter or period"""
    said = reading.groups or reading.filters or reading.times
    whole = reading.has("how_much", "count", "data", "help", "exist", "price", "rank", "most", "share", "why", "list")
    return bool(said) and not (reading.metrics or reading.unknown or reading.granularity or whole)


def _is_read(text: str, reading: Reading, cues: Sequence[str]) -> bool:
    """Whether every word is either read, or part of what makes it a question about who pays."""
    covered = [match.span() for name in cues for match in _cue(name).finditer(text)]
    for span in reading.unknown:
        tokens = reading.tokens[span.start : span.end]
        if not all(any(start <= one.start and one.end <= end for start, end in covered) for one in tokens):
            return False
    return True


def _said(reading: Reading, as_of: date, before: dict[str, Any]) -> dict[str, Any]:
    """What a question says of a call's arguments."""
    payers = [name for name in reading.groups if name in PAYERS or name.startswith(("tag:", "x_"))]
    arguments: dict[str, Any] = {}
    if payers or reading.groups:
        arguments["by"] = (payers or reading.groups)[0]
    by = arguments.get("by", before.get("by")) or _payer_named(reading) or "x_Team"
    arguments["by"] = by
    named = [value for one in reading.filters if one.dimension == by and one.operator == "in" for value in one.values]
    others = [one for one in reading.filters if not (one.dimension == by and one.operator == "in")]
    if named:
        arguments["payers"] = named
    elif "by" in before and before["by"] != by:
        arguments["payers"] = []
    if others:
        arguments["filters"] = [one.model_dump(mode="json") for one in others]
    if reading.lows() & {"billed", "invoiced"} and not before:
        arguments["metric"] = "BilledCost"
    if len(reading.groups) > 1 or reading.lows() & {"detail", "details", "detailed", "lines", "itemised", "itemized"}:
        arguments["detail"] = True
    return arguments | _time(reading, as_of)


def _payer_named(reading: Reading) -> str | None:
    return next((one.dimension for one in reading.filters if one.dimension in PAYERS and one.operator == "in"), None)


def _time(reading: Reading, as_of: date) -> dict[str, Any]:
    when = periods(reading, as_of)
    if when.period is None:
        return {}
    period, compare = when.period, when.compare_to
    if reading.has("change") and len(reading.times) == 1 and _until_now(period, as_of):
        # "what changed since September": September beside the last full month after it.
        base, last = Period.month_of(period.start), _last_full_month(as_of)
        period, compare = (last, base) if last.start > base.start else (period, "previous")
    said: dict[str, Any] = {"period": period.model_dump(mode="json")}
    if isinstance(compare, Period):
        said["compare_to"] = compare.model_dump(mode="json")
    return said


def _until_now(period: Period, as_of: date) -> bool:
    return period.whole_months != 1 and period.last_day >= as_of and period.start < as_of.replace(day=1)


def _last_full_month(as_of: date) -> Period:
    first = as_of.replace(day=1)
    return Period(start=shift_months(first, -1), end=first)


@cache
def _cue(name: str) -> re.Pattern[str]:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    phrases: dict[str, str] = yaml.load(knowledge.read("allocation_questions.yaml"), Loader=loader)
    found = sorted((phrase.strip() for phrase in phrases[name].split("|")), key=len, reverse=True)
    return re.compile(rf"\b(?:{'|'.join(re.escape(phrase) for phrase in found)})(?:s|es)?(?!\w)")
