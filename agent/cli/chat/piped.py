"""A conversation without a terminal: a line a question, answers on standard output."""

from collections.abc import Iterable

from agent.cli.chat.conversation import Conversation
from agent.cli.chat.turn import DONE, take, worse


def answer_lines(conversation: Conversation, lines: Iterable[str]) -> int:
    """Answer each line in the same thread; empty lines are passed over. Gives the exit code of the worst."""
    worst, is_first = DONE, True
    for line in lines:
        if not line.strip():
            continue
        if not is_first:
            conversation.cli.out.print()
        is_first = False
        worst = worse(worst, take(conversation, line.strip(), conversation.ask))
        conversation.cli.out.file.flush()
        if conversation.is_over:
            break
    return worst
