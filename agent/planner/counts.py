"""The numbers of a question: limits and thresholds."""

from decimal import Decimal

from agent.planner.reading import Reading
from agent.planner.senses import Span
from agent.planner.time_words import NUMBERS


def read_numbers(reading: Reading) -> None:
    """Set the limit and the threshold; a number that is neither was not understood."""
    for index, span in enumerate(reading.spans):
        if span.kind != "number":
            continue
        before = next((one for one in reversed(reading.spans[:index]) if one.kind != "filler"), None)
        if before is not None and before.kind == "threshold":
            reading.two_limits = reading.threshold is not None
            percent = index + 1 < len(reading.spans) and reading.spans[index + 1].kind == "share"
            reading.threshold = (before.value, Decimal(span.number), percent)
        elif _counts_units(reading, index):
            reading.unknown.append(span)
        elif _is_limit(reading, index, span):
            reading.limit = int(Decimal(span.number))
        elif reading.tokens[span.start].low not in ("one", "two"):
            reading.unknown.append(span)


def _counts_units(reading: Reading, index: int) -> bool:
    """3 months, without a word that says which; top 20 %"""
    after = reading.spans[index + 1] if index + 1 < len(reading.spans) else None
    if after is None or reading.tokens[after.start].start > reading.tokens[after.start - 1].end + 1:
        return False
    percent = (
        reading.tokens[reading.spans[index].start].low != "one"
        and after.kind == "share"
        and reading.text(after).lower() in ("%", "percent", "pct", "% of", "percent of")
    )
    return percent or (after.kind == "grain" and not reading.has("rank", "most"))


def picks_of_nothing(reading: Reading) -> bool:
    """ "which five in October?", with no list before it that names them."""
    of_what = reading.groups or reading.metrics or reading.filters or reading.has("rank", "most")
    return reading.limit is not None and reading.has("which") and not of_what


def _starts_anew(reading: Reading, index: int) -> bool:
    """Whether the number is no name of the kind before it: "insights team: 3 projects", "team three dearest models"."""
    span = reading.spans[index]
    apart = any(mark in reading.tokens[span.start].glue for mark in ":;,-")
    after = reading.next_said(index)
    ranks = after is not None and reading.spans[after].kind in ("rank", "most", "dimension")
    return apart or (ranks and reading.tokens[span.start].low in NUMBERS)


def _is_limit(reading: Reading, index: int, span: Span) -> bool:
    number = Decimal(span.number)
    if number != int(number) or not 1 <= number <= 1000 or reading.tokens[span.start].low in ("$", "€", "£"):
        return False
    before = reading.spans[index - 1] if index else None
    if before is not None and before.kind == "dimension":
        token = reading.tokens[before.end - 1]
        if token.low == token.lemma and not _starts_anew(reading, index):
            return False
    after = reading.next_said(index)
    counts = after is not None and reading.spans[after].kind == "dimension"
    return reading.has("rank", "most") or counts or len(reading.spans) <= 3 or _picks(reading, index)


def _picks(reading: Reading, index: int) -> bool:
    """ "and which five in October?", of what the question before named"""
    return index > 0 and reading.spans[index - 1].kind == "which" and not reading.metrics
