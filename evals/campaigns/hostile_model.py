"""The hostile-model campaign: seeded episodes of a model that lies, loops, obeys strangers and never stops.

`python -m evals.campaigns.hostile_model` runs 10,000 or more, most in this process and 1,500 over real HTTP, and
writes `evals/results/hostile_model.json`. Each episode is a conversation of one or two questions by an asker with a
narrow scope.
"""

import argparse
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from decimal import Decimal
from multiprocessing import get_context
from pathlib import Path
from random import Random

from agent.models.openai_endpoint import open_model
from evals.hostile.clock import seconds_kept_waiting
from evals.hostile.in_process import ScriptedChat
from evals.hostile.invariants import broken
from evals.hostile.lies import PATHS, SLOW, TROUBLES, Liar
from evals.hostile.server import serving
from evals.hostile.watch import watching
from evals.hostile.world import AS_OF, CAPS, QUESTIONS, SLOW_CAPS, agent_of, build_home, settings_of
from evals.machine import write_result

SEED, IN_PROCESS, OVER_HTTP, SLOWLY, WORKERS = 20261124, 9_000, 1_500, 40, 2
PARTS = 12
"""Of the episodes in this process: each has a home of its own."""


@dataclass
class Tally:
    """What came of the episodes."""

    episodes: Counter[str] = field(default_factory=Counter)
    """By way (in process, http, slow http) and kind of harm."""
    statuses: Counter[str] = field(default_factory=Counter)
    answered_by: Counter[str] = field(default_factory=Counter)
    questions: int = 0
    broken: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    longest_seconds: Decimal = Decimal(0)

    @property
    def total(self) -> int:
        return self.episodes.total()

    def report(self, faults: Iterable[str]) -> None:
        """Keep broken invariants, and print each as it comes: a run of hours is looked at before its end."""
        for fault in faults:
            self.broken.append(fault)
            print(f"  broken: {fault}", flush=True)

    def add(self, other: "Tally") -> None:
        self.episodes += other.episodes
        self.statuses += other.statuses
        self.answered_by += other.answered_by
        self.questions += other.questions
        self.broken += other.broken
        self.complaints += other.complaints
        self.longest_seconds = max(self.longest_seconds, other.longest_seconds)


def run_in_process(seed: int, count: int) -> Tally:
    """Episodes against a chat model in this process."""
    tally = Tally()
    with tempfile.TemporaryDirectory() as folder:
        settings = settings_of(build_home(Path(folder) / "home"))
        ran: list[str] = []
        agent = agent_of(settings, ScriptedChat(script=None), ran)
        model: ScriptedChat = agent._model  # type: ignore[assignment]
        with watching([Path(folder)]) as watch:
            for number, liar in _liars(seed, count, TROUBLES):
                object.__setattr__(model, "script", liar)
                _episode(tally, "in process", agent, settings, liar, ran, f"{seed}-{number}")
                tally.report(f"{seed}-{number} {liar.path}: {event}" for event in watch.seen)
                watch.seen.clear()
    return tally


def run_over_http(seed: int, count: int, *, slowly: bool = False) -> Tally:
    """Episodes against the scripted server, through the OpenAI client."""
    tally = Tally()
    with tempfile.TemporaryDirectory() as folder, serving() as server:
        settings = settings_of(build_home(Path(folder) / "home"), server.url, SLOW_CAPS if slowly else CAPS)
        ran: list[str] = []
        agent = agent_of(settings, open_model(settings), ran)
        way = "slow http" if slowly else "http"
        agent.ask(QUESTIONS[0], as_of=AS_OF)  # the client looks up its platform once, by uname, to name itself
        liars = _liars(seed, count, SLOW if slowly else TROUBLES, "trouble" if slowly else None)
        with watching([Path(folder)], server.server_address[1]) as watch:
            for number, liar in liars:
                server.script = liar
                _episode(tally, way, agent, settings, liar, ran, f"{way[0]}{seed}-{number}")
                tally.report(f"{way} {seed}-{number} {liar.path}: {event}" for event in watch.seen)
                watch.seen.clear()
        tally.complaints += sorted(set(server.complaints))
    return tally


def _liars(seed: int, count: int, troubles: Sequence[object], path: str | None = None) -> Iterator[tuple[int, Liar]]:
    for number in range(count):
        random = Random(f"{seed}-{number}")
        yield number, Liar(random, troubles=tuple(troubles), path=path or PATHS[number % len(PATHS)])  # type: ignore[arg-type]


def _episode(tally: Tally, way: str, agent: object, settings: object, liar: Liar, ran: list[str], name: str) -> None:
    from agent.graph.agent import Agent
    from agent.settings import Settings

    assert isinstance(agent, Agent)
    assert isinstance(settings, Settings)
    tally.episodes[f"{way}: {liar.path}"] += 1
    turns = 2 if liar.random.random() < 0.2 else 1
    for _ in range(turns):
        liar.asked = 0
        ran.clear()
        question = liar.random.choice(QUESTIONS)
        before = seconds_kept_waiting()
        answer = agent.ask(question, as_of=AS_OF, thread=name if turns > 1 else None)
        kept_waiting = seconds_kept_waiting() - before
        tally.questions += 1
        tally.statuses[answer.status] += 1
        tally.answered_by[answer.model] += 1
        tally.longest_seconds = max(tally.longest_seconds, answer.seconds)
        faults = [f"the script failed: {error}" for error in liar.errors]
        faults += broken(answer, ran, settings.model_caps, liar.asked, kept_waiting)
        tally.report(f"{way} {name} {liar.path}: {fault}"[:300] for fault in faults)


def campaign(seed: int = SEED, in_process: int = IN_PROCESS, over_http: int = OVER_HTTP, slowly: int = SLOWLY) -> Tally:
    """All of it, spread over processes."""
    tally = Tally()
    with ProcessPoolExecutor(WORKERS, mp_context=get_context("spawn")) as pool:
        parts = [pool.submit(run_over_http, seed, slowly, slowly=True)]
        parts += [pool.submit(run_over_http, seed + part, over_http // 3) for part in range(3)]
        parts += [pool.submit(run_in_process, seed + part, in_process // PARTS) for part in range(PARTS)]
        for part in parts:
            tally.add(part.result())
            print(f"{tally.total:,} episodes, {len(tally.broken)} broken invariants", flush=True)
    return tally


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--in-process", type=int, default=IN_PROCESS)
    parser.add_argument("--http", type=int, default=OVER_HTTP)
    options = parser.parse_args()
    started = time.monotonic()
    tally = campaign(options.seed, options.in_process, options.http)
    for kind, count in sorted(tally.episodes.items()):
        print(f"{kind:<36}{count:>8,}")
    seconds = round(time.monotonic() - started)
    print(
        f"{tally.total:,} episodes, {tally.questions:,} questions, {len(tally.broken)} broken invariants, {seconds} s"
    )
    for fault in tally.broken[:40]:
        print(f"  {fault}")
    write_result("hostile_model", _figures(tally, options.seed, seconds))
    return 1 if tally.broken else 0


def _figures(tally: Tally, seed: int, seconds: int) -> dict[str, object]:
    ways = Counter[str]()
    for kind, count in tally.episodes.items():
        ways[kind.partition(":")[0]] += count
    return {
        "campaign": "hostile model",
        "seed": seed,
        "episodes": tally.total,
        "episodes_by_way": dict(ways),
        "questions": tally.questions,
        "broken_invariants": len(tally.broken),
        "statuses": dict(sorted(tally.statuses.items())),
        "answered_by": dict(sorted(tally.answered_by.items())),
        "requests_refused_by_the_strict_server": tally.complaints,
        "longest_answer_seconds": str(tally.longest_seconds),
        "seconds": seconds,
        "by_kind": dict(sorted(tally.episodes.items())),
    }


if __name__ == "__main__":
    raise SystemExit(main())
