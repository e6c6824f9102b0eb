"""Words whose role hangs on what stands beside them: list prices, kinds of tokens, drivers, resources, percentages."""

from dataclasses import replace
from itertools import pairwise

from agent.planner.draft import Draft
from agent.planner.fixed_values import EXCLUDED_METRICS
from agent.planner.reading import COSTS
from tools.domain.scope import Filter

_TOKEN_KINDS = {
    "x_TokenType=input,cached_input,cache_write": "InputTokens",
    "x_TokenType=output,reasoning": "OutputTokens",
    "x_TokenType=cached_input": "CachedInputTokens",
    "x_TokenType=reasoning": "ReasoningTokens",
}
"""The metric that counts tokens of a kind."""


def list_costs(draft: Draft) -> None:
    """ "list price vs effective cost": list prices beside a cost are what usage would have cost at them."""
    for index, span in enumerate(draft.spans):
        text = draft.reading.text(span).lower()
        if span.kind != "price" or not text.startswith(("list price", "sticker price", "public price")):
            continue
        for step in (-1, 1):
            at = index + step
            while 0 <= at < len(draft.spans) and draft.spans[at].kind in ("link", "baseline", "filler", "compare"):
                at += step
            beside = draft.spans[at] if 0 <= at < len(draft.spans) and abs(at - index) > 1 else None
            if beside is not None and beside.kind == "metric" and beside.value in COSTS:
                draft.spans[index] = replace(span, kind="metric", value="ListCost")
    draft.reading.kinds = {span.kind for span in draft.spans}


def token_kinds(draft: Draft) -> None:
    """ "input, cached and output tokens": the first ones are metrics as the last is."""
    counts = False
    for index in range(len(draft.spans) - 1, -1, -1):
        span = draft.spans[index]
        kind = _TOKEN_KINDS.get(span.value) if span.kind == "fixed" else None
        joined = index + 1 < len(draft.spans) and draft.spans[index + 1].kind in ("link", "baseline")
        listed = index + 1 < len(draft.spans) and draft.spans[index + 1] in draft.listed
        if kind and counts and (joined or listed):
            draft.spans[index] = replace(span, kind="metric", value=kind)
            draft.listed.append(draft.spans[index])
        elif span.kind == "metric":
            counts = "Tokens" in span.value
        elif span.kind not in ("link", "baseline"):
            counts = False


def percentages(draft: Draft) -> None:
    """ "in percent" is a share where nothing changes, as is a distribution; "percentage change" is a change."""
    reading = draft.reading
    spread = any(span.kind in ("breakdown", "by") and "distribut" in reading.text(span).lower() for span in draft.spans)
    if spread and not reading.has("change", "compare", "baseline", "why", "grain", "trend", "threshold"):
        reading.kinds.add("share")
    if not reading.has("ratio") or reading.has("change", "why"):
        return
    if reading.has("compare", "baseline") and not _sets_names_apart(draft):
        return
    said = " ".join(reading.text(span).lower() for span in draft.spans if span.kind == "ratio")
    if any(word in said for word in ("change", "growth", "increase", "fastest", "quickest")):
        reading.kinds.add("change")
    elif not any(span.time and span.time.kind in ("over", "shift") for span in reading.times):
        reading.kinds.discard("ratio")
        reading.kinds.add("share")


def _sets_names_apart(draft: Draft) -> bool:
    """Whether names are compared, within one period: batch vs standard tier last month, in percent."""
    return len(draft.reading.times) < 2 and any(
        a.kind in ("names", "fixed") and b.kind == "baseline" and c.kind in ("names", "fixed")
        for a, b, c in zip(draft.spans, draft.spans[1:], draft.spans[2:], strict=False)
    )


def drivers(draft: Draft) -> None:
    """ "what did we spend on" asks for drivers, unless a name follows."""
    for index, span in enumerate(draft.spans):
        after = draft.reading.next_said(index)
        named = after is not None and draft.spans[after].kind in (
            "names",
            "fixed",
            "unknown",
            "metric",
            "dimension",
            "exclude",
            "time",
        )
        last = draft.reading.tokens[span.end - 1].low
        if span.kind == "drivers" and named and last in ("on", "for", "costs", "cost"):
            draft.reading.kinds.discard("drivers")


def resources(draft: Draft) -> None:
    """A resource is named by whatever follows its word: not every resource is in the vocabulary."""
    for before, span in pairwise(draft.spans):
        if span.kind == "unknown" and before.kind == "dimension" and before.value in ("ResourceName", "ResourceId"):
            tokens = draft.reading.tokens[span.start : span.end]
            name = "".join(("" if i == 0 else token.glue) + token.text for i, token in enumerate(tokens))
            dimension = "ResourceId" if any(c.isdigit() for c in name) else before.value
            draft.filter(Filter(dimension=dimension, values=(name,)))
            draft.reading.unknown.remove(span)
            draft.used.add(draft.spans.index(before))


def token_types(draft: Draft) -> None:
    """ "tokens by type" means by token type; "tokens into input, cache write and output" are all kinds of them."""
    _listed_kinds(draft)
    tokens = any(span.kind == "metric" and "Tokens" in span.value for span in draft.spans)
    for index, span in enumerate(draft.spans):
        if tokens and span.kind == "unknown" and draft.reading.tokens[span.start].lemma == "type":
            draft.spans[index] = replace(span, kind="dimension", value="x_TokenType")
            draft.reading.unknown.remove(span)


def _listed_kinds(draft: Draft) -> None:
    counted = [index for index, span in enumerate(draft.spans) if span.kind == "metric" and span.value == "Tokens"]
    for index in range(counted[0] + 1 if counted else len(draft.spans), len(draft.spans)):
        span = draft.spans[index]
        kind = EXCLUDED_METRICS.get(span.value) if span.kind == "metric" else None
        beside = [draft.spans[at] for at in (index - 1, index + 1) if at < len(draft.spans)]
        listed = any(one.kind == "fixed" and one.value.startswith("x_TokenType=") for one in beside)
        if kind is not None and kind.dimension == "x_TokenType" and listed:
            draft.spans[index] = replace(span, kind="fixed", value=f"x_TokenType={','.join(kind.values)}")
