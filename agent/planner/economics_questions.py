"""Questions that set cost against the business: cost per document, ROI, unprofitable customers, training runs, KPIs."""

import re
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from agent.planner.asked import Asked
from agent.planner.calls import PlannedCall, decline
from agent.planner.lexicon import Lexicon
from agent.planner.periods import periods, refused_time
from agent.planner.reading import Reading
from agent.planner.suggestions import suggestions
from agent.planner.text import words
from tools.inform.economics.business import load_metric_rules, matching, singular
from tools.inform.economics.kpis import Kpi, load_kpis

TOOL = "unit_economics"
_COST = words("cost costs spend economics price pay expense")
_REQUESTS = words("request call query")
_STOPS = words(
    "cost costs in on for during last this by of from since over with and or vs versus than to the we our "
    "month quarter year"
)
_PHRASE_ENDS = ("time", "prep", "by", "link", "names", "baseline", "compare", "change", "grain", "again", "trend")
_SHORT = ("filler", "prep", "link", "again", "also", "by", "names", "fixed", "time", "grain", "it")
_RETURN = re.compile(
    r"\broi\b|return on (?:investment|ai|our)|\bpay ?back\b|pays? for itself|worth (?:the|its|our) (?:cost|spend)"
)
_LOSS = re.compile(
    r"(?:unprofitable|loss.making|losing money|lose (?:us )?money|cost(?:s|ing)? (?:us )?more than (?:they|it|we)|"
    r"negative margin)"
)
_MARGIN = re.compile(r"\b(?:profitable|profitability|margins?|profits?)\b")
_RUNS = re.compile(r"\btraining (?:runs?|jobs?)\b|\b(?:per|each|every) (?:run|epoch)\b|diminishing returns")
_RUN_COST = re.compile(r"\bper (?:training )?(?:run|job|epoch|gpu.hour|point)\b|\baverage\b|\bper (?:metric )?point\b")
_QUALITY = re.compile(
    r"\b(?:cost|price|spend|money) (?:per|of (?:an?|each|one)|for (?:an?|each|one)) (?:successful|good|correct|right|"
    r"accepted) \w+|\bquality (?:for|per|to|against|versus|vs) (?:the |its |their |our )?"
    r"(?:costs?|money|price|dollar|spend)\b|\b(?:performance|quality)[- ]to[- ](?:cost|price)\b|\bquality scores?\b"
)
_RETURNS = r"(?:returns?|roi|payback|pay back|return on investment)"
_INITIATIVE = r"(?:initiatives?|projects?|use cases?|bets)"
_INITIATIVES = re.compile(
    rf"\b(?:rank\w*|order|sort|compare|which|what|top|best|worst|list)\b.*\b{_INITIATIVE}\b.*\b{_RETURNS}\b|"
    rf"\b{_RETURNS}\b.*\b(?:by|per|of each|for each|of every) (?:ai )?{_INITIATIVE}\b|"
    rf"\b(?:highest|best|lowest|worst) {_RETURNS}\b.*\b{_INITIATIVE}\b"
)
_MFU = re.compile(r"\bmfu\b(?: of)?|\bmodel flops utili[sz]ation\b")
_ONE_RUN = re.compile(r"\brun (?!\w*(?:by|per|in|of|last|this)\b)([\w.:/-]*\d[\w.:/-]*)")
_KPIS = re.compile(r"\bkpis?\b")


def about_economics(asked: Asked) -> tuple[PlannedCall, ...] | None:
    """The call that sets cost against what the business counts; None for other questions."""
    question, reading, lexicon, as_of, previous = (
        asked.question,
        asked.reading,
        asked.lexicon,
        asked.as_of,
        asked.previous,
    )
    if reading.has("act", "override", "forecast") or refused_time(reading) is not None:
        return None
    text = " ".join(question.lower().split())
    if previous is not None and previous.name == TOOL and _is_short(reading):
        return (_continued(previous, reading, as_of),)
    arguments = _asked(text, reading, lexicon)
    if arguments is None or reading.unclear:
        return None
    if isinstance(arguments, str):
        return (decline("not_understood", arguments, suggestions(lexicon)),)
    return (PlannedCall(TOOL, arguments | _where_and_when(reading, as_of, arguments)),)


def _asked(text: str, reading: Reading, lexicon: Lexicon) -> dict[str, Any] | str | None:
    """The arguments but for slice and period; a string says why it can't be asked so."""
    if _QUALITY.search(text):
        return _if_known(reading, {"about": "quality"} | _by(reading, text, _SCORED), text)
    if _INITIATIVES.search(text):
        by = {} if re.search(r"\binitiatives?\b", text) else _by(reading, text, _RANKED)
        if re.search(rf"\bai {_INITIATIVE}\b", text):  # all that it costs, GPUs too: no category of services
            reading.filters = [one for one in reading.filters if one.dimension != "ServiceCategory"]
        return _if_known(reading, {"about": "initiatives"} | by, text)
    if _RETURN.search(text) and not _KPIS.search(text):
        return _if_known(reading, {"about": "return"}, text)
    if not reading.groups and (kpi := _kpi(text)) is not None:
        return _if_known(reading, kpi, text)
    customers = "x_Customer" in reading.groups or "customer" in text
    if customers and (_LOSS.search(text) or _MARGIN.search(text)):
        return _if_known(reading, {"about": "customers", "loss_only": bool(_LOSS.search(text))}, text)
    if _MFU.search(text):
        named = _ONE_RUN.search(text)
        return _if_known(reading, {"about": "mfu"} | ({"run": named[1]} if named else {}), text)
    if _RUNS.search(text) and not _breaks_down_spend(reading):
        return _if_known(reading, {"about": "run_cost" if _RUN_COST.search(text) else "runs"}, text)
    if _breaks_down_spend(reading) and reading.has("rank", "most"):
        return None
    return _unit_cost(text, reading, lexicon)


def _breaks_down_spend(reading: Reading) -> bool:
    """What training runs cost with each provider, the costliest customers: spend by what no run and no unit is."""
    return any(group in _OF_SPEND for group in reading.groups)


_OF_SPEND = words("HostProviderName ServiceProviderName ServiceName RegionName x_Customer x_Environment")


def _by(reading: Reading, text: str, known: dict[str, str]) -> dict[str, Any]:
    """The one of some dimensions that the answer has a row for each of, as {by: …}; {} where none is named, or both."""
    named = [one for one in reading.groups if one in known]
    named = named or [dimension for dimension, word in known.items() if re.search(rf"\b{word}s?\b", text)]
    return {"by": named[0]} if len(named) == 1 else {}


_SCORED = {"x_Model": "model", "x_UseCase": "use case"}
_RANKED = {"x_Project": "project", "x_UseCase": "use case"}


def _kpi(text: str) -> dict[str, Any] | None:
    """KPIs by that word, or one that no metric is, by its name."""
    if _KPIS.search(text):
        listed = _named(text, load_kpis())
        return {"about": "kpis"} | ({"kpi": listed} if listed else {})
    named = _named(text, [one for one in load_kpis() if not (one.metric or one.ask or one.own == "burn_rate")])
    return {"about": "kpis", "kpi": named} if named else None


def _named(text: str, among: Iterable[Kpi]) -> str | None:
    """The KPI whose name, or a word for it of more than three letters, stands in the text."""
    for one in among:
        if any(len(name) > 3 and re.search(rf"\b{re.escape(name)}\b", text) for name in one.names):
            return one.name
    return None


def _if_known(reading: Reading, arguments: dict[str, Any], text: str) -> dict[str, Any] | None:
    """The arguments, unless a word is left that nothing explains."""
    matched = " ".join(match.group() for pattern in _PATTERNS if (match := pattern.search(text)))
    explained = set(re.findall(r"[a-z0-9]+", matched)) | set(matched.split())
    explained |= set(str(arguments.get("kpi", "")).lower().split()) | _BESIDE
    reading.unknown = [one for one in reading.unknown if not set(reading.text(one).lower().split()) <= explained]
    return None if reading.unknown else arguments


_PATTERNS = (_QUALITY, _INITIATIVES, _RETURN, _LOSS, _MARGIN, _RUNS, _RUN_COST, _KPIS, _MFU, _ONE_RUN)
_BESIDE = words(
    "ai are our finops efficiency they bring brings earn pay us that than more list show each failed point epoch gives "
    "give best worst cheapest has have which rank ranked quality score performance return returns roi initiative "
    "initiatives bets"
)


def _unit_cost(text: str, reading: Reading, lexicon: Lexicon) -> dict[str, Any] | str | None:
    if re.search(r"\bunit economics\b", text) and lexicon.business and "per" not in reading.lows():
        return _if_known(reading, {}, text)
    found = _phrase(reading)
    if found is None or not reading.lows() & _COST or reading.lows() & words("token tokens"):
        return None
    start, end = found
    phrase = " ".join(token.low for token in reading.tokens[start:end])
    is_marginal = bool(reading.lows() & words("marginal incremental additional extra"))
    per = _unit(phrase, reading, start, end, lexicon, is_marginal)
    if per is None:
        return None
    outside = [
        span for span in reading.spans if span.kind == "dimension" and not (start <= span.start and span.end <= end)
    ]
    if outside:
        return "Cost per unit of business can't be broken down; name one team, model or project instead."
    beside = words("marginal incremental additional extra unit average mean")
    reading.unknown = [
        one
        for one in reading.unknown
        if not (start <= one.start and one.end <= end) and not set(reading.text(one).lower().split()) <= beside
    ]
    return None if reading.unknown else {"per": per}


def _phrase(reading: Reading) -> tuple[int, int] | None:
    """The tokens that name a unit: after "per" (each, every), or after "one" in "what does one … cost"."""
    lows = [token.low for token in reading.tokens]
    grains = {
        place for span in reading.spans if span.kind in ("grain", "time") for place in range(span.start, span.end)
    }
    ends = {span.start for span in reading.spans if span.kind in _PHRASE_ENDS}
    for start in (place + 1 for place in range(len(lows)) if _begins_a_unit(lows, place)):
        end = start
        while end < len(lows) and lows[end] not in _STOPS and (end == start or end not in ends):
            end += 1
        if end > start and start not in grains:
            return start, end
    return None


def _begins_a_unit(lows: Sequence[str], place: int) -> bool:
    if lows[place] in ("per", "each", "every"):
        return True
    return place > 0 and lows[place] in ("one", "a", "an") and lows[place - 1] in ("does", "of")


def _unit(phrase: str, reading: Reading, start: int, end: int, lexicon: Lexicon, is_marginal: bool) -> str | None:
    """What the tool calls the unit; None when the phrase is a breakdown, a metric of its own, or nothing known."""
    single = " ".join(singular(word) for word in phrase.split())
    if single.split()[-1] in _REQUESTS and not _is_called(phrase, lexicon):
        return "requests" if is_marginal else None
    is_dimension = any(span.kind == "dimension" and span.start <= start and span.end >= end for span in reading.spans)
    if is_dimension and not (is_marginal or "unit" in reading.lows()):
        return None
    if (metric := matching(single, lexicon.business)) is not None:
        return metric
    return single if single in load_metric_rules().units else None


def _is_called(phrase: str, lexicon: Lexicon) -> bool:
    """Whether a metric is called just that, word for word: requests served, but not requests."""
    return any(one.replace("_", " ") == phrase for one in lexicon.business)


def _where_and_when(reading: Reading, as_of: date, arguments: dict[str, Any]) -> dict[str, Any]:
    when = periods(reading, as_of)
    found: dict[str, Any] = {}
    if reading.filters:
        found["filters"] = [one.model_dump(mode="json") for one in reading.filters]
    if when.period is not None:
        found["period"] = when.period.model_dump(mode="json")
    grain = reading.granularity or when.granularity
    if grain in ("day", "week", "month", "quarter", "year") and arguments.get("about", "unit_cost") == "unit_cost":
        found["granularity"] = grain
    return found


def _continued(previous: PlannedCall, reading: Reading, as_of: date) -> PlannedCall:
    arguments = {key: value for key, value in previous.arguments.items() if value is not None}
    return PlannedCall(TOOL, arguments | _where_and_when(reading, as_of, arguments))


def _is_short(reading: Reading) -> bool:
    says = bool(reading.filters or reading.times or reading.granularity)
    return says and not reading.metrics and not reading.unknown and all(span.kind in _SHORT for span in reading.spans)
