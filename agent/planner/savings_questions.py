"""Questions for savings: "where can we save", "recommendations for docflow", "how much could batching save us"."""

import re
from typing import Any

from agent.planner.asked import Asked
from agent.planner.calls import PlannedCall
from agent.planner.knowledge_cues import POLITE, cue
from agent.planner.periods import periods, refused_time
from agent.planner.reading import Reading
from agent.planner.text import clean

TOOL = "find_savings"
_PAST = re.compile(r"\b(?:did|has|have|was|were|had) \w+|\bsaved\b")
_COULD = re.compile(r"\bhow (?:much|many)\b.*\b(?:can|could|would|might|may)\b.*\b(?:sav|cut|reduc|lower|trim)")
_WASTES = re.compile(r"^(?:which|who|what|where)\b.*\b(?:wast(?:e|es|ed|ing)|idle)\b")
_CAN = re.compile(
    r"^(?:where|what|which \w+|how) (?:can|could|should|might) .*\b(?:save|cut|reduce|lower|trim|spend less)\b"
    r"(?! (?:time|as)\b)"
)
_HOW = re.compile(r"^(?:how (?:can|could|should|do|to)\b|any (?:tips|ideas|advice)|tips|ideas)")
_WHICH_LEVER = {
    "batch": re.compile(r"\bbatch(?:ing|es)?\b"),
    "prompt_cache": re.compile(r"\bprompt cach(?:e|ing)\b|\bcached (?:input|prompts?)\b"),
    "response_cache": re.compile(r"\b(?:response|answer|semantic) cach(?:e|ing)\b"),
    "idle_gpu": re.compile(r"\bidle\b"),
}
"""Levers that go by a word of their own; the tool knows which of them there are."""


def about_savings(asked: Asked) -> tuple[PlannedCall, ...] | None:
    """The search for savings; with the playbooks behind it where it is asked how. None for other questions."""
    reading = asked.reading
    text = POLITE.sub("", " ".join(clean(asked.question).lower().split())).rstrip(" ?!.")
    if reading.has("override") or not _wants_savings(text, reading):
        return None
    if refused_time(reading) is not None:
        return None
    found = PlannedCall(TOOL, _arguments(asked, text))
    if _HOW.match(text):
        return found, PlannedCall("search_playbooks", {"query": asked.question.strip()})
    return (found,)


def _wants_savings(text: str, reading: Reading) -> bool:
    """Whether it asks how to spend less, in general or of something in the data; what was saved is a metric."""
    if _COULD.search(text) or _CAN.match(text):
        return True
    if reading.has("how_much", "count", "share", "threshold", "grain", "list") or _PAST.search(text):
        return False
    if _WASTES.search(text):
        return True
    saves = cue("saving").search(text) and cue("money").search(text)
    first = cue("advice_first").match(text) and not reading.has("rank", "most")
    return bool((saves or reading.has("savings")) and (first or cue("advice_anywhere").search(text)))


def _arguments(asked: Asked, text: str) -> dict[str, Any]:
    arguments: dict[str, Any] = {}
    for one in asked.reading.filters:
        key = {"x_Team": "owner", "HostProviderName": "provider"}.get(one.dimension)
        if key is not None and one.operator == "in" and len(one.values) == 1:
            arguments[key] = one.values[0]
    if "x_Team" in asked.reading.groups:
        arguments["by"] = "owner"
    lever = next((name for name, words in _WHICH_LEVER.items() if words.search(text)), None)
    if lever is not None:
        arguments["lever"] = lever
    period = periods(asked.reading, asked.as_of).period
    if period is not None:
        arguments["period"] = period.model_dump(mode="json")
    return arguments
