"""The metrics, and those that are left out or subtracted."""

from agent.planner.draft import Draft
from agent.planner.exclusions import excluded_spans
from agent.planner.fixed_values import EXCLUDED_METRICS
from agent.planner.metric_words import choose_metrics
from agent.planner.reading import COSTS
from tools.domain.scope import Filter


def read_metrics(draft: Draft) -> None:
    """The metrics that are asked for; one that is left out is a filter, or was not understood."""
    excluded = excluded_spans(draft.spans)
    for index, span in enumerate(draft.spans):
        if span.kind == "metric" and index in excluded and span.value in EXCLUDED_METRICS:
            left_out = EXCLUDED_METRICS[span.value]
            draft.filter(Filter(dimension=left_out.dimension, operator="not_in", values=left_out.values))
        elif span.kind == "metric" and index in excluded and not _is_subtracted(draft, index):
            if span.value != "EffectiveCost" or _is_negated(draft, index):
                draft.reading.unknown.append(span)
        elif span.kind == "metric" and index in excluded:
            excluded.discard(index)
    kept = [span for index, span in enumerate(draft.spans) if span.kind != "metric" or index not in excluded]
    choose_metrics(kept, draft.reading)
    if draft.tag_coverage:
        draft.reading.metrics = ["TagCoverage", *(m for m in draft.reading.metrics if not draft.reading.has("share"))]
        draft.reading.kinds.discard("share")


def _is_subtracted(draft: Draft, index: int) -> bool:
    """Whether one cost is taken from another, "list cost minus effective cost": both are shown."""
    before = next(span for span in reversed(draft.spans[:index]) if span.kind == "exclude")
    minus = draft.reading.text(before).lower() in ("minus", "less the")
    return minus and draft.spans[index].value in COSTS


def _is_negated(draft: Draft, index: int) -> bool:
    """Whether the plain cost word is a verb that is denied: "who is not spending", "with no spend"."""
    before = next((span for span in reversed(draft.spans[:index]) if span.kind != "filler"), None)
    if before is None or before.kind != "exclude":
        return False
    after = draft.spans[index].end
    following = draft.reading.tokens[after].low if after < len(draft.reading.tokens) else ""
    if draft.reading.text(before).lower() == "without":
        return following not in ("of", "on", "for", "from")
    return draft.reading.text(before).lower() in ("not", "no", "isnt", "arent", "with no", "had no", "have no")
