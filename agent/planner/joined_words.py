"""Words that mean something together: leave … out, the first five, "thinking" in quotes, Monday to Sunday."""

from collections.abc import Container, Sequence
from dataclasses import replace

from agent.planner.senses import Span
from agent.planner.text import Token, words
from agent.planner.time_words import NUMBERS

_LEAVE = words(
    "leave leaving left take taking taken keep keeping kept strip stripping stripped carve carving filter filtering"
)
_BETWEEN = ("names", "fixed", "dimension", "filler", "link", "metric")
_MOST_BETWEEN = 6


def joined_words(spans: Sequence[Span], tokens: Sequence[Token]) -> list[Span]:
    """The spans, with those that belong together read as one thing."""
    return _first_few(_left_out(list(spans), tokens), tokens)


def unquoted(tokens: Sequence[Token], names: Container[str], spoken: Container[str]) -> tuple[Token, ...]:
    """The tokens, where a quoted word of the vocabulary is no name: the most "thinking".

    `names`: keys of the data's names; `spoken`: lemmas that begin a phrase of the vocabulary.
    """
    return tuple(
        replace(token, quoted=False)
        if token.quoted and token.low.isalpha() and token.key not in names and token.lemma in spoken
        else token
        for token in tokens
    )


def _left_out(spans: list[Span], tokens: Sequence[Token]) -> list[Span]:
    """leave AWS out · take credits out of it"""
    for first, span in enumerate(spans):
        if tokens[span.start].low not in _LEAVE or span.kind not in ("filler", "unknown") or span.length > 1:
            continue
        for last in range(first + 2, min(first + _MOST_BETWEEN, len(spans))):
            if tokens[spans[last].start].low in ("out", "aside", "off") and spans[last].kind == "filler":
                spans[first] = replace(span, kind="exclude", value="")
                break
            if spans[last].kind not in _BETWEEN:
                break
    return spans


def _first_few(spans: list[Span], tokens: Sequence[Token]) -> list[Span]:
    """list only the first five: a rank, where it is no time"""
    for index, span in enumerate(spans[:-1]):
        first = tokens[span.start].low == "first" and span.kind == "filler"
        if first and spans[index + 1].kind == "number" and tokens[spans[index + 1].start].low in _COUNTS:
            spans[index] = replace(span, kind="rank", value="descending")
    return spans


_COUNTS = frozenset(NUMBERS) | frozenset(str(number) for number in range(2, 101))
