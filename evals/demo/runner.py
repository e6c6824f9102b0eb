"""Asks every question on the demo world, in every wording, and reports how many answers are exact."""

import hashlib
import json
import os
import tempfile
from collections.abc import Iterator, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml

from agent.app import build_agent, open_store
from agent.graph.agent import Agent
from agent.settings import load_settings
from evals.demo.facts import read_facts
from evals.demo.score import score
from evals.demo.truth import TODAY, Case, Row, Truth, compute
from evals.machine import write_result
from evals.paths import CHECKOUT
from evals.report import CategoryScore, EvalReport, Miss, Outcome
from tools.demo import build_world, load_world

SEED = 11
Ask = tuple[str, Case, str, Outcome, str, str]
"""Category, case, wording, outcome, expected, got."""


def run(only: Sequence[str] = ()) -> EvalReport:
    """The whole evaluation, or some categories of it."""
    home = ensure_home()
    facts, agent = read_facts(home / "demo"), build_agent(home)
    asks: list[Ask] = []
    for category, case in cases():
        if only and category not in only:
            continue
        truth = compute(facts, case.truth) if case.truth else None
        asks += [_ask(agent, category, case, wording, truth, number) for number, wording in enumerate(case.ask)]
    report = _report(asks)
    if not only:
        write_result("demo", _as_json(report, asks))
    return report


def cases() -> Iterator[tuple[str, Case]]:
    """Every case with its category: the name of the file it stands in."""
    folder = files("evals.demo").joinpath("questions")
    for file in sorted(folder.iterdir(), key=lambda one: one.name):
        if file.name.endswith(".yaml"):
            for entry in yaml.safe_load(file.read_text("utf-8")):
                yield file.name.removesuffix(".yaml"), Case.model_validate(entry)


def ensure_home() -> Path:
    """A home with the demo world of this code and seed; built once and kept in the cache folder."""
    cache = Path(os.environ.get("OUTLAY_EVAL_CACHE", tempfile.gettempdir()))
    home = cache / f"outlay-eval-demo-{SEED}-{TODAY}-{_digest()}"
    if not (home / "ready").exists():
        build_world(home / "demo", today=TODAY, seed=SEED)
        price_list = json.dumps(str(home / "demo" / "price_list.yaml"))
        (home / "outlay.toml").write_text(f"[prices]\nfile = {price_list}\n", encoding="utf-8")
        load_world(open_store(load_settings(home)), home / "demo")
        (home / "ready").touch()
    return home


def _digest() -> str:
    """Of the code that makes the store, so that a change of it builds a new home."""
    code = [
        path
        for part in ("demo", "ingest", "store", "pricing")
        for path in sorted((CHECKOUT / "tools" / part).glob("*.py"))
    ]
    return hashlib.sha256(b"".join(path.read_bytes() for path in code)).hexdigest()[:12]


def _ask(agent: Agent, category: str, case: Case, wording: str, truth: Truth | None, number: int) -> Ask:
    thread = f"eval-{category}-{case.id}-{number}-{os.getpid()}" if case.after else None
    for earlier in case.after:
        agent.ask(earlier, as_of=TODAY, thread=thread)
    answer = agent.ask(wording, as_of=TODAY, thread=thread)
    outcome, got = score(case, truth, answer)
    return category, case, wording, outcome, _expectation(case, truth), got


def _expectation(case: Case, truth: Truth | None) -> str:
    if truth is None:
        return " ".join([case.status, *case.contains, *case.says])
    return f"{truth.start}..{truth.end} " + ", ".join(_say(row) for row in truth.rows[:3])


def _say(row: Row) -> str:
    return f"{'/'.join(name or '(not set)' for name in row.names)} {row.value}".strip()


def is_tuned_on(case: Case) -> bool:
    """One half is looked at while mending, the other is only reported; a case's id decides."""
    return hashlib.sha256(case.id.encode()).digest()[0] % 2 == 0


def _report(asks: Sequence[Ask]) -> EvalReport:
    names = list(dict.fromkeys(ask[0] for ask in asks))
    notes = [
        f"demo world seed {SEED}, asked as of {TODAY}; {len({id(a[1]) for a in asks})} questions, {len(asks)} wordings"
    ]
    for label, tuned in (("tuned on", True), ("reported ", False)):
        half = _tally(label, [ask for ask in asks if is_tuned_on(ask[1]) == tuned])
        if half.asked:
            notes.append(
                f"half {label}: {half.exact} of {half.asked} exact, {half.wrong} wrong, {half.refused} refused"
            )
    misses = tuple(
        Miss(case=f"{category}/{case.id}", question=wording, outcome=outcome, expected=expected, got=got)
        for category, case, wording, outcome, expected, got in asks
        if outcome != "exact"
    )
    rows = tuple(_tally(name, [ask for ask in asks if ask[0] == name]) for name in names)
    return EvalReport(name="Questions on the demo world", categories=rows, misses=misses, notes=tuple(notes))


def _tally(name: str, asks: Sequence[Ask]) -> CategoryScore:
    counts = {outcome: sum(1 for ask in asks if ask[3] == outcome) for outcome in ("exact", "wrong", "refused")}
    return CategoryScore(category=name, **counts)


def _as_json(report: EvalReport, asks: Sequence[Ask]) -> dict[str, Any]:
    return {
        "seed": SEED,
        "as_of": TODAY.isoformat(),
        "questions": len({(ask[0], ask[1].id) for ask in asks}),
        **report.model_dump(),
    }
