"""The names of things as filters; names that are set against each other."""

from itertools import pairwise

from agent.planner.draft import Draft
from agent.planner.exclusions import excluded_spans
from agent.planner.fixed_values import EXCLUDED_METRICS
from agent.planner.meant_names import meant_names
from agent.planner.senses import Span
from tools.domain.scope import Filter


def _is_named(filter_: Filter, span: Span) -> bool:
    """Whether the filter is what the span names."""
    if span.kind == "fixed":
        return filter_.dimension == span.value.partition("=")[0]
    return any(n.dimension == filter_.dimension and set(n.values) <= set(filter_.values) for n in span.names)


def _is_an_example(draft: Draft, dimension: str) -> bool:
    """each provider, AWS, GCP and so on: the names only say what kind of thing is meant"""
    goes_on = any(draft.reading.text(span).lower() in _AND_SO_ON for span in draft.spans if span.kind == "filler")
    return goes_on and any(span.kind == "dimension" and span.value == dimension for span in draft.spans)


_AND_SO_ON = ("and so on", "and so forth", "etc", "etcetera")


def _excluded_dimensions(span: Span) -> set[str]:
    """The dimensions that a span under an exclusion may filter."""
    if span.kind == "metric" and span.value in EXCLUDED_METRICS:
        return {EXCLUDED_METRICS[span.value].dimension}
    if span.kind == "fixed":
        return {span.value.partition("=")[0]}
    return {names.dimension for names in span.names}


def read_names(draft: Draft) -> None:
    """Every name as a filter, left out or not; then what the names are to each other."""
    excluded = excluded_spans(draft.spans)
    said = [span for span in draft.spans if span.kind not in ("filler", "prep")]
    draft.reading.excluded_time = any(a.kind == "exclude" and b.kind in ("time", "grain") for a, b in pairwise(said))
    filters: dict[tuple[str, str], list[str]] = {}
    for index, span in enumerate(draft.spans):
        for names in meant_names(draft, index, span):
            if _is_an_example(draft, names.dimension):
                draft.group(names.dimension)
                continue
            operator = "not_in" if index in excluded else "in"
            values = filters.setdefault((names.dimension, operator), [])
            values += [value for value in names.values if value not in values]
            draft.reading.names.append(names)
    for dimension in {name for name, _ in filters}:
        both = filters.get((dimension, "in"), []), filters.get((dimension, "not_in"), [])
        if set(both[0]) & set(both[1]):
            del filters[dimension, "in"], filters[dimension, "not_in"]
            draft.group(dimension)
    for (dimension, operator), values in filters.items():
        draft.filter(Filter(dimension=dimension, operator=operator, values=tuple(values)))  # type: ignore[arg-type]
    _conjoined(draft, excluded)
    _unlike(draft)
    _compared(draft)


def _unlike(draft: Draft) -> None:
    """Names of two kinds that are set against each other: both as filters would be neither."""
    for first, joint, second in zip(draft.spans, draft.spans[1:], draft.spans[2:], strict=False):
        against = joint.kind == "baseline" or draft.reading.text(joint).lower() == "or"
        against = against or (joint.kind == "link" and draft.reading.has("compare"))
        kinds = [{f.dimension for f in draft.reading.filters if _is_named(f, span)} for span in (first, second)]
        if against and all(kinds) and not kinds[0] & kinds[1]:
            draft.reading.unlike = True


def _conjoined(draft: Draft, excluded: set[int]) -> None:
    """ "excluding OpenAI output tokens" leaves out what is both, which no list of filters says."""
    said = [index for index, span in enumerate(draft.spans) if span.kind not in ("filler", "prep", "dimension")]
    for first, second in pairwise(said):
        a, b = draft.spans[first], draft.spans[second]
        comma = "," in draft.reading.tokens[b.start].glue
        if first not in excluded or second not in excluded or comma:
            continue
        kinds = [_excluded_dimensions(span) for span in (a, b)]
        if all(kinds) and not kinds[0] & kinds[1]:
            draft.reading.conjoined = True


def _compared(draft: Draft) -> None:
    """Several names of one dimension that are set side by side are shown apart."""
    named: dict[str, set[tuple[str, ...]]] = {}
    for names in draft.reading.names:
        named.setdefault(names.dimension, set()).add(names.values)
    several = [dimension for dimension, values in named.items() if len(values) > 1]
    if not several or excluded_spans(draft.spans) or draft.reading.has("count"):
        return
    draft.reading.compared_names = draft.reading.has("compare", "baseline", "which", "breakdown", "rank", "most")
    said = [span for span in draft.spans if span.kind not in ("filler", "prep")]
    apart = any(a.kind == "by" and b.kind in ("names", "fixed") for a, b in pairwise(said))
    by_others = draft.reading.has("total") or any(span.kind in ("by", "grain") for span in draft.spans)
    apart = apart or bool(draft.reading.lows() & {"each", "respectively", "separately", "individually"})
    by_others = by_others and not apart
    if draft.reading.compared_names or not by_others:
        draft.group(several[0])
        draft.reading.implied_group = None if draft.reading.compared_names else several[0]
