"""`python -m evals.scripted_model [NAME …]`: `python -m evals` with a model configured, which is a script on loopback.

What a run with a real endpoint goes through, without one: the client, streaming, the prompts, heads of results, drafts
and their check, tokens and cost. The script plans as the built-in planner does, so that its answers are to be as right.
"""

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from agent.app import open_store
from agent.planner import BuiltinPlanner, Lexicon
from agent.settings import load_settings
from evals.__main__ import main
from evals.demo.runner import ensure_home
from evals.hostile.planning import planning
from evals.hostile.server import ScriptedServer, serving

MODEL = "gpt-5.5-mini"
"""Priced by the demo world's price list, so that the run has a cost."""
VARIABLES = ("OUTLAY_MODEL", "OUTLAY_BASE_URL", "OUTLAY_API_KEY", "OUTLAY_ENDPOINT")


@contextmanager
def configured() -> Iterator[ScriptedServer]:
    """The scripted model as the environment's configured one."""
    store = open_store(load_settings(ensure_home(), "builtin"))
    lexicon = Lexicon.of(store.snapshot())
    with serving(planning(BuiltinPlanner(lexicon=lambda: lexicon))) as server:
        before = {name: os.environ.get(name) for name in VARIABLES}
        os.environ.update(zip(VARIABLES, (MODEL, server.url, "none", '{"provider": "openai"}'), strict=True))
        try:
            yield server
        finally:
            for name, value in before.items():
                os.environ.pop(name) if value is None else os.environ.update({name: value})


def run(arguments: Sequence[str]) -> int:
    """As `python -m evals` does, and says what the strict server refused."""
    with configured() as server:
        failed = main(arguments)
    print(f"{len(server.requests):,} requests served, {len(server.complaints)} refused: {server.complaints[:3]}")
    return int(failed or bool(server.complaints))


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
