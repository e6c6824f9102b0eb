"""Questions with several readings, which are asked back."""

from agent.planner.calls import PlannedCall, ask_back
from agent.planner.lexicon import Lexicon
from agent.planner.reading import Reading
from agent.planner.rewording import reworded


def which_usage(question: str, reading: Reading) -> PlannedCall | None:
    """Ask back whether usage means tokens, requests or its cost."""
    if not reading.has("ambiguous_usage") or reading.metrics:
        return None
    span = next(span for span in reading.spans if span.kind == "ambiguous_usage")
    options = [reworded(question, reading, span, said) for said in ("tokens", "requests", "usage cost")]
    return ask_back("Usage in tokens, in requests, or what it cost?", options)


def most_used(reading: Reading, lexicon: Lexicon) -> PlannedCall | None:
    """The most used model: by tokens, or by requests?"""
    value = reading.value_of("used")
    if value is None or not reading.groups or reading.metrics:
        return None
    which = "most" if value == "descending" else "least"
    names = lexicon.plural(reading.groups[0])
    when = next((" " + reading.text(time) for time in reading.times), "")
    number = f"{reading.limit} " if reading.limit else ""
    options = [f"Top {number}{names} by {metric}{when}" for metric in ("tokens", "requests", "cost")]
    if which == "least":
        options = [option.replace("Top", "Bottom", 1) for option in options]
    return ask_back("Used by what: tokens, requests or cost?", options)


def cheapest(question: str, reading: Reading) -> PlannedCall | None:
    """The cheapest model: of the lowest price per token, or of the lowest bill?"""
    if (
        reading.times
        or reading.limit
        or reading.groups != ["x_Model"]
        or set(reading.metrics) - {"EffectiveCost"}
        or reading.has("per_tokens")
    ):
        return None
    span = next((s for s in reading.spans if s.kind == "rank" and reading.text(s).lower().startswith("cheap")), None)
    if span is None:
        return None
    options = ("Which model has the lowest cost per million tokens?", "Which model has the lowest spend?")
    return ask_back("Cheapest by what a million tokens cost, or by what was spent?", options)
