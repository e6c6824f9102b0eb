"""What Tab offers: commands after a slash, else names from the data."""

from collections.abc import Iterable

from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document

from agent.cli.chat.commands import COMMANDS
from agent.cli.chat.conversation import Conversation
from agent.cli.chat.matching import matches
from tools.domain.errors import OutlayError


class ChatCompleter(Completer):
    """Runs on a thread of its own. Until the agent is warm there are no names, and nobody waits for them."""

    def __init__(self, conversation: Conversation) -> None:
        self._conversation = conversation

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterable[Completion]:
        text = document.text_before_cursor
        if not text.startswith("/"):
            return self._names(text)
        return self._choices(text) if " " in text else _commands(text)

    def _choices(self, text: str) -> Iterable[Completion]:
        name, _, typed = text[1:].partition(" ")
        word = typed.rsplit(" ", 1)[-1]
        for command in COMMANDS:
            if command.name == name:
                for choice in command.choices(self._conversation, typed):
                    if choice.startswith(word):
                        yield Completion(choice, start_position=-len(word))

    def _names(self, text: str) -> Iterable[Completion]:
        backend = self._conversation.warmup.peek()
        if backend is None:
            return
        try:
            names = backend.names(self._conversation.as_of)
        except OutlayError:
            return
        for match in matches(text, names):
            yield Completion(match.name.text, start_position=-match.length, display_meta=match.name.kind)


def _commands(text: str) -> Iterable[Completion]:
    for command in COMMANDS:
        if command.name.startswith(text[1:].lower()):
            yield Completion(f"/{command.name}", start_position=-len(text), display_meta=command.summary)
