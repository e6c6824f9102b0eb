"""What is understood and no query can do: averages, tops of groups, single requests."""

from collections.abc import Sequence
from itertools import pairwise

from agent.planner.calls import PlannedCall, decline
from agent.planner.lexicon import Lexicon
from agent.planner.reading import Reading
from agent.planner.rewording import reworded
from agent.planner.senses import Span
from agent.planner.text import words

ONE_LIMIT = "A range of amounts can't be asked for yet: only over or under one amount."


def averages(question: str, reading: Reading, ideas: Sequence[str]) -> PlannedCall | None:
    """Averages are not computed; rates and unit costs are averages already."""
    if not reading.has("average") or any(
        "Per" in name or "Rate" in name or "Average" in name for name in reading.metrics
    ):
        return None
    reason = "Averages over days, months or groups are not computed yet; the amounts themselves are."
    span = next(span for span in reading.spans if span.kind == "average")
    without = " ".join(reworded(question, reading, span, "").split())
    return decline("not_understood", reason, [without, *ideas])


_UNIT_COSTS = words(
    "CostPerRequest TokensPerRequest CostPerMillionTokens CostPerMillionInputTokens CostPerMillionOutputTokens "
    "CostPerConsumedUnit CostPerCoreHour AverageEffectiveUnitPrice"
)


def half_read(reading: Reading) -> str | None:
    """Why a question that is made of known words still says more than a query does."""
    said = [span for span in reading.spans if span.kind not in ("filler", "prep")]
    pairs = list(pairwise(said))
    per = any(a.kind == "by" and reading.text(a).lower() == "per" and b.kind in ("metric", "number") for a, b in pairs)
    if (per or reading.has("per_tokens")) and reading.metrics and not set(reading.metrics) & _UNIT_COSTS:
        return "Of unit costs there are cost per million tokens, cost per request and tokens per request."
    if _share_of_a_period(reading.spans, reading):
        return "A share is of a total; for one period against another ask for the change."
    moves = any(span.time and span.time.kind == "over" for span in reading.times) or reading.granularity is not None
    if reading.has("rank", "most") and reading.has("change") and moves and not reading.groups:
        return "Days, weeks or months can't be ranked by how much they changed; the series can be shown."
    if reading.tokens and reading.tokens[0].low == "when" and not reading.has("rank", "most", "threshold", "data"):
        return "When something happened can't be told; the series by day, week or month can be shown."
    return None


def _share_of_a_period(spans: Sequence[Span], reading: Reading) -> bool:
    """spend as % of last month: the month is the whole, and no cost of it is named"""
    for index, span in enumerate(spans[:-1]):
        of = reading.text(spans[index + 1]).lower() == "of" or reading.text(span).lower().endswith(" of")
        time = next((at for at in range(index + 1, len(spans)) if spans[at].kind not in ("prep", "filler")), None)
        if span.kind != "share" or not of or time is None or spans[time].kind != "time" or reading.threshold:
            continue
        costs = any(later.kind == "metric" for later in spans[time:])
        if not costs and any(earlier.kind == "metric" for earlier in spans[:index]):
            return True
    return False


def counts_time(reading: Reading) -> bool:
    """how many hours, without a limit that days could meet"""
    said = [span for span in reading.spans if span.kind not in ("filler", "prep")]
    counts = any(a.kind == "count" and b.kind == "grain" for a, b in pairwise(said))
    return counts and reading.threshold is None


def single_request(reading: Reading) -> bool:
    """the biggest request · tokens in one request"""
    lows = [token.low for token in reading.tokens]
    for span in reading.spans:
        word = reading.tokens[span.end - 1].low
        if span.kind != "metric" or span.value != "Requests" or word not in ("request", "call", "invocation"):
            continue
        before = [s for s in reading.spans if s.end == span.start]
        if lows[span.start - 2 : span.start - 1] == ["per"]:
            continue
        if lows[span.start - 1 : span.start] in (["one"], ["single"]) and reading.has("rank", "most"):
            return True
        if before and before[0].kind in ("rank", "most"):
            return True
    return any(
        a.kind in ("rank", "most") and b.kind == "fixed" and reading.text(b).lower() in ("prompt", "completion")
        for a, b in pairwise(reading.spans)
    )


def top_within(reading: Reading, lexicon: Lexicon, ideas: Sequence[str]) -> PlannedCall | None:
    """The top 3 models of each team: a limit holds over all rows, not within each group."""
    if not reading.has("rank", "most", "used") or len(reading.groups) < 2:
        return None
    said = [span for span in reading.spans if span.kind not in ("filler", "names", "fixed")]
    each = [b for a, b in pairwise(said) if a.kind == "by" and reading.text(a).lower() in _EACH]
    within = [span.value for span in each if span.kind == "dimension" and span.value in reading.groups]
    if not within or len(within) == len(reading.groups):
        return None
    names = " and ".join(lexicon.label(name) for name in (within[0], *(g for g in reading.groups if g != within[0])))
    reason = "The top of each group can't be picked yet; the whole breakdown can be shown."
    return decline("not_understood", reason, [f"Spend by {names}", *ideas])


_EACH = words("per each every") | {"for each", "for every", "by each", "per each"}


def limit_of_change(reading: Reading) -> str | None:
    """Why the threshold of a change can't be one: it would take in changes of the other direction."""
    directions = {span.value for span in reading.spans if span.kind == "change"}
    if not directions or reading.threshold is None or not (reading.times or reading.has("change")):
        return None
    if len(directions) > 1 or "any" in directions:
        return "A limit on a change needs a direction: ask what grew, or what fell, by more than that."
    if reading.threshold[0] == "under":
        return "A limit on a change can only be a lowest one: ask what grew, or what fell, by more than an amount."
    return None
