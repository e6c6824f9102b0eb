"""`outlay chat` in a terminal of its own."""

import os
import pty
import select
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import Run

ROOT = Path(__file__).parents[3]
CODE = "from agent.cli.main import main; main()"
PATIENCE_SECONDS = 60.0
PROMPT_ENDS = "\x1b[?2004l"
"""What prompt_toolkit writes when a prompt is over: bracketed paste off."""
CTRL_C, CTRL_D, ENTER = b"\x03", b"\x04", b"\r"


class Terminal:
    """A process with a terminal: what it writes is read until something appears."""

    def __init__(self, *arguments: str) -> None:
        self._unread = b""
        self.process, self._descriptor = pty.fork()
        if self.process == 0:
            os.chdir(ROOT)
            environment = os.environ | {"PROMPT_TOOLKIT_NO_CPR": "1", "TERM": "xterm-256color", "COLUMNS": "100"}
            os.execve(sys.executable, [sys.executable, "-c", CODE, *arguments], environment)

    def type(self, keys: bytes) -> None:
        os.write(self._descriptor, keys)

    def read_until(self, wanted: str) -> str:
        """What came up to and with `wanted`; what came behind it is kept for the next call."""
        while wanted.encode() not in self._unread:
            ready, _, _ = select.select([self._descriptor], [], [], PATIENCE_SECONDS)
            assert ready, f"{wanted!r} did not appear in {self._unread!r}"
            self._unread += os.read(self._descriptor, 65536)
        seen, mark, self._unread = self._unread.partition(wanted.encode())
        return (seen + mark).decode()

    def exit_code(self) -> int:
        self._drain()
        return os.waitstatus_to_exitcode(os.waitpid(self.process, 0)[1])

    def _drain(self) -> None:
        try:
            while select.select([self._descriptor], [], [], PATIENCE_SECONDS)[0] and os.read(self._descriptor, 65536):
                pass
        except OSError:  # the other side has closed
            return

    def close(self) -> None:
        os.close(self._descriptor)


@pytest.fixture
def chat(outlay: Run, bill: Path, home: Path) -> Iterator[Terminal]:
    outlay("ingest", "focus", bill)
    terminal = Terminal("--home", str(home), "chat", "--thread", "t", "--as-of", "2026-10-31")
    yield terminal
    terminal.close()


def test_a_session_asks_stops_draws_and_leaves(chat: Terminal) -> None:
    chat.read_until("outlay> ")
    chat.type(b"top 5 costly models" + ENTER)
    chat.read_until("⠋")  # it waits for the agent to warm up
    chat.type(CTRL_C)
    chat.read_until("stopped; this question left no trace")
    chat.read_until("outlay> ")
    chat.type(b"spend by model excluding credits" + ENTER)
    answer = chat.read_until("outlay verify a-")
    assert "quartz-large" in answer
    assert "top 5" not in answer
    chat.read_until("outlay> ")
    chat.type(b"/chart" + ENTER)
    assert "effective cost (USD)" in chat.read_until("└")
    chat.read_until("outlay> ")
    chat.type(b"half a quest" + CTRL_C)
    chat.read_until("half a quest")
    chat.read_until(PROMPT_ENDS)
    chat.read_until("outlay> ")
    chat.type(CTRL_D)
    chat.read_until("Carry on with: outlay chat --thread t")
    assert chat.exit_code() == 0
