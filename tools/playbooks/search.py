"""The search over shipped playbooks and a company's own documents: by meaning, or by shared words when it must be.

Weights and threshold were chosen on all questions of evals/playbooks, so those show no more what a new one meets.
"""

from collections.abc import Callable
from decimal import Decimal
from functools import partial
from pathlib import Path

from tools.domain.passage import Found, Passage
from tools.playbooks.chunks import Aspect, Corpus, corpus_of
from tools.playbooks.company import CompanyDocuments, KeptDocument, document_of
from tools.playbooks.document import Section
from tools.playbooks.embedding import Embedding, MiniLm, WeightsUnusable
from tools.playbooks.everyday import with_field_words, without_product_names
from tools.playbooks.index import DenseIndex, IndexUnusable
from tools.playbooks.lexical import LexicalIndex
from tools.playbooks.shipped import shipped_documents
from tools.playbooks.shipped_vectors import shipped_vectors

NEAR_ENOUGH = 0.28
"""Nearness of meaning that the nearest passage must have: below it the question is about something else."""
_WEIGHTS: dict[Aspect, float] = {"words": 0.5, "topic": 0.5}
_SHARED_WORDS = 0.2
"""What the passage that shares most words with the question gains over one that shares none."""
FALLBACK = "passages were found by shared words, not by meaning, because {reason}"

Ranked = list[tuple[int, float]]
"""Positions of sections with their scores, best first."""


class PlaybookSearch:
    """Passages nearest to a question. `folder` is the home's `knowledge`; it holds documents and index."""

    def __init__(self, folder: Path, embedding: Callable[[], Embedding] = MiniLm.load) -> None:
        self._company, self._index_folder = CompanyDocuments(folder), folder / "index"
        self._load = embedding
        self._dense: DenseIndex | None = None
        self._read: tuple[tuple[KeptDocument, ...], Corpus, LexicalIndex] | None = None

    def find(self, query: str, limit: int) -> Found:
        """Up to `limit` passages, best first; none when nothing comes near.

        Raises:
            StoreFault: the company's documents can't be read.
        """
        corpus, lexical = self._texts()
        shared = lexical.search(with_field_words(query))
        notes: tuple[str, ...] = ()
        try:
            ranked = self._by_meaning(corpus, query, shared)
        except (WeightsUnusable, IndexUnusable) as fault:
            ranked, notes = shared, (FALLBACK.format(reason=fault),)
        return Found(passages=tuple(_passage(corpus.sections[at], score) for at, score in ranked[:limit]), notes=notes)

    def _texts(self) -> tuple[Corpus, LexicalIndex]:
        """What is searched, read again when another process has added or removed a document."""
        kept = self._company.kept()
        if self._read is None or self._read[0] != kept:
            corpus = corpus_of((*shipped_documents(), *map(document_of, kept)))
            self._read = kept, corpus, LexicalIndex(corpus.sections)
        return self._read[1], self._read[2]

    def _by_meaning(self, corpus: Corpus, query: str, shared: Ranked) -> Ranked:
        """Nearness to the question as it was asked and as told in the field's words, with a little for shared words."""
        if self._dense is None:
            embedding = self._load()
            self._dense = DenseIndex(self._index_folder, embedding, partial(shipped_vectors, embedding.name))
        forms = [without_product_names(form) for form in (query, with_field_words(query))]
        near = self._dense.nearness(corpus.chunks, forms)
        most = shared[0][1] if shared else 1.0
        words = {position: score / most for position, score in shared}
        meant = {position: sum(_WEIGHTS[a] * value for a, value in by.items()) for position, by in near.items()}
        if max(meant.values(), default=0.0) < NEAR_ENOUGH:
            return []
        scored = [(position, score + _SHARED_WORDS * words.get(position, 0.0)) for position, score in meant.items()]
        return sorted(scored, key=lambda one: (-round(one[1], 6), one[0]))


def _passage(section: Section, score: float) -> Passage:
    return Passage(
        file=section.file,
        title=section.title,
        heading=section.heading,
        text=section.text,
        score=Decimal(f"{score:.3f}"),
    )
