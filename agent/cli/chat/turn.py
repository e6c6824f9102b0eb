"""One line of a conversation: a command is run, a question asked, and what comes of it is shown."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from agent.cli.ask import EXIT_CODES, show_answer
from agent.cli.chat.commands import command_in
from tools.domain.errors import OutlayError

if TYPE_CHECKING:
    from agent.cli.chat.conversation import Conversation
    from tools.domain.answer import Answer

DONE, FAILED, WRONG_USE = 0, 1, 2
BEST_TO_WORST = (DONE, 3, WRONG_USE, FAILED)


def take(conversation: "Conversation", line: str, ask: "Callable[[str], Answer]") -> int:
    """Run or ask a line, show the outcome, and give its exit code. A fault is one sentence on standard error."""
    try:
        command = command_in(line)
        if command is not None:
            return DONE if command[0].run(conversation, command[1]) else FAILED
    except OutlayError as fault:
        return _say(conversation, fault, WRONG_USE)
    try:
        answer = ask(line)
    except OutlayError as fault:
        return _say(conversation, fault, FAILED)
    show_answer(conversation.cli, answer, as_json=False, sql=False, rest="/export FILE.csv")
    return EXIT_CODES[answer.status]


def worse(one: int, other: int) -> int:
    """The worse of two exit codes: failed, then wrong use, then no answer."""
    return max(one, other, key=BEST_TO_WORST.index)


def _say(conversation: "Conversation", fault: OutlayError, code: int) -> int:
    from rich.text import Text

    conversation.cli.err.print(Text(f"outlay: {fault}", style="red"), soft_wrap=True)
    return code
