"""Command: what a line that begins with a slash does."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from agent.cli.chat.conversation import Conversation


def no_choices(conversation: "Conversation", typed: str) -> Sequence[str]:
    return ()


@dataclass(frozen=True)
class Command:
    """`name` without its slash. `run` takes what stands after it, and raises OutlayError with what would work.

    It gives whether all is well: False is what a script sees as exit code 1. `choices` completes the word that is
    being typed, from what stands after the name; it must not wait for anything.
    """

    name: str
    usage: str
    summary: str
    run: Callable[["Conversation", str], bool]
    choices: Callable[["Conversation", str], Sequence[str]] = no_choices
