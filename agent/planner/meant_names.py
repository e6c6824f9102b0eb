"""Which thing one name means, and whether the word beside it says otherwise."""

from agent.planner.beside import dimensions_beside, use_dimension_beside, wants_breakdown
from agent.planner.draft import Draft
from agent.planner.lexicon import PROVIDER_DIMENSIONS
from agent.planner.naming import Choice, choose_names
from agent.planner.reading import Unclear
from agent.planner.senses import Names, Span
from agent.planner.text import words

_BINDING = words("x_Team x_Project x_Customer x_UseCase")
"""Dimensions whose word, beside a name, says that the name is one of them: "team search" is no service."""
_PROVIDERS = frozenset(PROVIDER_DIMENSIONS) | {"x_ModelDeveloper"}


def meant_names(draft: Draft, index: int, span: Span) -> tuple[Names, ...]:
    """The names that the span at `index` stands for; what is open or means nothing here is noted in the draft."""
    if span.kind in ("fixed", "names") and _is_bound_elsewhere(draft, index, span):
        draft.reading.unknown.append(span)
        return ()
    if span.kind == "fixed":
        dimension, _, values = span.value.partition("=")
        use_dimension_beside(draft, index, dimension)
        spelled = [name for value in values.split(",") for name in _spelled(draft, dimension, value)]
        return (Names(dimension, tuple(spelled)),)
    if span.kind != "names":
        return ()
    beside = [draft.spans[i].value for i in dimensions_beside(draft, index)]
    choice: Choice = choose_names(span, beside, draft.reading, draft.lexicon)
    if choice.options:
        draft.reading.unclear.append(Unclear(span, choice.options, "name"))
        return ()
    if choice.names is not None:
        use_dimension_beside(draft, index, choice.names.dimension)
        return (choice.names,)
    return ()


def _is_bound_elsewhere(draft: Draft, index: int, span: Span) -> bool:
    """Whether the word beside the name says a kind that nothing of this name is: "team storage"."""
    mine = {span.value.partition("=")[0]} if span.kind == "fixed" else {names.dimension for names in span.names}
    if mine & _PROVIDERS:
        return False
    for at in (index - 1, index + 1):
        beside = draft.spans[at] if 0 <= at < len(draft.spans) else None
        if beside is None or beside.kind != "dimension" or beside.value not in _BINDING:
            continue
        token = draft.reading.tokens[beside.end - 1]
        if token.low != token.lemma or wants_breakdown(draft, at) or beside.value in mine:
            continue
        if not _names_itself(draft, at, index, beside.value):
            return True
    return False


def _names_itself(draft: Draft, at: int, index: int, dimension: str) -> bool:
    """Whether the dimension word at `at` goes with another name, on its other side: "production team search"."""
    other = draft.spans[2 * at - index] if 0 <= 2 * at - index < len(draft.spans) else None
    if other is None:
        return False
    tags = {name for name in draft.lexicon.values if name.startswith("tag:")}
    return other.kind == "unknown" or any(n.dimension == dimension or n.dimension in tags for n in other.names)


def _spelled(draft: Draft, dimension: str, value: str) -> tuple[str, ...]:
    """The data's own spellings of a fixed value."""
    known = draft.lexicon.values.get(dimension, ())
    wanted = value.replace("_", "").replace("-", "").lower()
    same = tuple(v for v in known if v.replace("_", "").replace("-", "").replace(" ", "").lower() == wanted)
    return same or (value,)
