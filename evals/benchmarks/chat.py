"""From process start to the prompt of `outlay chat`: `python -m evals.benchmarks.chat`.

Each run is a new process in a terminal of its own (a pty); the clock stops when the prompt's bytes arrive. The bar is
0.3 s. The second figure is the time to the answer of a question typed as soon as the prompt is there, beside a cold
`outlay ask`: what a prompt costs someone who does not wait for the agent to warm up. Its bar is 1.6 ×.
"""

import os
import pty
import select
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from evals.benchmarks.report import Measurement, write

BAR, ANSWER_BAR = 0.3, 1.6
RUNS = 15
PROMPT, ANSWERED = b"outlay>", b"outlay verify a-"
QUESTION = "top 5 costly models"
PATIENCE_SECONDS = 30.0


def measure() -> list[Measurement]:
    with tempfile.TemporaryDirectory() as folder:
        outlay = str(Path(sys.executable).with_name("outlay"))
        environment = os.environ | {"OUTLAY_HOME": str(Path(folder) / "home"), "PROMPT_TOOLKIT_NO_CPR": "1"}
        subprocess.run([outlay, "demo"], env=environment, check=True, capture_output=True)
        _run([outlay, "chat"], environment)  # compiles bytecode, as an installation does
        runs, asks = [], []
        for _ in range(RUNS):
            runs.append(_run([outlay, "chat"], environment))
            asks.append(_seconds([outlay, "ask", QUESTION], environment))
    prompts, answer, ask = [run[0] for run in runs], statistics.median(run[1] for run in runs), statistics.median(asks)
    detail = {"runs": RUNS, "fastest": min(prompts), "slowest": max(prompts)}
    return [
        Measurement(
            name="process start to prompt, median", value=statistics.median(prompts), unit="s", bar=BAR, detail=detail
        ),
        Measurement(
            name="process start to the answer of a question typed at the prompt, median",
            value=answer,
            reference=ask,
            ratio=answer / ask,
            unit="s",
            bar=ANSWER_BAR,
        ),
    ]


def _run(command: list[str], environment: dict[str, str]) -> tuple[float, float]:
    """Seconds to the prompt, and to the answer of a question typed when it is there."""
    start = time.perf_counter()
    process, terminal = pty.fork()
    if process == 0:
        os.execve(command[0], command, environment)
    try:
        prompt = _seconds_until(terminal, PROMPT, start)
        os.write(terminal, f"{QUESTION}\r".encode())
        answer = _seconds_until(terminal, ANSWERED, start)
    finally:
        os.kill(process, signal.SIGKILL)
        os.waitpid(process, 0)
        os.close(terminal)
    return prompt, answer


def _seconds(command: list[str], environment: dict[str, str]) -> float:
    start = time.perf_counter()
    subprocess.run(command, env=environment, check=True, capture_output=True)
    return time.perf_counter() - start


def _seconds_until(terminal: int, wanted: bytes, start: float) -> float:
    seen = b""
    while wanted not in seen:
        ready, _, _ = select.select([terminal], [], [], PATIENCE_SECONDS)
        if not ready:
            raise TimeoutError(f"{wanted!r} did not appear; there was {seen!r}")
        seen += os.read(terminal, 65536)
    return time.perf_counter() - start


if __name__ == "__main__":
    write("chat", measure())
