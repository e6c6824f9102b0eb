"""Chunks: what is embedded of each section: its words, the questions that it answers, and what it is about."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

import yaml

import knowledge
from tools.playbooks.document import Document, Section, pieces

LONGEST_CHUNK = 700
"""Characters that are embedded together: well inside what the model reads, so that nothing is cut."""

Aspect = Literal["words", "topic"]


@dataclass(frozen=True)
class Chunk:
    """A stretch that is embedded. `id` is a digest of text and place: the same text is embedded once."""

    id: str
    text: str
    aspect: Aspect
    position: int
    """Of its section, among all that are searched."""


@dataclass(frozen=True)
class Corpus:
    """The sections that are searched, and their chunks."""

    sections: tuple[Section, ...]
    chunks: tuple[Chunk, ...]


def corpus_of(documents: Sequence[Document]) -> Corpus:
    sections = [(document, section) for document in documents for section in document.sections]
    chunks: dict[str, Chunk] = {}
    for position, (document, section) in enumerate(sections):
        for aspect, text in (*_words(section), *_topics(document, section)):
            key = hashlib.sha256(f"{section.file}\n{section.heading}\n{aspect}\n{text}".encode()).hexdigest()[:32]
            chunks[key] = Chunk(key, text, aspect, position)
    return Corpus(tuple(section for _, section in sections), tuple(chunks.values()))


@cache
def heading_questions() -> dict[str, str]:
    """The headings that every lever has, each with what a section under it is asked for."""
    questions: dict[str, str] = yaml.safe_load(knowledge.read("heading_questions.yaml"))
    return questions


def _words(section: Section) -> Iterator[tuple[Aspect, str]]:
    """Its text, led by title and heading, which say what it is about; and the questions that it answers."""
    for piece in pieces(section.text, LONGEST_CHUNK):
        yield "words", f"{section.title}. {section.heading}. {piece}"
    for question in section.asked:
        yield "words", question


def _topics(document: Document, section: Section) -> Iterator[tuple[Aspect, str]]:
    question = heading_questions().get(section.heading)
    if question is None:
        yield "topic", f"{section.heading}. {document.title}"
        return
    for name in (document.title, *document.tags):
        yield "topic", question.format(topic=name)
