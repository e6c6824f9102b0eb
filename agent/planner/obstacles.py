"""What keeps a question from being answered: not built, not allowed, not understood, open, not in the data."""

from collections.abc import Sequence
from datetime import date
from itertools import pairwise

from agent.planner.aliases import aliases
from agent.planner.calls import PlannedCall, ask_back, decline
from agent.planner.lexicon import Lexicon
from agent.planner.periods import refused_time, scattered
from agent.planner.reading import Reading
from agent.planner.senses import Kind, Span
from agent.planner.suggestions import near_names, suggestions
from agent.planner.text import key_of, words

_READ_ONLY = "Outlay answers questions about cost and usage; it changes nothing and sends nothing from here."


_ONE_LIMIT = "A range of amounts can't be asked for yet: only over or under one amount."


def obstacle(question: str, reading: Reading, lexicon: Lexicon, as_of: date) -> PlannedCall | None:
    """The control call that stands for the first obstacle; None when the question is clear."""
    ideas = suggestions(lexicon)
    if reading.has("override"):
        return decline("refused", f"That is not a question about cost or usage. {_READ_ONLY}", ideas)
    if (act := _order(reading)) is not None:
        return decline("refused", f"“{reading.text(act)}” asks for a change or a message. {_READ_ONLY}", ideas)
    if (late := _not_built(reading, ideas)) is not None:
        return late
    if (when := _time(question, reading, ideas)) is not None:
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
        return decline("not_understood", _ONE_LIMIT, ideas)
    if reading.unknown:
        return _unknown(reading, lexicon, ideas)
    if reading.threshold is not None and (limit := _limit_of_change(reading)) is not None:
        return decline("not_understood", limit, ideas)
    if reading.unclear:
        return _open(question, reading)
    if any(s.kind == "rank" and s.value in ("best", "worst") for s in reading.spans) and not reading.metrics:
        return decline("not_understood", "Best in what? Name a cost, a count or a rate to rank by.", ideas)
    if (usage := _usage(question, reading)) is not None:
        return usage
    if reading.has("price") and not reading.metrics:
        reason = "List prices are looked up model by model: name the model."
        return decline("not_understood", reason, ideas)
    by_kind = any(filter_.dimension == "x_TokenType" for filter_ in reading.filters)
    if by_kind and set(reading.metrics) & {"Requests", "CostPerRequest", "TokensPerRequest"}:
        reason = "Requests can't be told apart by token type: ask for the tokens and for the requests."
        return decline("not_understood", reason, ideas)
    if _counts_time(reading):
        reason = "Days and hours aren't counted; ask for consumed quantity, or for the amounts by day or hour."
        return decline("not_understood", reason, ideas)
    if (half := _half_read(reading)) is not None:
        return decline("not_understood", half, ideas)
    if _single_request(reading):
        return decline("not_understood", "Single requests aren't kept, only how many there were.", ideas)
    countable = reading.metrics or reading.groups or reading.filters or reading.has("grain", "data", "exist")
    if reading.has("count") and not countable:
        return decline("not_understood", "How many of what? Name tokens, requests, or what to count.", ideas)
    return (
        _top_within(reading, lexicon, ideas)
        or _most_used(reading, lexicon)
        or _cheapest(question, reading)
        or _average(question, reading, ideas)
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
    if reading.has("forecast"):
        return decline(
            "not_understood", "Forecasts are not built yet: only what has been spent can be answered.", ideas
        )
    if (name := reading.value_of("unbuilt")) is not None:
        return decline(
            "not_understood", f"Questions about {name} can't be answered yet; spend, usage and prices can.", ideas
        )
    return None


def _time(question: str, reading: Reading, ideas: Sequence[str]) -> PlannedCall | None:
    sense = refused_time(reading)
    if sense is None and scattered(reading):
        reason = "Several periods with gaps between them can't be answered at once; ask for them one by one."
        return decline("not_understood", reason, ideas)
    if sense is None:
        return None
    span = next(span for span in reading.times if span.time == sense)
    written = reading.text(span)
    if sense.kind == "ambiguous":
        options = [_with_time(question, reading, span, option) for option in sense.options]
        return ask_back(f"“{written}” has several readings. Which one is meant?", options)
    if sense.kind == "fiscal":
        reason = f"“{written}”: Outlay doesn't know your fiscal calendar; name the months, as in “April to June 2026”."
    elif sense.kind == "partial":
        reason = f"“{written}” picks days or hours out of a period, which can't be done yet; ask by weekday or by hour."
    elif sense.kind == "future":
        reason = f"“{written}” has not happened yet, and forecasts are not built yet."
        if sense.period is not None and not reading.has("forecast"):
            return decline("no_data", f"“{written}” has not happened yet, so nothing is loaded for it.", ideas)
    else:
        reason = f"“{written}” is not a period of the calendar."
    return decline("not_understood", reason, ideas)


def _limit_of_change(reading: Reading) -> str | None:
    """Why the threshold of a change can't be one: it would take in changes of the other direction."""
    directions = {span.value for span in reading.spans if span.kind == "change"}
    if not directions or reading.threshold is None or not (reading.times or reading.has("change")):
        return None
    if len(directions) > 1 or "any" in directions:
        return "A limit on a change needs a direction: ask what grew, or what fell, by more than that."
    if reading.threshold[0] == "under":
        return "A limit on a change can only be a lowest one: ask what grew, or what fell, by more than an amount."
    return None


def _open(question: str, reading: Reading) -> PlannedCall:
    unclear = reading.unclear[0]
    options = [_with(question, reading, unclear.span, option) for option in unclear.options]
    return ask_back(f"“{reading.text(unclear.span)}” names several things. Which one is meant?", options)


def _with_time(question: str, reading: Reading, span: Span, said: str) -> str:
    """The question with a period put for the span, and for the preposition before it: no "in from"."""
    before = reading.tokens[span.start - 1] if span.start else None
    if (
        before is not None
        and said.startswith(("from", "since"))
        and before.low in ("in", "at", "on", "for", "during", "by")
    ):
        return question[: before.start] + said + question[reading.tokens[span.end - 1].end :]
    return _with(question, reading, span, said)


def _with(question: str, reading: Reading, span: Span, said: str) -> str:
    """The question with the span's words replaced."""
    start, end = reading.tokens[span.start].start, reading.tokens[span.end - 1].end
    return question[:start] + said + question[end:]


def _unknown(reading: Reading, lexicon: Lexicon, ideas: Sequence[str]) -> PlannedCall:
    written = _phrase(reading)
    if reading.tokens[reading.unknown[0].start].low == "between" and reading.has("number"):
        return decline("not_understood", _ONE_LIMIT, ideas)
    near = near_names(written, lexicon)
    said = next((s.value for s in reading.spans if s.kind == "dimension" and _beside(s, reading.unknown)), None)
    if said is not None and lexicon.values.get(said):
        known = ", ".join(lexicon.values[said][:8])
        reason = f"No {lexicon.label(said)} is called “{written}”; there are {known}."
        return decline("no_data", reason, ideas)
    if said is not None:
        return decline("no_data", f"No {lexicon.label(said)} “{written}” is in the data.", ideas)
    hint = f" The nearest names are {', '.join(near)}." if near else ""
    if _is_a_name(reading) and (reading.metrics or reading.has("how_much", "rank", "most")):
        return decline("no_data", f"Nothing in the data is called “{written}”.{hint}", ideas)
    return decline("not_understood", f"“{written}” was not understood.{hint}", ideas)


def _phrase(reading: Reading) -> str:
    first = reading.unknown[0]
    end = first.end
    for span in reading.unknown[1:]:
        if span.start == end:
            end = span.end
    tokens = reading.tokens[first.start : end]
    return "".join(("" if i == 0 else token.glue or " ") + token.text for i, token in enumerate(tokens))


def _beside(dimension: Span, unknown: Sequence[Span]) -> bool:
    return any(span.start == dimension.end or span.end == dimension.start for span in unknown)


def _is_a_name(reading: Reading) -> bool:
    """Whether the unknown word stands where a name would: quoted, with a capital, or after a preposition."""
    first = reading.unknown[0]
    token = reading.tokens[first.start]
    index = reading.spans.index(first)
    after_prep = index > 0 and reading.spans[index - 1].kind in ("prep", "only", "exclude")
    before_cost = index + 1 < len(reading.spans) and reading.spans[index + 1].kind == "metric"
    known_elsewhere = key_of(_phrase(reading)) in aliases()
    capital = first.start > 0 and token.text[0].isupper()
    return token.quoted or capital or after_prep or before_cost or known_elsewhere


def _usage(question: str, reading: Reading) -> PlannedCall | None:
    if not reading.has("ambiguous_usage") or reading.metrics:
        return None
    span = next(span for span in reading.spans if span.kind == "ambiguous_usage")
    options = [_with(question, reading, span, said) for said in ("tokens", "requests", "usage cost")]
    return ask_back("Usage in tokens, in requests, or what it cost?", options)


def _average(question: str, reading: Reading, ideas: Sequence[str]) -> PlannedCall | None:
    if not reading.has("average") or any(
        "Per" in name or "Rate" in name or "Average" in name for name in reading.metrics
    ):
        return None
    reason = "Averages over days, months or groups are not computed yet; the amounts themselves are."
    span = next(span for span in reading.spans if span.kind == "average")
    without = " ".join(_with(question, reading, span, "").split())
    return decline("not_understood", reason, [without, *ideas])


_UNIT_COSTS = words(
    "CostPerRequest TokensPerRequest CostPerMillionTokens CostPerMillionInputTokens CostPerMillionOutputTokens "
    "CostPerConsumedUnit CostPerCoreHour AverageEffectiveUnitPrice"
)


def _half_read(reading: Reading) -> str | None:
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


def _counts_time(reading: Reading) -> bool:
    """how many hours, without a limit that days could meet"""
    said = [span for span in reading.spans if span.kind not in ("filler", "prep")]
    counts = any(a.kind == "count" and b.kind == "grain" for a, b in pairwise(said))
    return counts and reading.threshold is None


def _single_request(reading: Reading) -> bool:
    """the biggest request · tokens in one request"""
    lows = [token.low for token in reading.tokens]
    for span in reading.spans:
        word = reading.tokens[span.end - 1].low
        if span.kind != "metric" or span.value != "Requests" or word not in ("request", "call", "invocation"):
            continue
        before = [s for s in reading.spans if s.end == span.start]
        if lows[span.start - 1 : span.start] in (["one"], ["single"]) and reading.has("rank", "most"):
            return True
        if before and before[0].kind in ("rank", "most"):
            return True
    return any(
        a.kind in ("rank", "most") and b.kind == "fixed" and reading.text(b).lower() in ("prompt", "completion")
        for a, b in pairwise(reading.spans)
    )


def _top_within(reading: Reading, lexicon: Lexicon, ideas: Sequence[str]) -> PlannedCall | None:
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


def _most_used(reading: Reading, lexicon: Lexicon) -> PlannedCall | None:
    """The most used model: by tokens, or by requests?"""
    value = reading.value_of("used")
    if value is None or not reading.groups or reading.metrics:
        return None
    which = "most" if value == "descending" else "least"
    names = lexicon.plural(reading.groups[0])
    when = next((" " + reading.text(time) for time in reading.times), "")
    number = f"{reading.limit} " if reading.limit else ""
    options = [f"Top {number}{names} by {metric}{when}" for metric in ("tokens", "requests", "cost")]
    if which == "least":
        options = [option.replace("Top", "Bottom", 1) for option in options]
    return ask_back("Used by what: tokens, requests or cost?", options)


def _cheapest(question: str, reading: Reading) -> PlannedCall | None:
    """The cheapest model: of the lowest price per token, or of the lowest bill?"""
    if (
        reading.times
        or reading.limit
        or reading.groups != ["x_Model"]
        or set(reading.metrics) - {"EffectiveCost"}
        or reading.has("per_tokens")
    ):
        return None
    span = next((s for s in reading.spans if s.kind == "rank" and reading.text(s).lower().startswith("cheap")), None)
    if span is None:
        return None
    options = ("Which model has the lowest cost per million tokens?", "Which model has the lowest spend?")
    return ask_back("Cheapest by what a million tokens cost, or by what was spent?", options)


def _empty(reading: Reading, ideas: Sequence[str]) -> PlannedCall | None:
    saying: tuple[Kind, ...] = (
        "metric", "dimension", "names", "fixed", "time", "how_much", "rank", "most", "share", "change", "compare",
        "grain", "drivers", "data", "help", "exist", "why", "trend", "count", "breakdown", "total", "only", "again",
        "also", "exclude", "number", "it", "everyone", "missing", "price", "currency",
    )  # fmt: skip
    if reading.has(*saying):
        return None
    return decline("not_understood", "There is no question about cost or usage in this.", ideas)
