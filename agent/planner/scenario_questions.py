"""Questions of what would be: "what if traffic doubles", "what would a 60 % cache hit rate save on copilot".

The changes are taken out of the question first; what is left is read like any other question, for its slice and period.
"""

import re
from datetime import date
from typing import Any

from agent.planner.asked import Asked
from agent.planner.calls import PlannedCall, ask_back, decline
from agent.planner.interpret import interpret
from agent.planner.lexicon import Lexicon
from agent.planner.obstacle_names import unknown_words
from agent.planner.periods import periods
from agent.planner.reading import Reading
from agent.planner.recognise import recognise
from agent.planner.scenario_text import changes, supposes, without_leftovers
from agent.planner.suggestions import suggestions
from agent.planner.text import clean, key_of, tokenise

TOOL = "simulate"
_WHOLE = "What would be is told of one slice as a whole: name a team, project, model or customer, not a breakdown."


def about_scenarios(asked: Asked) -> tuple[PlannedCall, ...] | None:
    """The scenario that a question describes, or why it can't be told; None for other questions."""
    question, reading, lexicon, as_of, previous = (
        asked.question,
        asked.reading,
        asked.lexicon,
        asked.as_of,
        asked.previous,
    )
    if reading.has("override"):
        return None
    text = " ".join(clean(question).split())
    before = previous.arguments if previous is not None and previous.name == TOOL else None
    said = changes(text, lambda word: _model(word, lexicon))
    if not said.levers:
        return (PlannedCall(TOOL, _moved(before, reading, as_of)),) if before and _elsewhere(reading) else None
    asks = (
        supposes(text)
        or {"more_gpus", "launch"} & said.levers.keys()
        or (before is not None and reading.has("again", "link", "also"))
    )
    if not asks:
        return None
    rest = _read(without_leftovers(said.left), lexicon, as_of)
    if (stop := _obstacle(question, rest, said.levers, lexicon)) is not None:
        return (stop,)
    arguments = _slice(rest, said.levers, as_of)
    if before is not None and not supposes_anew(text):
        arguments = {**before, **arguments}
    return (PlannedCall(TOOL, arguments),)


def supposes_anew(text: str) -> bool:
    """Whether a scenario starts from nothing: "and if …" goes on with the one before."""
    return not text.lower().startswith(("and ", "also ", "plus ", "then "))


def _read(text: str, lexicon: Lexicon, as_of: date) -> Reading:
    tokens, spans = recognise(tokenise(text), lexicon, as_of)
    return interpret(tokens, spans, lexicon)


def _elsewhere(reading: Reading) -> bool:
    """A short question that names another slice or period: "and for docflow?", "what about September?"."""
    names = bool(reading.filters or reading.times)
    return names and reading.has("again", "link", "also") and not (reading.metrics or reading.groups or reading.unknown)


def _moved(before: dict[str, Any], reading: Reading, as_of: date) -> dict[str, Any]:
    return {**before, **_slice(reading, {}, as_of)}


def _obstacle(question: str, rest: Reading, levers: dict[str, Any], lexicon: Lexicon) -> PlannedCall | None:
    ideas = suggestions(lexicon)
    for model in _named(levers):
        if key_of(model) not in {key_of(known) for known in lexicon.values.get("x_Model", ())}:
            return decline("no_data", f"Nothing in the data is called “{model}”.", ideas)
    if rest.groups:
        return decline("not_understood", _WHOLE, ideas)
    if rest.unclear:
        unclear = rest.unclear[0]
        name = rest.text(unclear.span)
        options = [question.replace(name, option, 1) for option in unclear.options]
        return ask_back(f"“{name}” names several things. Which one is meant?", options)
    return unknown_words(rest, lexicon, ideas) if rest.unknown else None


def _named(levers: dict[str, Any]) -> list[str]:
    """Models that have to be in the data: those whose requests move or whose price changes."""
    named = [levers.get("switch", {}).get("from_model"), levers.get("price_change", {}).get("model")]
    return [model for model in named if model]


def _model(word: str, lexicon: Lexicon) -> str | None:
    """The model that a word names: one of the data by its name or a word of it, or what looks like a model's name."""
    known = lexicon.values.get("x_Model", ())
    exact = [model for model in known if key_of(model) == key_of(word)]
    parts = [model for model in known if word.lower() in re.split(r"[^a-z0-9.]+", model.lower())]
    if exact or (len(parts) == 1 and word.isalpha()):
        return exact[0] if exact else parts[0]
    return word if any(c.isdigit() for c in word) or "-" in word else None


def _slice(rest: Reading, levers: dict[str, Any], as_of: date) -> dict[str, Any]:
    """The levers with the slice they act on and the period that is the base."""
    filters = [
        one.model_dump(mode="json") for one in rest.filters if one.dimension not in ("x_TokenType", "x_ServiceTier")
    ]
    if not filters and (own := _of_one_model(levers)) is not None:
        filters = [{"dimension": "x_Model", "operator": "in", "values": [own]}]
    arguments: dict[str, Any] = {**levers}
    if filters:
        arguments["filters"] = filters
    if not rest.times:
        return arguments
    period = periods(rest, as_of).period
    if period is not None and period.start <= as_of:
        arguments["period"] = period.model_dump(mode="json")
    return arguments


def _of_one_model(levers: dict[str, Any]) -> str | None:
    """The model that is all of the slice: where nothing else changes, the rest need not be told."""
    if set(levers) == {"switch"}:
        return str(levers["switch"]["from_model"])
    if set(levers) == {"price_change"} and "model" in levers["price_change"]:
        return str(levers["price_change"]["model"])
    return None
