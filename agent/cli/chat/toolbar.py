"""The line below the prompt: thread, persona, day, and how far the data go."""

from prompt_toolkit.formatted_text import StyleAndTextTuples

from agent.cli.chat.conversation import Conversation
from tools.domain.errors import OutlayError


def toolbar(conversation: Conversation) -> StyleAndTextTuples:
    """Style and text pairs."""
    parts = [f"thread {conversation.thread}"]
    if conversation.persona:
        parts.append(conversation.persona)
    if conversation.model:
        parts.append(conversation.model)
    parts.append(f"as of {conversation.as_of}")
    freshness, is_warning = _freshness(conversation)
    return [
        ("class:bottom-toolbar", f" {' · '.join(map(_printable, parts))} · "),
        ("class:bottom-toolbar.warning" if is_warning else "class:bottom-toolbar", freshness),
    ]


def _freshness(conversation: Conversation) -> tuple[str, bool]:
    begun = conversation.warmup.start() if conversation.warmup.has_begun else None
    if begun is None or not begun.done():
        return "warming up", False
    if begun.exception() is not None:
        return "not ready: outlay doctor says why", True
    try:
        through = begun.result().loaded_through()
    except OutlayError:
        return "the data can't be read: outlay doctor says why", True
    return (f"data through {through}", False) if through else ("no data yet: outlay demo", True)


def _printable(text: str) -> str:
    return "".join(character if character.isprintable() else "?" for character in text)
