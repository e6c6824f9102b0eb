"""Asks every question on the demo world, in every wording, and reports how many answers are exact."""

import hashlib
import json
import os
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from agent.app import open_store
from agent.graph.agent import Agent
from agent.settings import load_settings
from evals.asking import Question, converse
from evals.cases import asked_agent, read_cases
from evals.demo.facts import read_facts
from evals.demo.score import expectation, score
from evals.demo.truth import TODAY, Case, Truth, compute
from evals.paths import CHECKOUT
from evals.report import Ask, EvalReport, tally
from tools.demo import build_world, load_world

SEED = 11


def run(only: Sequence[str] = (), *, model: str | None = None, times: int = 1) -> EvalReport:
    """The whole evaluation, or some categories of it; with the model that is configured unless one is named."""
    home = ensure_home()
    facts, agent = read_facts(home / "demo"), asked_agent(load_settings(home, model))
    asks: list[Ask] = []
    for category, case in cases(only):
        truth = compute(facts, case.truth) if case.truth else None
        asks += ask_case(agent, category, case, truth, times=times)
    return EvalReport(name="Questions on the demo world", asks=tuple(asks), notes=_notes(asks))


def cases(only: Sequence[str] = ()) -> Iterator[tuple[str, Case]]:
    """Every case, or those of some categories."""
    return read_cases("evals.demo", "questions", Case, only)


def ensure_home() -> Path:
    """A home with the demo world of this code and seed; built once and kept in the cache folder."""
    cache = Path(os.environ.get("OUTLAY_EVAL_CACHE", tempfile.gettempdir()))
    home = cache / f"outlay-eval-demo-{SEED}-{TODAY}-{code_digest()}"
    if not (home / "ready").exists():
        build_world(home / "demo", today=TODAY, seed=SEED)
        price_list = json.dumps(str(home / "demo" / "price_list.yaml"))
        (home / "outlay.toml").write_text(f"[prices]\nfile = {price_list}\n", encoding="utf-8")
        load_world(open_store(load_settings(home)), home / "demo")
        (home / "ready").touch()
    return home


def code_digest() -> str:
    """Of the code that makes the store, so that a change of it builds a new home."""
    code = [
        path
        for part in ("demo", "ingest", "store", "pricing")
        for path in sorted((CHECKOUT / "tools" / part).glob("*.py"))
    ]
    return hashlib.sha256(b"".join(path.read_bytes() for path in code)).hexdigest()[:12]


def ask_case(agent: Agent, category: str, case: Case, truth: Truth | None, *, times: int = 1) -> Iterator[Ask]:
    """Ask a case in each of its wordings, each in a thread of its own."""
    for number, wording in enumerate(case.ask):
        question = Question(wording, lambda answer: score(case, truth, answer), case.expected_tools)
        [(outcome, got, measured)] = converse(agent, [question], case.after, times=times)
        yield Ask(
            category=category,
            case=f"{category}/{case.id}",
            number=number,
            question=wording,
            outcome=outcome,
            expected=expectation(case, truth),
            got=got,
            measured=measured,
        )


def is_tuned_on(case: str) -> bool:
    """One half is looked at while mending, the other is only reported; a case's id decides."""
    return hashlib.sha256(case.encode()).digest()[0] % 2 == 0


def _notes(asks: Sequence[Ask]) -> tuple[str, ...]:
    questions = len({ask.case for ask in asks})
    notes = [f"demo world seed {SEED}, asked as of {TODAY}; {questions} questions, {len(asks)} wordings"]
    for label, tuned in (("tuned on", True), ("reported ", False)):
        half = tally(label, [ask for ask in asks if is_tuned_on(ask.case.split("/")[-1]) == tuned])
        if half.asked:
            notes.append(
                f"half {label}: {half.exact} of {half.asked} exact, {half.wrong} wrong, {half.refused} refused"
            )
    return tuple(notes)
