"""Asides: who a question is asked for, and verbs that say nothing; where they could be its object, they are not."""

from agent.planner.reading import Reading
from agent.planner.senses import Span
from agent.planner.text import Token, words

ASIDES = frozenset(["audience", "verb", "past"])
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
        if (
            span.kind == "filler"
            and (
                (span.value == "audience" and not _is_audience(reading, index))
                or (span.value in ("verb", "past") and _is_object(reading, index))
                or (span.value == "verb" and _is_called_so(reading, index))
            )
        )
        or (span.kind == "change" and _is_a_noun_before(reading, index))
    ]


def events(reading: Reading) -> list[Span]:
    """Where a period begins or ends with something that happened: "since we shipped it", "before the launch"."""
    found = [
        span
        for index, span in enumerate(reading.spans[:-1])
        if span.kind in ("filler", "exclude")
        and reading.tokens[span.end - 1].low in _FROM
        and _is_clause(reading, index + 1)
    ]
    last = reading.spans[-1] if reading.spans else None
    if last is not None and last.kind == "filler" and reading.tokens[last.end - 1].low in _LAST:
        found.append(last)
    return found


def _is_clause(reading: Reading, at: int) -> bool:
    """Whether what follows is a clause or a thing with an article, rather than a list of names."""
    following = reading.spans[at]
    if following.kind != "filler":
        return False
    if following.value == "verb":
        return True
    return reading.tokens[following.start].low in _OPENERS and not any(
        span.kind in ("names", "fixed", "metric") for span in reading.spans[at + 1 : at + 2]
    )


_FROM = words("since after before until till")
_LAST = words("since until")
_OPENERS = words("we i it they the our your he she that this")


def without_relatives(tokens: tuple[Token, ...], spans: list[Span]) -> tuple[tuple[Token, ...], list[Span]]:
    """The question up to what only tells who somebody is: "for the auditor who is sitting next to me"."""
    for index, span in enumerate(spans[:-1]):
        following = tokens[spans[index + 1].start]
        if span.value == "audience" and following.low == "who" and not following.glue.strip():
            return tokens[: span.end], spans[: index + 1]
    return tokens, spans


def _is_object(reading: Reading, index: int) -> bool:
    """spend on hammering · cost by handling · everything except serving"""
    at = _preceding(reading, index)
    if at is None or (reading.tokens[reading.spans[index].start].low.endswith("ing") and _has_object(reading, index)):
        return False
    return reading.text(reading.spans[at]).lower() in _OBJECT or reading.spans[at].kind in ("by", "exclude", "only")


def _has_object(reading: Reading, index: int) -> bool:
    """the cost of handling Aldgate Bank"""
    after = reading.next_said(index)
    return after is not None and reading.spans[after].kind in ("names", "fixed", "dimension", "metric")


def _is_called_so(reading: Reading, index: int) -> bool:
    """Whether it stands where the name of a thing would: "team fetch", "the fetch team", but "which team fetches"."""
    span, low = reading.spans[index], reading.tokens[reading.spans[index].start].low
    before = reading.spans[index - 1] if index else None
    after = reading.spans[index + 1] if index + 1 < len(reading.spans) else None
    if low.endswith(("ed", "ing")) and low not in ("feed", "ping", "ring"):
        return False
    if before is not None and before.kind == "dimension" and _is_one(reading, before):
        opens = next(
            (s for s in reversed(reading.spans[: index - 1]) if s.kind not in ("filler", "names", "fixed")), None
        )
        return opens is None or opens.kind not in ("which", "by", "rank", "most", "number", "link")
    named = after is not None and after.kind == "dimension" and _is_one(reading, after)
    return named and span.start > 0 and reading.tokens[span.start - 1].low in _DETERMINERS


def _is_a_noun_before(reading: Reading, index: int) -> bool:
    """the growth team: a name, not a change"""
    span = reading.spans[index]
    after = reading.spans[index + 1] if index + 1 < len(reading.spans) else None
    named = after is not None and after.kind == "dimension" and _is_one(reading, after) and span.length == 1
    return (
        named
        and span.start > 0
        and reading.tokens[span.start - 1].low == "the"
        and "growth" in reading.text(span).lower()
    )


def _is_one(reading: Reading, dimension: Span) -> bool:
    token = reading.tokens[dimension.end - 1]
    return token.low == token.lemma


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
    """The position of the span before it, past articles, a period ("the October close") and the rest of its name."""
    for at in range(index - 1, -1, -1):
        span = reading.spans[at]
        if span.kind != "time" and reading.tokens[span.start].low not in _DETERMINERS and span.value != "audience":
            return at
    return None


def times_asked(reading: Reading) -> list[Span]:
    """The times that the question is about: not Thursday in "for Thursday's board deck", where another is said."""
    times = [span for span in reading.spans if span.kind == "time"]
    asked = [span for span in times if not _is_of_audience(reading, span)]
    return asked if asked else times


def _is_of_audience(reading: Reading, time: Span) -> bool:
    index = reading.spans.index(time)
    after = reading.spans[index + 1] if index + 1 < len(reading.spans) else None
    return after is not None and after.value == "audience" and _is_audience(reading, index + 1)
