"""Everyday words of a question, told in the playbooks' words too; the one loader of knowledge/everyday_words.yaml."""

import re
from functools import cache

import yaml

import knowledge


def with_field_words(query: str) -> str:
    """The question, and after it the field's words for what it says in others: `accelerators` adds `GPU`."""
    added = [term for term, said in _table() if said.search(query)]
    return f"{query} ({', '.join(added)})" if added else query


@cache
def _table() -> tuple[tuple[str, re.Pattern[str]], ...]:
    entries: dict[str, str] = yaml.safe_load(knowledge.read("everyday_words.yaml"))
    return tuple((term, _pattern(said)) for term, said in entries.items())


def _pattern(said: str) -> re.Pattern[str]:
    phrases = "|".join(re.escape(phrase.strip()) for phrase in said.split("|") if phrase.strip())
    return re.compile(rf"\b(?:{phrases})s?\b", re.IGNORECASE)
