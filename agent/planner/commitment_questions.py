"""Questions on commitments: when they end, how much to commit, what is left of agreements, whether they pay.

Coverage, utilisation and waste as figures are costs' metrics, which any dimension and month can be asked of.
"""

import re
from typing import Any

from agent.planner.asked import Asked
from agent.planner.calls import PlannedCall
from agent.planner.periods import periods, refused_time
from agent.planner.reading import Reading

TOOL = "commitments"
SOON_DAYS = 90
_PROMISE = (
    r"(?:commitments?|commitment discounts?|reservations?|reserved (?:instances?|nodes?|capacity|gpus?|machines)|"
    r"savings plans?|committed use(?: discounts?)?|cuds?|ris)"
)
_ENDS = (
    r"(?:expir(?:e|es|ing|y|ation)|run(?:s|ning)? out|end(?:s|ing)?|laps(?:e|es|ing)|up for renewal|due for renewal)"
)
_EXPIRING = re.compile(
    r"^(?:(?:and|so|please|tell me|show me|show|list)\s+)*"
    r"(?:which|when|what|do|does|are|is|any|all|the|our|list|how)\b"
    rf".*?\b{_PROMISE}\b.*?\b{_ENDS}\b|\b{_ENDS} {_PROMISE}\b"
)
_AGREEMENT = (
    r"(?:spend(?:ing)? agreements?|spend commitments?|edp|macc|enterprise (?:discount|agreement)(?: program)?|"
    r"private pricing agreement|ppa|prepaid credits?|prepayments?|credit balance|(?:our|the) credits)"
)
_STANDS = (
    r"(?:left|remain(?:s|ing)?|balance|burn(?:ed|t|ing)?(?:[- ]?down)?|run(?:s|ning)? out|expir(?:e|es|ing|y)|"
    r"shortfall|fall(?:ing)? short|used up|use up|meet|met|on track|status|how (?:do|does|are|is)|stands?|reach)"
)
_AGREEMENTS = re.compile(rf"\b{_STANDS}\b.*\b{_AGREEMENT}\b|\b{_AGREEMENT}\b.*\b{_STANDS}\b")
_WE = r"(?:we|i|you recommend we)"
_PLAN = re.compile(
    rf"\bhow (?:much|many [\w\s-]+?)\s*(?:should|could|can) {_WE} (?:commit|reserve|buy (?:\w+ )?{_PROMISE})\b|"
    rf"\bhow many {_PROMISE} (?:should|could|can) {_WE} (?:buy|take|get|purchase)\b|"
    rf"\bwhat (?:should|could) {_WE} (?:commit to|reserve)\b|"
    rf"\b(?:best|optimal|right|ideal|cheapest) (?:mix of )?{_PROMISE}(?: (?:mix|plan|level))?\b(?! (?:rate|price)s?)|"
    rf"\bcommitment plan\b|\bplan (?:our|the) {_PROMISE}\b|\brecommend(?:ed)? {_PROMISE}\b|"
    rf"\bwhich {_PROMISE} (?:should|could) {_WE} (?:buy|make|take)\b"
)
_PAYS = re.compile(
    rf"\bbreak[- ]?even\b.*\b(?:our|each|every|all|by) (?:\w+ )?{_PROMISE}\b|"
    rf"\b(?:our|each|every) {_PROMISE}\b.*\bbreak[- ]?even\b|"
    rf"\b(?:are|do|is|did) (?:our|the) {_PROMISE} (?:worth|pay(?:ing)? off|paying for)\b|"
    rf"\bhow (?:are|is|do|does) (?:our|the) {_PROMISE} (?:doing|perform(?:ing)?|do)\b|"
    rf"\b{_PROMISE} (?:overview|summary|kpis|performance|health)\b"
)
_YEARS = re.compile(r"\b(1|one|2|two|3|three|5|five)[- ]years?\b")
_COUNTS = {"one": 1, "two": 2, "three": 3, "five": 5}
_WITHIN = re.compile(r"\b(?:next|within|coming) (?:(\d+|two|three|six|twelve) )?(day|week|month|quarter|year)s?\b")
_UNIT_DAYS = {"day": 1, "week": 7, "month": 30, "quarter": 91, "year": 365}
_NUMBERS = {"two": 2, "three": 3, "six": 6, "twelve": 12}
_MORE = re.compile(r"^\s*(?:and|what about|how about|only|just|for)\b")
_ADVICE = re.compile(
    r"^\s*(?:how do (?:i|we|you)|how (?:can|to)|should|why|what happens|what (?:is|are) an?\b|explain)\b"
)


def about_commitments(asked: Asked) -> tuple[PlannedCall, ...] | None:
    """The call that tells of commitments; None for other questions, and for those that ask advice."""
    reading, text = asked.reading, asked.question.lower()
    if reading.has("override", "act") and not _PLAN.search(text):
        return None
    about = _about(text)
    if about is None:
        return _continued(asked)
    if _ADVICE.match(text):
        return None
    arguments: dict[str, Any] = {"about": about}
    if about == "coverage":
        if refused_time(reading) is not None:
            return None
        period = periods(reading, asked.as_of).period
        if period is not None:
            arguments["period"] = period.model_dump(mode="json")
    if about == "expiring" and (days := _within(text)) is not None:
        arguments["within_days"] = days
    if about == "plan" and (years := _years(text)) is not None:
        arguments["years"] = years
    if (provider := _provider(reading)) is not None:
        arguments["provider"] = provider
    return (PlannedCall(TOOL, arguments),)


def _continued(asked: Asked) -> tuple[PlannedCall, ...] | None:
    """And for three years? And for AWS?"""
    previous, text = asked.previous, asked.question.lower()
    if previous is None or previous.name != TOOL or not _MORE.match(text) or asked.reading.metrics:
        return None
    more: dict[str, Any] = {}
    if previous.arguments.get("about") == "plan" and (years := _years(text)) is not None:
        more["years"] = years
    if previous.arguments.get("about") == "expiring" and (days := _within(text)) is not None:
        more["within_days"] = days
    if (provider := _provider(asked.reading)) is not None:
        more["provider"] = provider
    return (PlannedCall(TOOL, {**previous.arguments, **more}),) if more else None


def _years(text: str) -> int | None:
    match = _YEARS.search(text)
    return (_COUNTS.get(match.group(1)) or int(match.group(1))) if match else None


def _about(text: str) -> str | None:
    if _AGREEMENTS.search(text):
        return "agreements"
    if _PLAN.search(text):
        return "plan"
    if _EXPIRING.search(text):
        return "expiring"
    return "coverage" if _PAYS.search(text) else None


def _within(text: str) -> int | None:
    """The days that are asked about; soon is SOON_DAYS."""
    match = _WITHIN.search(text)
    if match is None:
        return SOON_DAYS if re.search(r"\bsoon\b", text) else None
    count = match.group(1)
    return (_NUMBERS.get(count) or int(count) if count else 1) * _UNIT_DAYS[match.group(2)]


def _provider(reading: Reading) -> str | None:
    named = [one for one in reading.filters if one.dimension == "HostProviderName" and one.operator == "in"]
    return named[0].values[0] if len(named) == 1 and len(named[0].values) == 1 else None
