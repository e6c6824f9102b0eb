"""The planner's grammar words; the one loader of knowledge/grammar.yaml."""

from collections import defaultdict
from collections.abc import Iterable
from functools import cache
from typing import get_args

import yaml

import knowledge
from agent.planner.senses import Kind
from agent.planner.text import tokenise

PhraseTable = dict[str, list[tuple[tuple[str, ...], Kind, str]]]
"""Phrases by their first lemma, longest first."""


@cache
def grammar() -> PhraseTable:
    """Every grammar phrase. Raises ValueError when the file names a kind that there is not."""
    entries: list[dict[str, str]] = yaml.load(
        knowledge.read("grammar.yaml"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    )
    rows: list[tuple[str, Kind, str]] = []
    for entry in entries:
        kind = _kind(entry["kind"])
        rows += [(phrase, kind, entry.get("value", "")) for phrase in _phrases(entry["words"])]
    return phrase_table(rows)


def phrase_table(rows: Iterable[tuple[str, Kind, str]]) -> PhraseTable:
    """Rows of phrase, kind and value as a table; a phrase may have several kinds."""
    table: PhraseTable = defaultdict(list)
    for phrase, kind, value in rows:
        lemmas = tuple(token.lemma for token in tokenise(phrase))
        if lemmas:
            table[lemmas[0]].append((lemmas, kind, value))
    for entries in table.values():
        entries.sort(key=lambda entry: -len(entry[0]))
    return dict(table)


def _kind(name: str) -> Kind:
    kinds: dict[str, Kind] = {kind: kind for kind in get_args(Kind)}
    if name not in kinds:
        raise ValueError(f"grammar.yaml: kind={name!r} is not known; use one of {', '.join(kinds)}")
    return kinds[name]


def _phrases(text: str) -> list[str]:
    return [phrase for part in text.split("|") if (phrase := part.strip())]
