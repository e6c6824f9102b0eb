"""/help: what there is to type."""

from typing import TYPE_CHECKING

from agent.cli.chat.command import Command

if TYPE_CHECKING:
    from agent.cli.chat.conversation import Conversation

KEYS = (
    ("Enter", "ask"),
    ("Esc Enter, or \\ at the end", "a new line in the same question"),
    ("Tab", "complete a command or a name in the data"),
    ("Up, Ctrl-R", "earlier questions"),
    ("Ctrl-C", "stop the answer, or clear the line"),
    ("Ctrl-D", "leave; `--thread ID` carries on later"),
)


def show_help(conversation: "Conversation", argument: str) -> bool:
    """Commands and keys."""
    from rich.table import Table
    from rich.text import Text

    from agent.cli.chat.commands import COMMANDS

    table = Table(box=None, pad_edge=False, show_header=False)
    table.add_column(no_wrap=True)
    table.add_column()
    for command in COMMANDS:
        table.add_row(Text(command.usage, style="bold"), Text(command.summary))
    table.add_row("", "")
    for keys, effect in KEYS:
        table.add_row(Text(keys, style="bold"), Text(effect))
    conversation.cli.out.print(Text("Ask in plain words: spend by team last month; then: and in September?\n"))
    conversation.cli.out.print(table)
    return True


COMMAND = Command("help", "/help", "what there is to type", show_help)
