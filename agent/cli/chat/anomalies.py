"""/anomalies: what is unusual; with an id and a verdict, what you say of it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from agent.cli.chat.arguments import only, words_of
from agent.cli.chat.command import Command

if TYPE_CHECKING:
    from agent.cli.chat.conversation import Conversation

USAGE = "/anomalies [ID yes|no|planned]"
QUESTION = "Are there any anomalies?"


def anomalies(conversation: "Conversation", argument: str) -> bool:
    """`/anomalies` asks for them, so that the conversation goes on from there; `/anomalies A-1b2c3d4 planned`."""
    from agent.app import give_anomaly_feedback

    words = words_of(argument)
    if not words:
        return _list(conversation)
    only(words[2:] or (words if len(words) == 1 else []), USAGE)
    give_anomaly_feedback(conversation.backend.settings, words[0], words[1], conversation.as_of)
    conversation.cli.out.print(f"{words[0]}: {words[1]}", markup=False)
    return True


def _list(conversation: "Conversation") -> bool:
    from agent.cli.ask import show_answer

    answer = conversation.ask(QUESTION)
    show_answer(conversation.cli, answer, as_json=False, sql=False, rest="/export FILE.csv")
    return answer.status == "answered"


def _choices(conversation: "Conversation", typed: str) -> Sequence[str]:
    return ("yes", "no", "planned")


COMMAND = Command("anomalies", USAGE, "what is unusual; or what you say of it", anomalies, _choices)
