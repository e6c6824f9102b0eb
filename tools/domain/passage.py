"""Passage: a stretch of a document that bears on a question, with where it stands."""

from decimal import Decimal

from pydantic import BaseModel, ConfigDict


class Passage(BaseModel):
    """A section of a document, word for word. Its numbers are the document's, never the store's."""

    model_config = ConfigDict(frozen=True)

    file: str
    """`playbooks/…` for what ships with Outlay, `company/…` for what a company added."""
    title: str
    heading: str
    text: str
    score: Decimal
    """How near it comes to the question; comparable within one search only."""


class Found(BaseModel):
    """The passages nearest to a question, best first, and what a reader has to know about the search."""

    model_config = ConfigDict(frozen=True)

    passages: tuple[Passage, ...]
    notes: tuple[str, ...] = ()
