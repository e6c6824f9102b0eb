"""The short way to the prompt: `outlay [--home DIR] chat [--option VALUE]…`, read without Typer.

To read arguments Typer imports pydantic, a fifth of the time in which the prompt has to be there. What is not written
in full, help and mistakes are left to Typer.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

COMMAND = "chat"
OPTIONS = ("--persona", "--thread", "--as-of", "--model")


@dataclass(frozen=True)
class ChatOptions:
    """How `outlay chat` was started."""

    home: Path | None = None
    persona: str | None = None
    thread: str | None = None
    as_of: date | None = None
    model: str | None = None


def plain_options(arguments: Sequence[str]) -> ChatOptions | None:
    """The options of a plain `chat` command line; None for any other, which Typer reads."""
    before, found, after = _parted(arguments)
    given, home = dict(_pairs(after)), dict(_pairs(before))
    if not found or not home.keys() <= {"--home"} or not given.keys() <= set(OPTIONS):
        return None
    if 2 * (len(given) + len(home)) != len(before) + len(after):  # an option without a value, or given twice
        return None
    try:
        as_of = date.fromisoformat(given["--as-of"]) if "--as-of" in given else None
    except ValueError:
        return None
    return ChatOptions(
        home=Path(home["--home"]) if home else None,
        persona=given.get("--persona"),
        thread=given.get("--thread"),
        as_of=as_of,
        model=given.get("--model"),
    )


def _parted(arguments: Sequence[str]) -> tuple[Sequence[str], bool, Sequence[str]]:
    at = 2 if arguments[:1] == ["--home"] else 0
    return arguments[:at], arguments[at : at + 1] == [COMMAND], arguments[at + 1 :]


def _pairs(words: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Option and value; a value that looks like an option is none."""
    for option, value in zip(words[::2], words[1::2], strict=False):
        if not value.startswith("-"):
            yield option, value
