"""The dimensions that are asked for as a breakdown."""

from agent.planner.draft import Draft
from tools.domain.scope import Filter


def read_dimensions(draft: Draft) -> None:
    """Every dimension word that no name has used up as a breakdown."""
    for index, span in enumerate(draft.spans):
        if span.kind != "dimension" or index in draft.used:
            continue
        if _follows(draft, index, "count"):
            draft.reading.counted = span.value
        token = draft.reading.tokens[span.end - 1]
        if token.low == "cloud" and _only_qualifies(draft, index):
            continue
        if (
            _is_unused(draft, index)
            or _says_of_what(draft, index)
            or _only_measures(draft, index)
            or _points_back(draft, index)
        ):
            continue
        draft.reading.plural_group |= token.low != token.lemma
        if token.lemma in ("llm", "model") and _is_object(draft, index):
            draft.filter(Filter(dimension=span.value, operator="is_not_null"))
            if token.lemma == "llm":
                continue
        draft.group(span.value)


def _only_qualifies(draft: Draft, index: int) -> bool:
    """Whether "cloud" only says what kind of cost is meant: "the cloud bill", not "which cloud"."""
    before = draft.spans[index - 1].kind if index else ""
    after = draft.spans[index + 1].kind if index + 1 < len(draft.spans) else ""
    return after == "metric" and before not in ("by", "which", "rank", "most", "number", "count")


def _is_unused(draft: Draft, index: int) -> bool:
    """unused AWS commitments: what the waste is of, not a breakdown"""
    before = [(span.kind, span.value) for span in draft.spans[max(index - 2, 0) : index]]
    return [kind for kind, _ in before] == ["metric", "names"] and before[0][1] == "UnusedCommitmentCost"


def _says_of_what(draft: Draft, index: int) -> bool:
    """in % of the team total: the total of what is asked about, not a breakdown by team."""
    after = draft.spans[index + 1].kind if index + 1 < len(draft.spans) else ""
    before = next((one for one in reversed(draft.spans[:index]) if one.kind != "filler"), None)
    return after == "total" and before is not None and before.kind == "prep" and draft.reading.has("share", "ratio")


def _points_back(draft: Draft, index: int) -> bool:
    """ "docflow: the team's spend" is docflow's, not a breakdown by team."""
    span = draft.spans[index]
    last, before = draft.reading.tokens[span.end - 1], draft.spans[index - 1] if index else None
    article = before is not None and draft.reading.tokens[before.start].low in ("the", "that", "this")
    one = [f for f in draft.reading.filters if f.dimension == span.value and f.operator == "in" and len(f.values) == 1]
    owns = span.end < len(draft.reading.tokens) and draft.reading.tokens[span.end].after_possessive
    return bool(one) and article and owns and last.low == last.lemma


def _only_measures(draft: Draft, index: int) -> bool:
    """Whether "by LLM request volume" says what ranks the teams that are asked for."""
    if index < 2 or index + 1 >= len(draft.spans):
        return False
    ranks = draft.spans[index - 1].kind == "by" and draft.spans[index + 1].kind == "metric"
    asked = any(span.kind == "dimension" and at not in draft.used for at, span in enumerate(draft.spans[: index - 1]))
    return ranks and asked and draft.reading.has("rank", "most")


def _is_object(draft: Draft, index: int) -> bool:
    """Whether it says what the money was for, as in "spend on LLMs" and "LLM spend"."""
    before = draft.spans[index - 1].kind if index else ""
    after = draft.spans[index + 1].kind if index + 1 < len(draft.spans) else ""
    llm = draft.reading.tokens[draft.spans[index].start].lemma == "llm"
    if before == "prep" and draft.reading.text(draft.spans[index - 1]).lower() in _SPREAD:
        return False
    return before == "prep" or (llm and after == "metric" and before not in ("by", "which", "rank", "number"))


_SPREAD = ("over", "above", "among", "between")
"""Prepositions before what a share is of, as in "distributed over models"."""


def _follows(draft: Draft, index: int, kind: str) -> bool:
    for back in range(index - 1, -1, -1):
        if draft.spans[back].kind == kind:
            return True
        if draft.spans[back].kind not in ("filler", "names", "fixed"):
            return False
    return False
