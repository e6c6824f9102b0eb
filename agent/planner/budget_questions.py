"""Questions about budgets: "are we within budget", "which teams are over budget", "when will the budget run out"."""

from typing import Any

from agent.planner.asked import Asked
from agent.planner.calls import PlannedCall
from agent.planner.lexicon import Lexicon
from agent.planner.periods import periods, refused_time
from agent.planner.reading import Reading
from agent.planner.text import key_of, words
from tools.domain.scope import Filter

TOOL = "budget_status"
_SAID_OF_BUDGETS = words(
    "left remaining remains run runs running out exhausted exhaust used up reached reach last lasts long variance "
    "stand standing status doing pace against is are we our will does do the when how much within stay stays track on "
    "still have has any go went over under burn rate owns own owner who budget budgets limit company company's whole "
    "it spent"
)
"""Words that have a meaning beside a budget, whatever they mean elsewhere."""
_SHORT = ("filler", "prep", "link", "again", "also", "by", "names", "fixed", "time", "dimension", "it", "which")


def about_budgets(asked: Asked) -> tuple[PlannedCall, ...] | None:
    """The call that tells how budgets stand; None for other questions, and where a word is not understood."""
    reading, lexicon, as_of, previous = asked.reading, asked.lexicon, asked.as_of, asked.previous
    continued = previous is not None and previous.name == TOOL and _is_short(reading)
    if not (reading.has("budget") or continued) or reading.has("act", "override") or _is_only_told(reading):
        return None
    reading.unknown = [one for one in reading.unknown if not set(reading.text(one).lower().split()) <= _SAID_OF_BUDGETS]
    if reading.unknown:
        return None
    late = refused_time(reading)
    if reading.unclear or (late is not None and late.kind != "future"):
        return None
    arguments: dict[str, Any] = {}
    if continued and previous is not None:
        arguments = dict(previous.arguments)
    period = late.period if late is not None else periods(reading, as_of).period
    if period is not None:
        arguments["period"] = period.model_dump(mode="json")
    named, groups = _slice(reading, lexicon)
    if named or groups:
        arguments = {key: value for key, value in arguments.items() if key not in ("filters", "of", "which")}
    if named:
        arguments["filters"] = [one.model_dump(mode="json") for one in named]
    if groups:
        arguments["of"] = groups[0]
    if (which := _which(reading)) is not None:
        arguments["which"] = which
    return (PlannedCall(TOOL, arguments),)


def _is_only_told(reading: Reading) -> bool:
    """I own docflow's budget. Could I see the team's quarterly spend?"""
    tokens = reading.tokens
    end = next((i for i in range(1, len(tokens)) if tokens[i].glue.startswith((".", "!"))), None)
    if end is None or not tokens[end].text[:1].isupper():
        return False
    asked = {span.kind for span in reading.spans if span.start >= end}
    return "metric" in asked and "budget" not in asked


def _slice(reading: Reading, lexicon: Lexicon) -> tuple[list[Filter], list[str]]:
    """The slice that is named, and the dimension asked for; a word that is also a name is the name: the platform's."""
    named = [one for one in reading.filters if one.operator == "in"]
    groups = list(reading.groups)
    for index, span in enumerate(reading.spans):
        asked = index and reading.spans[index - 1].kind in ("by", "which")
        found = lexicon.keys.get(key_of(reading.text(span)), []) if span.kind == "dimension" and not asked else []
        if found and span.value in groups:
            groups.remove(span.value)
            named.append(Filter(dimension=found[0].dimension, values=found[0].values))
    return named, groups


def _which(reading: Reading) -> str | None:
    """Only those over or under, where it is asked which; "is docflow over budget" is answered either way."""
    asked = next((span.value for span in reading.spans if span.kind == "budget" and span.value), None)
    picks = reading.groups or reading.lows() & {"which", "who", "whose", "list", "any", "anyone", "anybody"}
    return asked if picks and not reading.filters else None


def _is_short(reading: Reading) -> bool:
    says = bool(reading.filters or reading.times or reading.groups)
    return says and not reading.metrics and all(span.kind in _SHORT for span in reading.spans)
