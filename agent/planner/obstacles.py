"""What keeps a question from being answered: not built, not allowed, not understood, open, not in the data."""

from collections.abc import Sequence

from agent.planner.asked import Asked
from agent.planner.calls import PlannedCall, decline
from agent.planner.lexicon import Lexicon
from agent.planner.obstacle_choices import cheapest, most_used, which_usage
from agent.planner.obstacle_limits import (
    ONE_LIMIT,
    averages,
    counts_time,
    half_read,
    limit_of_change,
    single_request,
    top_within,
)
from agent.planner.obstacle_names import open_name, unknown_words
from agent.planner.obstacle_shapes import order_to_take_away, shape_obstacle
from agent.planner.obstacle_times import time_obstacle
from agent.planner.reading import Reading
from agent.planner.senses import Kind, Span
from agent.planner.suggestions import suggestions

_READ_ONLY = (
    "Outlay answers questions about cost and usage; it changes and sends nothing by itself. "
    "Some changes it can propose for a person to approve, such as: stop the idle ones."
)


_SAYS_NOTHING = ("filler", "prep", "link", "it", "also")
"""Kinds of words that make no question by themselves: "is that a lot?", "42"."""


def about_obstacles(asked: Asked) -> tuple[PlannedCall, ...] | None:
    """The control call of the first obstacle, as the answer to the question; None when it is clear."""
    stop = obstacle(asked.question, asked.reading, asked.lexicon)
    return None if stop is None else (stop,)


def obstacle(question: str, reading: Reading, lexicon: Lexicon) -> PlannedCall | None:
    """The control call that stands for the first obstacle; None when the question is clear."""
    ideas = suggestions(lexicon)
    if all(span.kind in _SAYS_NOTHING for span in reading.spans) or {s.kind for s in reading.spans} == {"number"}:
        return decline("not_understood", "Nothing in that names a cost, a count, a thing or a period.", ideas)
    if reading.has("override"):
        return decline("refused", f"That is not a question about cost or usage. {_READ_ONLY}", ideas)
    if (shape := shape_obstacle(question, reading, ideas)) is not None:
        return shape
    if (act := order_to_take_away(reading) or _order(reading)) is not None:
        return decline("refused", f"“{reading.text(act)}” asks for a change or a message. {_READ_ONLY}", ideas)
    if (late := _not_built(reading, ideas)) is not None:
        return late
    if (when := time_obstacle(question, reading, ideas)) is not None:
        return when
    if reading.excluded_time:
        return decline("not_understood", "A period can't be left out of another one; ask for the parts.", ideas)
    if reading.conjoined:
        reason = "What is two things at once can't be left out yet; leave out one of them, or join them with “and”."
        return decline("not_understood", reason, ideas)
    if reading.unlike:
        reason = "These are things of different kinds, which one breakdown can't set side by side; ask for each."
        return decline("not_understood", reason, ideas)
    if reading.two_limits:
        return decline("not_understood", ONE_LIMIT, ideas)
    if reading.unknown:
        return unknown_words(reading, lexicon, ideas)
    if reading.threshold is not None and (limit := limit_of_change(reading)) is not None:
        return decline("not_understood", limit, ideas)
    if reading.unclear:
        return open_name(question, reading)
    if any(s.kind == "rank" and s.value in ("best", "worst") for s in reading.spans) and not reading.metrics:
        return decline("not_understood", "Best in what? Name a cost, a count or a rate to rank by.", ideas)
    if (usage := which_usage(question, reading)) is not None:
        return usage
    if reading.has("price") and not reading.metrics:
        reason = "List prices are looked up model by model: name the model."
        return decline("not_understood", reason, ideas)
    by_kind = any(filter_.dimension == "x_TokenType" for filter_ in reading.filters)
    if by_kind and set(reading.metrics) & {"Requests", "CostPerRequest", "TokensPerRequest"}:
        reason = "Requests can't be told apart by token type: ask for the tokens and for the requests."
        return decline("not_understood", reason, ideas)
    if counts_time(reading):
        reason = "Days and hours aren't counted; ask for consumed quantity, or for the amounts by day or hour."
        return decline("not_understood", reason, ideas)
    if (half := half_read(reading)) is not None:
        return decline("not_understood", half, ideas)
    if single_request(reading):
        return decline("not_understood", "Single requests aren't kept, only how many there were.", ideas)
    countable = reading.metrics or reading.groups or reading.filters or reading.has("grain", "data", "exist")
    if reading.has("count") and not countable:
        return decline("not_understood", "How many of what? Name tokens, requests, or what to count.", ideas)
    return (
        top_within(reading, lexicon, ideas)
        or most_used(reading, lexicon)
        or cheapest(question, reading)
        or averages(question, reading, ideas)
        or _empty(reading, ideas)
    )


def _order(reading: Reading) -> Span | None:
    """An imperative: an act at the start, after politeness, or after "and"."""
    for index, span in enumerate(reading.spans):
        if span.kind == "act" and all(
            s.kind in ("filler", "link", "help", "again", "it") for s in reading.spans[:index]
        ):
            return span
        before = next((s for s in reversed(reading.spans[:index]) if s.kind != "filler"), None)
        if span.kind == "act" and before is not None and before.kind == "link":
            return span
    acts = [span for span in reading.spans if span.kind == "act"]
    return acts[0] if acts and not reading.metrics else None


def _not_built(reading: Reading, ideas: Sequence[str]) -> PlannedCall | None:
    if reading.has("savings") and not (_WASTED & set(reading.metrics)):
        return decline("not_understood", _SAVINGS, ideas)
    if (name := reading.value_of("unbuilt")) is not None:
        return decline(
            "not_understood", f"Questions about {name} can't be answered yet; spend, usage and prices can.", ideas
        )
    return None


_SAVINGS = "Savings can't be asked for like that; ask where you can save, in general, for a team or at a provider."
_WASTED = frozenset(["UnusedCommitmentCost", "CommitmentWaste"])
"""What "waste" is the amount of, where commitments are named: no savings are asked for."""


def _empty(reading: Reading, ideas: Sequence[str]) -> PlannedCall | None:
    saying: tuple[Kind, ...] = (
        "metric", "dimension", "names", "fixed", "time", "how_much", "rank", "most", "share", "change", "compare",
        "grain", "drivers", "data", "help", "exist", "why", "trend", "count", "breakdown", "total", "only", "again",
        "also", "exclude", "number", "it", "everyone", "missing", "price", "currency", "forecast",
    )  # fmt: skip
    if reading.has(*saying):
        return None
    return decline("not_understood", "There is no question about cost or usage in this.", ideas)
