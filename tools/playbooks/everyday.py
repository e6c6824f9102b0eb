"""Words of a question told in the playbooks' words too: everyday words by adding, names of products by replacing.

The one loader of knowledge/everyday_words.yaml and knowledge/product_names.yaml.
"""

import re
from functools import cache

import yaml

import knowledge


def with_field_words(query: str) -> str:
    """The question, and after it the field's words for what it says in others: `accelerators` adds `GPU`."""
    added = [term for term, said in _table("everyday_words.yaml") if said.search(query)]
    return f"{query} ({', '.join(added)})" if added else query


def without_product_names(query: str) -> str:
    """The question with what a product is in place of its name: `try Haiku first` becomes `try small model first`."""
    for term, said in _table("product_names.yaml", after=r"(?:\s+models?)?"):
        query = said.sub(term, query)
    return query


@cache
def said_phrases() -> tuple[str, ...]:
    """What people say in place of the field's words, names of products included."""
    return (*_phrases("everyday_words.yaml"), *product_phrases())


@cache
def product_phrases() -> tuple[str, ...]:
    """Names of products that stand for a kind of thing: `haiku`, `h100`."""
    return _phrases("product_names.yaml")


def _phrases(file: str) -> tuple[str, ...]:
    entries: dict[str, str] = yaml.safe_load(knowledge.read(file))
    return tuple(phrase.strip() for said in entries.values() for phrase in said.split("|") if phrase.strip())


@cache
def _table(file: str, after: str = "") -> tuple[tuple[str, re.Pattern[str]], ...]:
    entries: dict[str, str] = yaml.safe_load(knowledge.read(file))
    return tuple((term, _pattern(said, after)) for term, said in entries.items())


def _pattern(said: str, after: str) -> re.Pattern[str]:
    phrases = sorted((phrase.strip() for phrase in said.split("|") if phrase.strip()), key=len, reverse=True)
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, phrases))})s?\b{after}", re.IGNORECASE)
