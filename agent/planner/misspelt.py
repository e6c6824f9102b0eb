"""Typing errors in the words that give a question its shape: months, units, "last", "which"."""

from dataclasses import replace

from rapidfuzz import process
from rapidfuzz.distance import OSA

from agent.planner.senses import Span
from agent.planner.text import Token, lemma, words
from agent.planner.time_words import MONTHS, UNIT_WORDS, WEEKDAYS

_SHAPING = sorted(
    {name for name in (*MONTHS, *WEEKDAYS, *UNIT_WORDS) if len(name) > 4 or name in ("week", "year")}
    | words("last this previous past since between until yesterday today trailing quarter months weeks days years")
    | words("what which where when much many does compare versus without except excluding only every each across")
    | words("most least highest lowest expensive cheapest costly biggest largest smallest average total monthly daily")
)


def mend_words(tokens: tuple[Token, ...], unknown: list[Span]) -> tuple[Token, ...]:
    """The tokens, with unknown words replaced that are one typing error away from a shaping word."""
    mended = list(tokens)
    for span in unknown:
        token = tokens[span.start]
        if span.length == 1 and token.low.isalpha() and not token.quoted and (word := _nearest(token.low)):
            mended[span.start] = replace(token, low=word, lemma=lemma(word))
    return tuple(mended)


def _nearest(typed: str) -> str | None:
    if len(typed) < 3:
        return None
    match = process.extractOne(typed, _SHAPING, scorer=OSA.distance, score_cutoff=1 if len(typed) < 8 else 2)
    return match[0] if match is not None and match[0][0] == typed[0] else None
