"""Ordinary English, which says nothing for the query: the words of knowledge/ordinary_words.yaml."""

from collections.abc import Iterator
from functools import cache

import yaml

import knowledge
from agent.planner.phrases import PhraseTable, phrase_table
from agent.planner.senses import Kind

_VOWELS = "aeiou"


@cache
def ordinary() -> PhraseTable:
    """Each word as a filler. Verbs carry the value `verb`, for they may be objects; what can only be verbs, `past`."""
    content = yaml.load(knowledge.read("ordinary_words.yaml"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    rows: list[tuple[str, Kind, str]] = [(form, "filler", "verb") for form in _verbs(content)]
    rows += [(word, "filler", "past") for word in content["irregular"].split()]
    rows += [(word, "filler", "") for word in content["others"].split()]
    return phrase_table(rows)


def _verbs(content: dict[str, str]) -> set[str]:
    forms: set[str] = set()
    for verb in content["verbs"].split():
        forms.update(_inflected(verb))
    return forms


def _inflected(verb: str) -> Iterator[str]:
    """The regular forms of a verb; a short one also with its last consonant doubled."""
    yield verb
    if verb.endswith("y") and verb[-2] not in _VOWELS:
        yield from (f"{verb[:-1]}ies", f"{verb[:-1]}ied", f"{verb}ing")
        return
    if verb.endswith("e"):
        yield from (f"{verb}s", f"{verb}d", f"{verb[:-1]}ing")
        return
    yield from (f"{verb}s", f"{verb}es", f"{verb}ed", f"{verb}ing")
    if verb[-1] not in "aeiouwxy" and verb[-2] in _VOWELS and verb[-3:-2] not in tuple(_VOWELS):
        yield from (f"{verb}{verb[-1]}ed", f"{verb}{verb[-1]}ing")
