"""Asides: who a question is asked for, and verbs that say nothing; where they could be its object, they are not."""

from agent.planner.reading import Reading
from agent.planner.senses import Span
from agent.planner.text import words

ASIDES = frozenset(["audience", "verb"])
"""Values of fillers that a thing in the data may be called as well."""
_DETERMINERS = words("the a an my our this that these those next")
_ASKS = words("ask asks asked asking want wants wanted need needs needed would will is keeps wonders")
_TELLS = words("preparing prepare prepared tell tells show shows give gives brief help remind")
_FOR = words("for to with in at")
_OBJECT = words("on of for")
_COSTED = frozenset(["metric", "how_much", "price", "drivers", "rank", "most", "share"])


def stray_asides(reading: Reading) -> list[Span]:
    """The asides that a query would have to be about: "spend on slides", "what did the CFO spend"."""
    return [
        span
        for index, span in enumerate(reading.spans)
        if span.kind == "filler"
        and (
            (span.value == "audience" and not _is_audience(reading, index))
            or (span.value == "verb" and _before(reading, index) in _OBJECT)
        )
    ]


def _is_audience(reading: Reading, index: int) -> bool:
    """for the board deck · my boss wants to know · tell the CFO · I have a meeting, …"""
    after = index + 1
    while after < len(reading.spans) and reading.spans[after].value == "audience":
        after += 1
    following = reading.tokens[reading.spans[after].start] if after < len(reading.spans) else None
    if following is not None and following.low in _ASKS:
        return True
    at = _preceding(reading, index)
    if at is not None and reading.tokens[reading.spans[at].start].low in _TELLS:
        return True
    if at is not None and reading.text(reading.spans[at]).lower() in _FOR:
        return at == 0 or not _is_costed(reading, at)
    opens = all(span.kind in ("filler", "prep", "again") for span in reading.spans[:index])
    return opens and following is not None and any(mark in following.glue for mark in ",:;-")


def _is_costed(reading: Reading, at: int) -> bool:
    """Whether what stands before the preposition is a cost, which then is of what follows: "spend for the board"."""
    before = next((span for span in reversed(reading.spans[:at]) if span.kind not in ("filler", "prep")), None)
    return before is not None and before.kind in _COSTED


def _preceding(reading: Reading, index: int) -> int | None:
    """The position of the span before it, past articles and the rest of what it is called."""
    for at in range(index - 1, -1, -1):
        span = reading.spans[at]
        if reading.tokens[span.start].low not in _DETERMINERS and span.value != "audience":
            return at
    return None


def _before(reading: Reading, index: int) -> str:
    at = _preceding(reading, index)
    return reading.text(reading.spans[at]).lower() if at is not None else ""
