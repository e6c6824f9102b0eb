"""/persona: whose words answers use."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from agent.cli.chat.command import Command

if TYPE_CHECKING:
    from agent.cli.chat.conversation import Conversation

PERSONAS = ("finance", "engineering", "leadership", "product", "finops_practitioner", "ml_platform")


def set_persona(conversation: "Conversation", argument: str) -> bool:
    """`/persona finance`, `/persona none`; without one, say which it is and which there are."""
    if argument:
        conversation.persona = None if argument == "none" else argument
    chosen = conversation.persona or "none"
    conversation.cli.out.print(f"persona {chosen}; there are {', '.join(PERSONAS)}", markup=False)
    return True


def _choices(conversation: "Conversation", typed: str) -> Sequence[str]:
    return (*PERSONAS, "none")


COMMAND = Command("persona", "/persona [NAME|none]", "whose words and grain answers use", set_persona, _choices)
