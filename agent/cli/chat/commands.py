"""The commands of a conversation, and what is said to a line that names none."""

from difflib import get_close_matches

from agent.cli.chat import (
    anomalies,
    as_of,
    chart,
    export,
    help_,
    persona,
    proposals,
    quit_,
    sql,
    thread,
    verify,
    why,
)
from agent.cli.chat.command import Command
from tools.domain.errors import BadInput

COMMANDS: tuple[Command, ...] = (
    why.COMMAND,
    anomalies.COMMAND,
    *proposals.COMMANDS,
    sql.COMMAND,
    chart.COMMAND,
    export.COMMAND,
    verify.COMMAND,
    persona.COMMAND,
    thread.COMMAND,
    as_of.COMMAND,
    help_.COMMAND,
    quit_.COMMAND,
)
_OTHER_NAMES = {"exit": "quit", "q": "quit", "?": "help", "h": "help", "asof": "as-of", "threads": "thread"}
_WITHOUT_SLASH = frozenset({"exit", "quit", "help"})


def command_in(line: str) -> tuple[Command, str] | None:
    """The command of a line and what stands after its name; None for a question. Raises BadInput."""
    name, _, argument = line.strip().partition(" ")
    if name.startswith("/"):
        return _named(name[1:].lower()), argument.strip()
    if line.strip() in _WITHOUT_SLASH:
        return _named(name), ""
    word = proposals.spoken(line)
    return None if word is None else (_named(word[0]), word[1])


def _named(name: str) -> Command:
    by_name = {command.name: command for command in COMMANDS}
    found = by_name.get(_OTHER_NAMES.get(name, name))
    if found is None:
        near = get_close_matches(name, by_name, n=1, cutoff=0.5)
        meant = f"did you mean /{near[0]}? " if near else ""
        raise BadInput(f"there is no command /{name}; {meant}/help lists them")
    return found
