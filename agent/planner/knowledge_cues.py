"""Words by which a question for knowledge is known, and what the playbooks are about; from knowledge/."""

import re
from collections.abc import Iterable
from functools import cache

import yaml

import knowledge

POLITE = re.compile(r"^(?:(?:please|hi|hello|hey|ok|so|and|can you|could you|would you|tell me|i want to know)[, ]+)+")
_SHORT_TERM = 3
"""Letters; a shorter word is no term by itself."""


@cache
def cue(name: str) -> re.Pattern[str]:
    """The phrases of one entry of knowledge_questions.yaml, singular or plural."""
    return _pattern(_cues()[name].split("|"))


@cache
def terms() -> re.Pattern[str]:
    """What the playbooks are about: titles, tags and, where each heading is a term of its own, headings."""
    return _pattern(_terms())


@cache
def topics() -> re.Pattern[str]:
    """Terms, and what people say instead of them."""
    from tools.playbooks.everyday import said_phrases

    return _pattern([*_terms(), *said_phrases()])


@cache
def vendors() -> re.Pattern[str]:
    """Providers and products by name, which alone make no topic: "is claude better than gpt?"."""
    from tools.playbooks.everyday import product_phrases

    return _pattern([*product_phrases(), *_cues()["vendors"].split("|")])


@cache
def field_words() -> re.Pattern[str]:
    """Words of the field, those included that other fields have too."""
    return _pattern([*_cues()["field"].split("|"), *_cues()["shared"].split("|")])


def is_of_the_field(text: str) -> bool:
    """Whether it names a term of the playbooks, a word of the field alone, or two that other fields have too.

    "How do I become an estate agent" and "should I take the overnight bus" name one that others have.
    """
    if terms().search(text) or cue("field").search(text):
        return True
    said = {match.group().rstrip("s") for pattern in (topics(), field_words()) for match in pattern.finditer(text)}
    return len(said) > 1 or any(" " in words for words in said)


@cache
def _terms() -> frozenset[str]:
    from tools.playbooks.shipped import shipped_documents

    found: set[str] = set()
    for document in shipped_documents():
        found |= {document.title, *document.tags}
        if document.kind in ("kpi", "explanation"):
            found |= {section.heading for section in document.sections}
    return frozenset(term.lower() for term in found if len(term) >= _SHORT_TERM)


@cache
def _cues() -> dict[str, str]:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    cues: dict[str, str] = yaml.load(knowledge.read("knowledge_questions.yaml"), Loader=loader)
    return cues


def _pattern(phrases: Iterable[str]) -> re.Pattern[str]:
    """Longest first, whole words, singular or plural."""
    ordered = sorted({phrase.strip().lower() for phrase in phrases} - {""}, key=lambda p: (-len(p), p))
    return re.compile(rf"\b(?:{'|'.join(re.escape(phrase) for phrase in ordered)})(?:s|es)?(?!\w)")
