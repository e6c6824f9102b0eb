"""One streamed reply, read in a thread of its own, so that no endpoint can hold an answer longer than its caps."""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextvars import copy_context
from queue import Empty, Full, Queue
from time import monotonic

from langchain_core.language_models import LanguageModelInput
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage
from langchain_core.messages.ai import add_ai_message_chunks
from langchain_core.runnables import Runnable

from agent.models.faults import CapReached, ModelFault, broken_off, unreadable

MOST_CALLS = 16
"""Tool calls in one reply; a reply with more is stopped."""
LONGEST_REPLY = 100_000
"""Characters of text and arguments in one reply."""
_AHEAD = 64
_LOOK_EVERY_SECONDS = 0.2

Explain = Callable[[Exception], ModelFault]
Model = Runnable[LanguageModelInput, AIMessage]


class _End:
    """The stream is over."""


def read_reply(
    model: Model,
    messages: Sequence[BaseMessage],
    explain: Explain,
    deadline: float,
    received: Callable[[int], None],
    kept: list[AIMessageChunk],
) -> AIMessage:
    """The whole reply. `received` hears the characters so far and may raise to stop; `kept` gets each chunk at once.

    Raises ModelFault for everything that an endpoint can do wrong, CapReached past a limit, TimeIsUp at `deadline`
    (monotonic).
    """
    characters = 0
    calls: set[object] = set()
    for chunk in _chunks(model, list(messages), explain, deadline):
        if not isinstance(chunk, AIMessageChunk):
            raise unreadable()
        kept.append(chunk)
        characters += weight(chunk)
        calls |= {part.get("index") for part in chunk.tool_call_chunks}
        if len(calls) > MOST_CALLS:
            raise CapReached(f"{MOST_CALLS} calls are the cap for one reply", "requests")
        if characters > LONGEST_REPLY:
            raise CapReached(f"{LONGEST_REPLY:,} characters are the cap for one reply", "tokens")
        received(characters)
    if not kept:
        raise unreadable()
    if not any(chunk.response_metadata.get("finish_reason") for chunk in kept):
        raise broken_off()
    try:
        return add_ai_message_chunks(kept[0], *kept[1:])
    except (TypeError, ValueError, AttributeError, KeyError):
        raise unreadable() from None


def weight(chunk: AIMessageChunk) -> int:
    """The characters that a chunk adds: text, names and arguments of calls, and what else came with it."""
    calls = sum(len(part.get("args") or "") + len(part.get("name") or "") for part in chunk.tool_call_chunks)
    return len(str(chunk.content)) * bool(chunk.content) + calls + len(str(chunk.additional_kwargs or ""))


def _chunks(model: Model, messages: list[BaseMessage], explain: Explain, deadline: float) -> Iterator[BaseMessage]:
    """What the model streams, until `deadline`; the reading thread ends by itself once nobody listens."""
    queue: Queue[BaseMessage | Exception | _End] = Queue(_AHEAD)
    stopped = threading.Event()
    context = copy_context()
    reader = threading.Thread(
        target=context.run, args=(_read, model, messages, queue, stopped), name="model-reply", daemon=True
    )
    reader.start()
    try:
        while True:
            item = _next(queue, deadline)
            if isinstance(item, _End):
                return
            if isinstance(item, ModelFault):
                raise item
            if isinstance(item, Exception):
                raise explain(item) from item
            yield item
    finally:
        stopped.set()


def _next(queue: "Queue[BaseMessage | Exception | _End]", deadline: float) -> BaseMessage | Exception | _End:
    try:
        return queue.get(timeout=max(0.0, deadline - monotonic()))
    except Empty:
        raise TimeIsUp from None


class TimeIsUp(Exception):
    """The deadline passed while nothing came."""


def _read(
    model: Model, messages: list[BaseMessage], queue: "Queue[BaseMessage | Exception | _End]", stopped: threading.Event
) -> None:
    ending: Exception | _End = _End()
    try:
        for chunk in model.stream(messages):
            if not _put(queue, chunk, stopped):
                return
    except Exception as fault:  # noqa: BLE001 - what an endpoint sends can break its client anywhere; `explain` names it
        ending = fault
    _put(queue, ending, stopped)


def _put(
    queue: "Queue[BaseMessage | Exception | _End]", item: BaseMessage | Exception | _End, stopped: threading.Event
) -> bool:
    while not stopped.is_set():
        try:
            queue.put(item, timeout=_LOOK_EVERY_SECONDS)
            return True
        except Full:
            continue
    return False
