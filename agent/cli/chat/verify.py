"""/verify: run the queries behind an answer again."""

from typing import TYPE_CHECKING

from agent.cli.chat.command import Command

if TYPE_CHECKING:
    from agent.cli.chat.conversation import Conversation


def verify_last(conversation: "Conversation", argument: str) -> bool:
    """The last answer, or the one named; False when a figure does not hold."""
    from agent.app import verify_answer
    from agent.cli.terminal import print_verification

    report = verify_answer(conversation.backend.settings, argument or conversation.last().id)
    print_verification(conversation.cli.out, report)
    return report.holds


COMMAND = Command("verify", "/verify [ANSWER_ID]", "run its queries again and compare", verify_last)
