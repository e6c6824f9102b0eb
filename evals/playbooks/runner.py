"""Retrieval of playbook passages: recall@3, reciprocal rank and time, for the embedding and for the fallback."""

import hashlib
import tempfile
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from time import perf_counter
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict

from evals.machine import write_result
from tools.playbooks.embedding import Embedding, MiniLm, WeightsUnusable
from tools.playbooks.search import PlaybookSearch
from tools.playbooks.shipped import FOLDER

LIMIT = 3
PROMISED = 0.9
"""Recall among the first three."""
STRANGERS = "strangers"
"""The set that nobody who built the search wrote; seen while tuning since 2026-11-24."""
FRESH = "fresh"
"""By somebody who had not read the passages when asking; never tuned on."""
DEEPEST = 10
"""Ranks beyond this count as not found for the reciprocal rank."""


class Question(BaseModel):
    """A question with the passage that answers it; without one, nothing does."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    ask: str
    file: str = ""
    heading: str = ""
    also: tuple[tuple[str, str], ...] = ()
    """Further passages that answer it, by file and heading."""

    @property
    def passages(self) -> frozenset[tuple[str, str]]:
        return frozenset((f"{FOLDER}/{file}", heading) for file, heading in ((self.file, self.heading), *self.also))

    @property
    def is_tuned_on(self) -> bool:
        """A digest of the wording decides. The other half was only reported until 2026-11-24; now all are seen."""
        return hashlib.sha256(self.ask.encode()).digest()[0] % 2 == 0


class Score(BaseModel):
    """How a set of questions came out under one way of searching."""

    model_config = ConfigDict(frozen=True)

    way: str
    half: str
    questions: int
    recall_at_3: float
    recall_at_1: float
    mrr: float
    milliseconds_per_query: float
    declined: int
    """Of the questions that nothing answers, those for which nothing came back."""
    unanswerable: int
    missed: tuple[str, ...] = ()


def questions(file: str = "questions.yaml") -> tuple[Question, ...]:
    text = files("evals.playbooks").joinpath(file).read_text("utf-8")
    return tuple(Question.model_validate(entry) for entry in yaml.safe_load(text))


def run() -> list[Score]:
    """Both ways of searching, on every set; written to evals/results/playbooks.json."""
    scores = [score for way in ("embedding", "fallback") for score in measured(way)]
    write_result("playbooks", as_json(scores))
    return scores


def is_good_enough(scores: Sequence[Score]) -> bool:
    """Whether the embedding finds the passage among the first three as often as promised, on every set."""
    return all(score.recall_at_3 >= PROMISED for score in scores if score.way == "embedding")


def measured(way: str) -> list[Score]:
    with tempfile.TemporaryDirectory() as folder:
        search = PlaybookSearch(Path(folder), MiniLm.load if way == "embedding" else no_weights)
        started = perf_counter()
        search.find("warm up", 1)
        print(f"{way}: ready in {perf_counter() - started:.1f} s")
        scores = [
            _score(way, half, search, [q for q in questions() if q.is_tuned_on == tuned])
            for half, tuned in (("tuned on", True), ("reported", False))
        ]
        return [*scores, *(_score(way, name, search, questions(f"{name}.yaml")) for name in (STRANGERS, FRESH))]


def no_weights() -> Embedding:
    raise WeightsUnusable("the evaluation measures the fallback")


def _score(way: str, half: str, search: PlaybookSearch, asked: Sequence[Question]) -> Score:
    known = [question for question in asked if question.file]
    started = perf_counter()
    ranks = [_rank(search, question) for question in known]
    seconds = perf_counter() - started
    others = [question for question in asked if not question.file]
    return Score(
        way=way,
        half=half,
        questions=len(known),
        recall_at_3=round(sum(rank <= LIMIT for rank in ranks) / len(known), 3),
        recall_at_1=round(sum(rank == 1 for rank in ranks) / len(known), 3),
        mrr=round(sum(1 / rank for rank in ranks if rank <= DEEPEST) / len(known), 3),
        milliseconds_per_query=round(1000 * seconds / len(known), 1),
        declined=sum(not search.find(question.ask, LIMIT).passages for question in others),
        unanswerable=len(others),
        missed=tuple(
            f"{q.ask} → {q.file}, {q.heading} (rank {rank})"
            for q, rank in zip(known, ranks, strict=True)
            if rank > LIMIT
        ),
    )


def _rank(search: PlaybookSearch, question: Question) -> int:
    found = search.find(question.ask, DEEPEST).passages
    known = question.passages
    return next((at for at, one in enumerate(found, start=1) if (one.file, one.heading) in known), DEEPEST + 1)


def table(scores: Sequence[Score]) -> str:
    lines = [
        f"{'way':<10} {'half':<9} {'asked':>5} {'recall@3':>9} {'recall@1':>9} {'MRR':>6} {'ms/query':>9}  declined"
    ]
    for one in scores:
        lines.append(
            f"{one.way:<10} {one.half:<9} {one.questions:>5} {one.recall_at_3:>9.3f} {one.recall_at_1:>9.3f} "
            f"{one.mrr:>6.3f} {one.milliseconds_per_query:>9.1f}  {one.declined} of {one.unanswerable}"
        )
    return "\n".join(["Retrieval of playbook passages", *lines])


def as_json(scores: Sequence[Score]) -> dict[str, Any]:
    return {"scores": [one.model_dump(exclude={"missed"}) for one in scores]}
