"""Questions about who pays: "chargeback for October by team", "what does each team owe including shared costs"."""

import re
from collections.abc import Iterator
from datetime import date
from functools import cache
from typing import Any

import yaml

import knowledge
from agent.planner.calls import PlannedCall
from agent.planner.lexicon import Lexicon
from agent.planner.periods import periods, refused_time
from agent.planner.reading import Reading
from agent.planner.text import clean
from tools.domain.period import Period, shift_months

TOOL = "allocate"
PAYERS = ("x_Team", "x_Project", "x_UseCase", "x_Customer", "x_Environment", "x_Workload")
"""Dimensions whose values pay, beside tags and columns of one's own."""


def about_allocation(
    question: str, reading: Reading, lexicon: Lexicon, as_of: date, previous: PlannedCall | None
) -> tuple[PlannedCall, ...] | None:
    """The call of a question about who pays, or of a short one that continues it; None for others."""
    if reading.has("override", "act", "forecast", "unbuilt") or refused_time(reading) is not None or reading.unclear:
        return None
    text = clean(question).lower()
    if previous is not None and previous.name == TOOL and _continues(reading):
        return (PlannedCall(TOOL, {**previous.arguments, **_said(reading, as_of, previous.arguments)}),)
    asks = _cue("statement").search(text) or _cue("shared").search(text) or _owes(text, reading)
    if not asks or not _is_read(text, reading):
        return None
    return (PlannedCall(TOOL, _said(reading, as_of, {})),)


def _owes(text: str, reading: Reading) -> bool:
    """what does each team owe: not what is owed to a provider"""
    pays = any(name in PAYERS for name in reading.groups) or any(one.dimension in PAYERS for one in reading.filters)
    return bool(_cue("owes").search(text)) and pays


def _continues(reading: Reading) -> bool:
    """ "and by project?", "just assist", "for September", "in detail": nothing but another breakdown, filter or period"""
    said = reading.groups or reading.filters or reading.times
    whole = reading.has("how_much", "count", "data", "help", "exist", "price", "rank", "most", "share", "why", "list")
    return bool(said) and not (reading.metrics or reading.unknown or reading.granularity or whole)


def _is_read(text: str, reading: Reading) -> bool:
    """Whether every word is either read, or part of what makes it a question about who pays."""
    covered = list(_covered(text))
    for span in reading.unknown:
        tokens = reading.tokens[span.start : span.end]
        if not all(any(start <= one.start and one.end <= end for start, end in covered) for one in tokens):
            return False
    return True


def _covered(text: str) -> Iterator[tuple[int, int]]:
    for name in ("statement", "shared", "owes", "beside"):
        for match in _cue(name).finditer(text):
            yield match.span()


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
    if "BilledCost" in reading.metrics and not before:
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
