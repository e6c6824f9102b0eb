"""What is not set: untagged, without a team, tagged with a key."""

from agent.planner.draft import Draft
from agent.planner.text import words
from tools.domain.scope import Filter

_NONE = words("no missing without lacks lacking not isnt arent non") | {
    "with no",
    "had no",
    "has no",
    "have no",
    "not by",
}
"""Exclusions that, before the word of a dimension, mean that it is not set: "without a team", not "except teams"."""
_NULLED = "x_Team"
"""What untagged and unallocated mean when no dimension is named: without a team."""


def read_nulls(draft: Draft) -> None:
    """untagged · without a team · tagged with cost-centre."""
    for index, span in enumerate(draft.spans):
        if span.kind not in ("missing", "exclude"):
            continue
        after = draft.reading.next_said(index)
        broken_down = after is not None and any(one.kind == "by" for one in draft.spans[index:after])
        named = after is not None and draft.spans[after].kind == "dimension" and not broken_down
        dimension = after if named else None
        if span.kind == "exclude" and _denies_use(draft, index):
            draft.reading.unknown.append(span)
        if span.kind == "exclude" and (dimension is None or not _is_missing(draft, index, dimension)):
            continue
        if span.kind == "exclude" and draft.reading.text(span).lower() not in _NONE:
            if draft.reading.lows() & {"filter", "filters"}:
                continue
            draft.reading.unknown.append(draft.spans[dimension or index])
            continue
        name = draft.spans[dimension].value if dimension is not None else _NULLED
        if dimension is not None:
            draft.used.add(dimension)
        if dimension is None and "tagged" in draft.reading.text(span).lower():
            draft.tag_coverage = True
            continue
        operator = "is_not_null" if span.value == "with" else "is_null"
        if draft.reading.has("share"):
            draft.group(name)
        else:
            draft.filter(Filter(dimension=name, operator=operator))  # type: ignore[arg-type]


def _denies_use(draft: Draft, index: int) -> bool:
    """ "which teams did not use claude": what has none of something is in no row."""
    after = draft.spans[index].end
    low = draft.reading.tokens[after].low if after < len(draft.reading.tokens) else ""
    return low in ("use", "uses", "used", "using", "run", "buy", "call", "touch", "consume", "need")


def _is_missing(draft: Draft, index: int, dimension: int) -> bool:
    """Whether "without a team" means that there is none, rather than "without team search"."""
    following = draft.spans[dimension + 1].kind if dimension + 1 < len(draft.spans) else "filler"
    before = draft.spans[dimension - 1].kind
    return following not in ("names", "unknown") and before not in ("names", "fixed", "unknown")
