"""The short way to the prompt reads what Typer would read, or leaves it to Typer."""

from datetime import date
from pathlib import Path

import pytest

from agent.cli.chat.entry import chat
from agent.cli.chat.quick import OPTIONS, ChatOptions, plain_options
from tests.cli.chat.conftest import Piped


def test_a_plain_command_line_is_read() -> None:
    assert plain_options(["chat"]) == ChatOptions()
    line = "--home h chat --as-of 2026-10-31 --persona finance --thread t --model m"
    assert plain_options(line.split()) == ChatOptions(Path("h"), "finance", "t", date(2026, 10, 31), "m")


@pytest.mark.parametrize(
    "line",
    [
        "", "ask chat", "--home chat", "--version chat", "chat --help", "chat --thread", "chat --thread --persona x",
        "chat --as-of yesterday", "chat --unknown x", "chat --thread a --thread b", "chat extra", "chat --thread=a",
        "--home a --home b chat", "chat --home h",
    ],
)  # fmt: skip
def test_any_other_command_line_is_left_to_typer(line: str) -> None:
    assert plain_options(line.split()) is None


def test_both_ways_know_the_same_options() -> None:
    declared = {f"--{name.replace('_', '-')}" for name in chat.__annotations__ if name not in ("context", "return")}
    assert set(OPTIONS) == declared


def test_both_ways_hold_the_same_conversation(piped: Piped) -> None:
    quick = piped("/thread", "/as-of", "/persona", options=("--thread", "t", "--persona", "finance"))
    typer = piped("/thread", "/as-of", "/persona", options=("--thread=t", "--persona=finance"))
    assert (quick.code, quick.out) == (typer.code, typer.out)


def test_a_wrong_option_is_exit_code_2(piped: Piped) -> None:
    assert piped(options=("--as-of", "yesterday")).code == 2
