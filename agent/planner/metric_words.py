"""Which metrics a question asks for, when several are mentioned."""

from itertools import pairwise

from agent.planner.fixed_values import EXCLUDED_METRICS
from agent.planner.reading import COSTS, RATES, Reading
from agent.planner.senses import Span
from agent.planner.text import words
from tools.domain.scope import Filter

_BETWEEN = frozenset(["link", "filler", "baseline", "compare", "exclude"])
_TOKEN_METRICS = words(
    "Tokens InputTokens OutputTokens CachedInputTokens CacheWriteTokens ReasoningTokens UncachedInputTokens"
)

_OUTPUT_VERBS = words("generate generated generating produce produced producing emit emits emitted emitting")
"""What models do with the tokens of their answers."""


def choose_metrics(spans: list[Span], reading: Reading) -> None:
    """Set the reading's metrics, and the filters that "the cost of output tokens" means.

    A plain cost word beside another metric is only a verb ("which team spends the most tokens"), unless both are
    joined ("cost and tokens").
    """
    found = [index for index, span in enumerate(spans) if span.kind == "metric"]
    reading.said_cost = any(spans[index].value == "EffectiveCost" for index in found)
    if (unit := _unit_cost(spans, found, reading)) is not None:
        reading.metrics = [unit]
        return
    narrowed = _narrowed(spans, found, reading)
    found = [index for index in found if index not in narrowed]
    names = list(dict.fromkeys(spans[index].value for index in found))
    if "CostPerConsumedUnit" in names and (len(names) > 1 or _ranks_by_cost(spans, reading)):
        names = [name for name in names if name != "CostPerConsumedUnit"] or ["EffectiveCost"]
    if (
        _is_per_request(spans, reading)
        and names == ["Requests"]
        and (_ranks_by_cost(spans, reading) or _changes_price(spans, reading))
    ):
        names = ["CostPerRequest"]
    if _is_per_request(spans, reading) and set(names) in ({"EffectiveCost", "Requests"}, {"Tokens", "Requests"}):
        names = ["CostPerRequest" if "EffectiveCost" in names else "TokensPerRequest"]
    if reading.has("average") and set(names) in ({"EffectiveCost", "Requests"}, {"Tokens", "Requests"}):
        names = ["CostPerRequest" if "EffectiveCost" in names else "TokensPerRequest"]
    if set(names) == {"ConsumedQuantity", "EffectiveCost"} and not _joined(spans, found):
        names = ["UsageCost"]
    if len(names) == 2 and "ConsumedQuantity" in names and set(names) & _PRICED_AT and not reading.has("link"):
        names.remove("ConsumedQuantity")
    if "Tokens" in names and set(names) & (_TOKEN_METRICS - {"Tokens"}) and len(names) == 2:
        names.remove("Tokens")
    if len(names) > 1 and "EffectiveCost" in names and not _joined(spans, found):
        names.remove("EffectiveCost")
    if names == ["Tokens"] and reading.lows() & _OUTPUT_VERBS:
        names = ["OutputTokens"]
    if names in ([], ["EffectiveCost"]) and _of_models(reading) and _changes_price(spans, reading):
        names = ["CostPerMillionTokens"]
    if names == ["Rows"] and _are_big(spans):
        names = ["EffectiveCost"]
    if names == ["CommitmentWaste"] and not reading.has("share", "ratio") and not reading.lows() & _RATE_WORDS:
        names = ["UnusedCommitmentCost", "CommitmentWaste"]
    names = _sorted_by(spans, names, reading)
    reading.metrics = _per(spans, _shares(names, reading), reading)


_PRICED_AT = words("ListCost ContractedCost BilledCost")
"""What usage is worth: "our usage at list prices"."""
_RATE_WORDS = words("rate ratio share percentage percent trend")
"""Commitment waste is a rate in the KPI library and money in talk; with none of these words both are shown."""


def _are_big(spans: list[Span]) -> bool:
    """the 4 biggest line items: charges are big by what they cost"""
    said = [span for span in spans if span.kind not in ("filler", "number", "names")]
    return any(a.kind == "rank" and b.kind == "metric" for a, b in pairwise(said))


def _of_models(reading: Reading) -> bool:
    return any(names.dimension == "x_Model" for names in reading.names)


def _changes_price(spans: list[Span], reading: Reading) -> bool:
    """Whether a model is said to have become cheaper or dearer."""
    said = [reading.text(span).lower() for span in spans if span.kind == "change"]
    return any(text.endswith(("cheaper", "expensive")) for text in said)


def _unit_cost(spans: list[Span], found: list[int], reading: Reading) -> str | None:
    """What a million tokens, or one request, cost."""
    names = {spans[index].value for index in found}
    costs = "EffectiveCost" in names
    if not (costs or _changes_price(spans, reading) or (reading.has("price") and reading.has("average"))):
        return None
    if costs and reading.has("per_tokens") and names & _TOKEN_METRICS:
        kind = next((kind for kind in ("Input", "Output") if f"{kind}Tokens" in names), "")
        return f"CostPerMillion{kind}Tokens"
    for index in found:
        first = index
        while first and spans[first - 1].kind == "names":
            first -= 1
        before = reading.tokens[spans[first].start - 1].low if spans[first].start else ""
        one = before in ("a", "an", "one", "single") and reading.tokens[spans[index].end - 1].low in _ONE_REQUEST
        if spans[index].value == "Requests" and one:
            return "CostPerRequest"
    return None


_ONE_REQUEST = words("request call inference invocation")


def _shares(names: list[str], reading: Reading) -> list[str]:
    """The ratio that "what share of … is …" names, where there is one."""
    if not reading.has("share"):
        return names
    if len(names) == 1 and names[0] in RATES and reading.lows() & _PERCENT:
        reading.kinds.discard("share")
        return names
    for parts, ratio in _RATIOS.items():
        if set(parts) <= set(names):
            reading.kinds.discard("share")
            return [ratio]
    return names


_PERCENT = words("percent percentage pct")
"""What a rate is written in: no share of it is asked for."""
_RATIOS = {
    ("UntaggedCost",): "UntaggedShare",
    ("UnallocatedCost",): "UnallocatedShare",
    ("OutputTokens", "ReasoningTokens"): "ReasoningTokenRatio",
    ("InputTokens", "CachedInputTokens"): "CacheHitRate",
}


def _per(spans: list[Span], names: list[str], reading: Reading) -> list[str]:
    """ "spend per million tokens", "pay per request": a unit cost."""
    if "EffectiveCost" not in names and not (not names and reading.has("rank", "per_tokens")):
        return names
    others = [name for name in names if name != "EffectiveCost"]
    if reading.has("per_tokens") and not others:
        lows = reading.lows()
        kind = "Input" if lows & {"input", "prompt"} else "Output" if lows & {"output", "completion"} else ""
        return [f"CostPerMillion{kind}Tokens"]
    return names


def _ranks_by_cost(spans: list[Span], reading: Reading) -> bool:
    """most expensive … per request"""
    words_ = " ".join(reading.text(span) for span in spans if span.kind == "rank").lower()
    return any(part in words_ for part in ("expens", "cost", "price", "cheap"))


def _is_per_request(spans: list[Span], reading: Reading) -> bool:
    """Whether "per request" stands in the question."""
    return any(
        a.kind == "by" and reading.text(a).lower() != "by" and b.kind == "metric" and b.value == "Requests"
        for a, b in pairwise(spans)
    )


def _sorted_by(spans: list[Span], names: list[str], reading: Reading) -> list[str]:
    """The metric of "sorted by requests" first, for it orders and limits."""
    for first, second, third in zip(spans, spans[1:], spans[2:], strict=False):
        sorts = first.kind == "filler" and reading.tokens[first.start].lemma in _SORTS
        if sorts and second.kind == "by" and third.kind == "metric" and third.value in names:
            return [third.value, *(name for name in names if name != third.value)]
    return names


_SORTS = words("sorted sort ordered order ranked rank ranking")


def _narrowed(spans: list[Span], found: list[int], reading: Reading) -> set[int]:
    """Token words that say which cost: "cost of output tokens", "input token spend"."""
    narrowed: set[int] = set()
    for index in found:
        if spans[index].value not in _TOKEN_METRICS or reading.has("count"):
            continue
        part = reading.has("share") and any(spans[other].value in COSTS for other in found if other < index)
        if not (part or _cost_before(spans, index) or _cost_after(spans, index, reading)):
            continue
        if part:
            narrowed.add(index)
            reading.groups.append("x_TokenType")
            continue
        narrowed.add(index)
        kinds = EXCLUDED_METRICS.get(spans[index].value)
        if kinds is None:
            reading.filters.append(Filter(dimension="x_TokenType", operator="is_not_null"))
        else:
            reading.filters.append(Filter(dimension=kinds.dimension, values=kinds.values))
    return narrowed


def _cost_before(spans: list[Span], index: int) -> bool:
    """cost of …, spend on …"""
    for back in range(index - 1, -1, -1):
        span = spans[back]
        if span.kind == "prep":
            at = back - 1
            while at >= 0 and spans[at].kind in ("filler", "names", "time"):
                at -= 1
            return at >= 0 and spans[at].kind == "metric" and spans[at].value in COSTS
        if span.kind not in ("filler", "names"):
            return False
    return False


def _cost_after(spans: list[Span], index: int, reading: Reading) -> bool:
    """token cost; "tokens burnt" are tokens."""
    after = spans[index + 1] if index + 1 < len(spans) else None
    if after is not None and reading.tokens[after.start].low in ("burnt", "burned", "burn", "spent"):
        return False
    return after is not None and after.kind == "metric" and after.value in COSTS


def _joined(spans: list[Span], found: list[int]) -> bool:
    """Whether the plain cost word is joined to another metric by and, or a comma."""
    for first, second in pairwise(found):
        between = spans[first + 1 : second]
        pair = {spans[first].value, spans[second].value}
        if "EffectiveCost" not in pair or len(pair) < 2:
            continue
        if any(span.kind in ("link", "baseline", "exclude") for span in between) and all(
            s.kind in _BETWEEN for s in between
        ):
            return True
        if not between and spans[second].start == spans[first].end and len(found) > 2:
            return True
    return False
