"""/thread: which conversation this is, and others to carry on."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from agent.cli.chat.command import Command

if TYPE_CHECKING:
    from agent.cli.chat.conversation import Conversation

LONGEST_QUESTION = 60


def change_thread(conversation: "Conversation", argument: str) -> bool:
    """`/thread`, `/thread list`, `/thread new`, `/thread ID`."""
    if argument == "list":
        _list(conversation)
        return True
    if argument == "new":
        from agent.cli.chat.conversation import new_thread

        conversation.go_to(new_thread())
    elif argument:
        conversation.go_to(argument)
    _say_where(conversation)
    return True


def _say_where(conversation: "Conversation") -> None:
    from agent.answer.display import name_text

    known = {one.thread: one for one in conversation.backend.recent_threads()}
    here = known.get(conversation.thread)
    history = f"{_count(here.questions)}, the last: {name_text(here.question)}" if here else "nothing asked yet"
    conversation.cli.out.print(f"thread {name_text(conversation.thread)}: {history}", markup=False)


def _list(conversation: "Conversation") -> None:
    from rich.table import Table
    from rich.text import Text

    from agent.answer.display import name_text

    threads = conversation.backend.recent_threads()
    if not threads:
        conversation.cli.out.print("There is no thread yet; ask a question, and this one begins.")
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("thread", no_wrap=True)
    table.add_column("last asked (UTC)", no_wrap=True)
    table.add_column("questions", justify="right")
    table.add_column("last question", overflow="fold")
    for one in threads:
        text = " ".join(one.question.split())
        shown = text if len(text) <= LONGEST_QUESTION else text[: LONGEST_QUESTION - 1] + "…"
        style = "bold" if one.thread == conversation.thread else ""
        cells = (name_text(one.thread), f"{one.at:%Y-%m-%d %H:%M}", f"{one.questions:,}", name_text(shown))
        table.add_row(*map(Text, cells), style=style)
    conversation.cli.out.print(table)


def _count(questions: int) -> str:
    return "1 question" if questions == 1 else f"{questions:,} questions"


def _choices(conversation: "Conversation", typed: str) -> Sequence[str]:
    backend = conversation.warmup.peek()
    return ("list", "new", *(one.thread for one in (backend.recent_threads() if backend else ())))


COMMAND = Command("thread", "/thread [ID|list|new]", "carry on another conversation", change_thread, _choices)
