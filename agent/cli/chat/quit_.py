"""/quit: leave."""

from typing import TYPE_CHECKING

from agent.cli.chat.command import Command

if TYPE_CHECKING:
    from agent.cli.chat.conversation import Conversation


def leave(conversation: "Conversation", argument: str) -> bool:
    conversation.is_over = True
    return True


COMMAND = Command("quit", "/quit", "leave, as Ctrl-D does", leave)
