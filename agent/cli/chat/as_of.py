"""/as-of: the day that questions are asked as of."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from agent.cli.chat.command import Command
from tools.domain.errors import BadInput

if TYPE_CHECKING:
    from agent.cli.chat.conversation import Conversation


def set_day(conversation: "Conversation", argument: str) -> bool:
    """`/as-of 2026-10-31`, `/as-of today`; without a day, say which it is."""
    if argument == "today":
        conversation.day = None
    elif argument:
        conversation.day = _day(argument)
    conversation.cli.out.print(f"as of {conversation.as_of}{'' if conversation.day else ' (today)'}")
    return True


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadInput(f"{text!r} is not a day; write /as-of 2026-10-31, or /as-of today") from None


def _choices(conversation: "Conversation", typed: str) -> Sequence[str]:
    return ("today", conversation.as_of.isoformat())


COMMAND = Command("as-of", "/as-of [DATE|today]", "ask as if today were another day", set_day, _choices)
