"""Dimension words that stand beside a name: whether they say what it is, or ask for a breakdown."""

from agent.planner.draft import Draft
from agent.planner.naming import TWINS
from agent.planner.text import words

_TRANSPARENT = frozenset(
    ["filler", "rank", "most", "number", "names", "fixed", "metric", "total", "only", "average", "missing"]
)
_VERBS = words("did do does is was are were has have had")


def dimensions_beside(draft: Draft, index: int) -> list[int]:
    """Dimension words that say what kind of thing the name is: "team search", "the search team"."""
    found = []
    for step in (-1, 1):
        at = index + step
        while 0 <= at < len(draft.spans) and _is_between(draft, index, at):
            at += step
        if 0 <= at < len(draft.spans) and draft.spans[at].kind == "dimension":
            found.append(at)
    return found


def _is_between(draft: Draft, index: int, at: int) -> bool:
    span = draft.spans[at]
    if span.kind == "filler":
        return draft.reading.tokens[span.start].low in ("called", "named", "the", "is", "are", "name")
    return span.kind in ("names", "fixed", "link") and at != index and _is_list(draft, index, at)


def _is_list(draft: Draft, index: int, at: int) -> bool:
    """Whether everything from the name to `at` is a list of names."""
    low, high = min(index, at), max(index, at)
    return all(span.kind in ("names", "fixed", "link") for span in draft.spans[low : high + 1])


def use_dimension_beside(draft: Draft, index: int, dimension: str) -> None:
    """Mark the dimension words that only say what the name is."""
    for at in dimensions_beside(draft, index):
        said = draft.spans[at].value
        said = next((first for first, second in TWINS if (said, dimension) == (second, first)), said)
        said = next((second for first, second in TWINS if (said, dimension) == (first, second)), said)
        models = dimension == "x_ModelDeveloper" and said == "x_Model"
        if (said == dimension or models) and not wants_breakdown(draft, at):
            draft.used.add(at)


def wants_breakdown(draft: Draft, at: int) -> bool:
    """Whether the dimension word is asked for: by, which, top N, how many, list stand before it."""
    low = draft.reading.tokens[draft.spans[at].end - 1]
    if draft.reading.has("threshold") and low.low != low.lemma:
        return True
    passed_metric = False
    for back in range(at - 1, -1, -1):
        kind = draft.spans[back].kind
        if kind == "filler" and draft.reading.tokens[draft.spans[back].start].low in _VERBS:
            return False
        relative = kind == "which" and back > 0 and draft.spans[back - 1].kind == "prep"
        if relative and draft.reading.tokens[draft.spans[back].start].low == "what":
            return False
        if kind in ("by", "which", "count", "list"):
            return kind not in ("count", "by") or not passed_metric
        passed_metric |= kind == "metric"
        if kind in ("rank", "most") and low.low != low.lemma:
            return True
        if kind not in _TRANSPARENT:
            return False
    return False
