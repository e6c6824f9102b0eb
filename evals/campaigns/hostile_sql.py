"""Hostile SQL: does anything that a model or a person may write get out of the copied rollup?

    python -m evals.campaigns.hostile_sql [COUNT] [SEED]

The ways out are a list of our own and every function and pragma that the engine has and the guard does not let through.
Each statement goes two ways: through the tool as the agent calls it (guard, then lock), and, as if there were no guard,
straight into the locked process. Canaries lie outside: files, an environment variable, a server on loopback, rows
outside the asker's scope. Then the good SELECTs: none may be refused.
"""

import json
import os
import resource
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any

from evals.machine import write_result
from evals.sql.canaries import Canaries
from evals.sql.fuzz import hostile_statements
from tools.domain.errors import OutlayError
from tools.inform.sql import SqlRequest, run_sql
from tools.inform.sql_words import sql_words
from tools.registry import SqlSandbox, ToolContext
from tools.store import Snapshot
from tools.store.sandbox import Sandbox, SandboxLimits

COUNT, SEED = 10_000, 41
LIMITS = SandboxLimits(seconds=1.0, grace_seconds=1.0, memory_megabytes=256, spare_megabytes=512)
LONGEST_SECONDS = LIMITS.seconds + LIMITS.grace_seconds + 3.0
"""What a statement may take: its limit, a kill, and a new process; the rest is how busy the machine is."""
MOST_MEMORY_MEGABYTES = 1500
UNGUARDED_BOMBS = 40
STATE = (
    "SELECT name, value FROM duckdb_settings() ORDER BY ALL",
    "SELECT table_name, column_count FROM duckdb_tables() ORDER BY ALL",
    "SELECT view_name FROM duckdb_views() WHERE NOT internal ORDER BY ALL",
    "SELECT COUNT(*) AS n, SUM(hash(COLUMNS(*))) FROM daily",
)


class SharedReader:
    """The asker's snapshot; its ad hoc SQL all runs in one process, so that what a statement leaves behind shows."""

    def __init__(self, snapshot: Snapshot, sandbox: Sandbox) -> None:
        self._snapshot, self._sandbox = snapshot, sandbox

    def __getattr__(self, name: str) -> Any:
        return getattr(self._snapshot, name)

    def sandbox(self) -> AbstractContextManager[SqlSandbox]:
        return nullcontext(self._sandbox)


def run(count: int = COUNT, seed: int = SEED, *, good: bool = True) -> dict[str, Any]:
    """The campaign; its figures, with every fault found."""
    with tempfile.TemporaryDirectory() as folder, Canaries(Path(folder)) as canaries:
        snapshot = canaries.store.snapshot()
        with snapshot.sandbox(LIMITS) as guarded, snapshot.sandbox(LIMITS) as locked:
            context = ToolContext(store=SharedReader(snapshot, guarded), as_of=date(2026, 10, 31))
            campaign = _Campaign(canaries, context, guarded, locked)
            engine = tuple(engine_functions(locked))
            for category, statement in hostile_statements(canaries.places, count, seed, engine):
                campaign.ask(category, statement)
            campaign.look_around()
            refused = _refused(context) if good else []
    children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    if children > MOST_MEMORY_MEGABYTES:
        campaign.faults.append(f"a process grew to {children} MB")
    return campaign.figures(count, seed) | {
        "largest_process_megabytes": children,
        "good_statements": len(good_statements()) if good else 0,
        "good_statements_refused": refused,
    }


def engine_functions(sandbox: Sandbox) -> Iterator[tuple[str, str]]:
    """A call of everything that the engine has and nobody may call."""
    found = sandbox.run("SELECT DISTINCT function_type, function_name FROM duckdb_functions() ORDER BY ALL LIMIT 1000")
    more = sandbox.run(
        "SELECT DISTINCT function_type, function_name FROM duckdb_functions() ORDER BY ALL LIMIT 1000 OFFSET 1000"
    )
    allowed = sql_words().functions | sql_words().tables
    for kind, name in (*found.rows, *more.rows):
        call = f'"{name}"' if not str(name).isidentifier() else str(name)
        if str(name).lower() in allowed:
            continue
        if kind == "pragma":
            yield "the engine's own pragmas", f"PRAGMA {call}"
        elif str(kind).startswith("table"):
            yield "the engine's own table functions", f"SELECT t.* FROM {call}() AS t, daily"
            yield "the engine's own table functions", f"SELECT t.* FROM {call}('daily') AS t, daily"
        else:
            yield "the engine's own functions", f"SELECT {call}() AS a FROM daily"
            yield "the engine's own functions", f"SELECT {call}(x_Team) AS a FROM daily"


class _Campaign:
    def __init__(self, canaries: Canaries, context: ToolContext, guarded: Sandbox, locked: Sandbox) -> None:
        self._canaries, self._context, self._guarded, self._locked = canaries, context, guarded, locked
        self._before = {"guarded": _state(guarded), "locked": _state(locked)}
        self._bombs, self.faults, self.changed_without_guard = 0, list[str](), list[str]()
        self._refused, self._answered, self._longest = Counter[str](), Counter[str](), Counter[str]()

    def ask(self, category: str, statement: str) -> None:
        self._one("guarded", category, statement, lambda: run_sql.run(self._context, SqlRequest(sql=statement)))
        self._bombs += category == "bombs"
        if category != "bombs" or self._bombs <= UNGUARDED_BOMBS:
            self._one("locked", category, statement, lambda: self._locked.run(statement))

    def look_around(self) -> None:
        """Whether settings, tables, rows, files and the server are as they were."""
        if changed := _changes(self._before["guarded"], _state(self._guarded)):
            self.faults.append(f"guarded: changed {', '.join(changed)}")
        self.changed_without_guard = _changes(self._before["locked"], _state(self._locked))
        self.faults += self._canaries.disturbed()

    def _one(self, way: str, category: str, statement: str, act: Callable[[], Any]) -> None:
        started = time.perf_counter()
        try:
            told, answered = str(act()), True
        except OutlayError as fault:
            told, answered = str(fault), False
        except Exception as fault:  # noqa: BLE001 - a campaign records whatever comes
            self.faults.append(f"{way}: {type(fault).__name__}: {fault} from {statement[:200]!r}")
            return
        seconds = time.perf_counter() - started
        self._longest[way] = max(self._longest[way], seconds)
        (self._answered if answered else self._refused)[f"{way}: {category}"] += 1
        if seconds > LONGEST_SECONDS:
            self.faults.append(f"{way}: {seconds:.1f} s for {statement[:200]!r}")
        if leaked := self._canaries.leaked(told):
            self.faults.append(f"{way}: {leaked} from {statement[:300]!r}")

    def figures(self, count: int, seed: int) -> dict[str, Any]:
        return {
            "statements": count,
            "seed": seed,
            "guarded_refused": sum(n for key, n in self._refused.items() if key.startswith("guarded")),
            "guarded_answered_by_category": _of("guarded", self._answered),
            "locked_alone_answered_by_category": _of("locked", self._answered),
            "locked_alone_changed": self.changed_without_guard,
            "longest_seconds": {way: round(seconds, 2) for way, seconds in self._longest.items()},
            "faults": self.faults,
        }


def _of(way: str, counts: Mapping[str, int]) -> dict[str, int]:
    return {key.removeprefix(f"{way}: "): n for key, n in sorted(counts.items()) if key.startswith(way)}


def _state(sandbox: Sandbox) -> set[str]:
    """Settings, tables, views and a checksum of the rows, each as one line."""
    return {f"{row[0]} = {row[1:]}" for sql in STATE for row in sandbox.run(sql).rows}


def _changes(before: set[str], after: set[str]) -> list[str]:
    return sorted(before ^ after)


def good_statements() -> list[str]:
    """The SELECTs that have to pass."""
    text = files("evals.sql").joinpath("good.sql").read_text("utf-8")
    return [one.strip() for one in text.split(";\n") if one.strip()]


def _refused(context: ToolContext) -> list[str]:
    refused = []
    for statement in good_statements():
        try:
            run_sql.run(context, SqlRequest(sql=statement))
        except OutlayError as fault:
            refused.append(f"{fault}: {statement}")
    return refused


def main() -> int:
    numbers = [int(one) for one in sys.argv[1:3]]
    figures = run(*numbers)
    if not numbers:
        write_result("hostile_sql", figures)
    print(json.dumps(figures, indent=2))
    return 1 if figures["faults"] or figures["good_statements_refused"] else 0


if __name__ == "__main__":
    os.environ.setdefault("PYTHONHASHSEED", "0")
    sys.exit(main())
