"""Typing errors in the words that give a question its shape: months, units, "last", "which"."""

from dataclasses import replace
from functools import cache

import yaml
from rapidfuzz import process
from rapidfuzz.distance import OSA

import knowledge
from agent.planner.senses import Span
from agent.planner.text import Token, lemma, words
from agent.planner.time_words import MONTHS, UNIT_WORDS, WEEKDAYS

_SHAPING = sorted(
    {name for name in (*MONTHS, *WEEKDAYS, *UNIT_WORDS) if len(name) > 4 or name in ("week", "year")}
    | words("last this previous past since between until yesterday today trailing quarter months weeks days years")
    | words("what which where when much many does compare versus without except excluding only every each across")
    | words("most least highest lowest expensive cheapest costly biggest largest smallest average total monthly daily")
)


@cache
def real_words() -> frozenset[str]:
    """Words that are no typing errors, however near they are to others (knowledge/real_words.yaml)."""
    content = yaml.load(knowledge.read("real_words.yaml"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    if not isinstance(content, dict) or not isinstance(content.get("words"), str):
        raise ValueError("knowledge/real_words.yaml is a mapping of “words” to a text of words")
    return words(content["words"])


def is_real(token: Token) -> bool:
    """Whether the word is spelled as it is meant."""
    return token.low in real_words() or token.lemma in real_words()


def mend_words(tokens: tuple[Token, ...], unknown: list[Span]) -> tuple[Token, ...]:
    """The tokens, with unknown words replaced that are one typing error away from a shaping word."""
    mended = list(tokens)
    for span in unknown:
        token = tokens[span.start]
        if (
            span.length == 1
            and token.low.isalpha()
            and not token.quoted
            and not is_real(token)
            and (word := _nearest(token.low))
        ):
            mended[span.start] = replace(token, low=word, lemma=lemma(word))
    return tuple(mended)


def _nearest(typed: str) -> str | None:
    if len(typed) < 3:
        return None
    match = process.extractOne(typed, _SHAPING, scorer=OSA.distance, score_cutoff=1 if len(typed) < 8 else 2)
    return match[0] if match is not None and match[0][0] == typed[0] else None
