"""/persona: whose words answers use."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from agent.cli.chat.command import Command

if TYPE_CHECKING:
    from agent.cli.chat.conversation import Conversation


def set_persona(conversation: "Conversation", argument: str) -> bool:
    """`/persona finance`, `/persona none`; without one, say which it is and which there are. Raises BadInput."""
    from agent.personas import persona_named

    if argument:
        conversation.persona = None if argument == "none" else persona_named(argument).id
    chosen, known = conversation.persona or "none", ", ".join(_known())
    conversation.cli.out.print(f"persona {chosen}; there are {known}", markup=False)
    return True


def _choices(conversation: "Conversation", typed: str) -> Sequence[str]:
    return (*_known(), "none")


def _known() -> list[str]:
    from agent.personas import personas

    return [one.id for one in personas()]


COMMAND = Command("persona", "/persona [NAME|none]", "whose next steps answers offer", set_persona, _choices)
