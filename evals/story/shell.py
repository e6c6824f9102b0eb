"""The story's shell: runs `outlay` as a person would, each command in a process of its own, and prints both."""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from evals.paths import CHECKOUT
from evals.story.cloud import ACCESS

MAIN = "from agent.cli.main import main; main()"
WIDTH = "110"


@dataclass(frozen=True)
class Shell:
    """`outlay` in one home. `quiet`: nothing is printed."""

    home: Path
    quiet: bool = False

    def outlay(self, *arguments: str, ok: int = 0) -> str:
        """What the command printed. Raises Failed where it ends otherwise than with `ok`."""
        self.say(f"\n$ outlay {' '.join(_quoted(one) for one in arguments)}")
        done = subprocess.run(
            [sys.executable, "-c", MAIN, "--home", str(self.home), *arguments],
            capture_output=True,
            text=True,
            cwd=self.home,
            env={**os.environ, **ACCESS, "PYTHONPATH": str(CHECKOUT), "COLUMNS": WIDTH, "OUTLAY_MODEL": "builtin"},
            check=False,
        )
        self.say((done.stdout or done.stderr).rstrip())
        if done.returncode != ok:
            raise Failed(f"outlay {arguments[0]} ended with {done.returncode}: {done.stderr[-2000:]}")
        return done.stdout

    def say(self, text: str) -> None:
        if not self.quiet:
            print(text, flush=True)


class Failed(Exception):
    """The story did not go as it must."""


def _quoted(word: str) -> str:
    return f'"{word}"' if " " in word else word
