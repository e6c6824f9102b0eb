"""What a statement tells before the question: "We ran it from 12 to 16 October. What did AWS cost over those days?"."""

import re

from agent.planner.reading import Reading
from agent.planner.text import words

_WE = words("we i they")
_ASKS = frozenset(["metric", "how_much", "which", "price", "share", "count", "drivers", "by", "exclude", "only"])
_END = re.compile(r"[.!]\s")
_POINTING = re.compile(
    r"\b(?:over|in|during|on|for|within)\s+(?:those|these|that|this|the same)\s+(?:\w+\s+)?"
    r"(?:days?|weeks?|months?|quarters?|period|window|stretch)\b",
    re.IGNORECASE,
)


def told_before(question: str, reading: Reading) -> str | None:
    """The question with the statement's period in place of "those five days"; None where nothing points at one.

    The statement itself says what happened, not what the cost is of.
    """
    if (asked := _after_colon(question, reading)) is not None:
        return asked
    tokens = reading.tokens
    start = next((i for i in range(1, len(tokens)) if _END.search(tokens[i].glue)), None)
    if start is None or tokens[0].low not in _WE:
        return None
    told = [span for span in reading.spans if span.start < start]
    times = [span for span in told if span.kind == "time"]
    asked = question[tokens[start].start :]
    later = [span for span in reading.spans if span.start >= start and span.kind == "time"]
    if len(times) != 1 or later or any(span.kind in _ASKS for span in told) or len(_POINTING.findall(asked)) != 1:
        return None
    period = question[tokens[times[0].start].start : tokens[times[0].end - 1].end]
    lead = "" if tokens[times[0].start].low in ("from", "since", "between", "last", "yesterday") else "in "
    return _POINTING.sub(lambda _: lead + period, asked)


def _after_colon(question: str, reading: Reading) -> str | None:
    """I'm reconciling the vendor accounts and one number is missing: the sum of all credits"""
    tokens = reading.tokens
    start = next((i for i in range(1, len(tokens)) if tokens[i].glue.startswith(":")), None)
    if start is None or tokens[0].low not in _WE:
        return None
    told = {span.kind for span in reading.spans if span.start < start}
    asked = {span.kind for span in reading.spans if span.start >= start}
    return None if told & _NAMES_SOMETHING or "metric" not in asked else question[tokens[start].start :]


_NAMES_SOMETHING = _ASKS - {"exclude", "which"} | {"names", "fixed", "time", "rank", "most", "change"}
