"""Messages as the model reads them, within a number of characters however long the conversation grows.

The checkpointed messages name handles. The model sees this question's results by their head, and of what came before
the newest turns that still fit; a call never stands without its result.
"""

from collections.abc import Iterator, Sequence

from langchain_core.messages import AIMessage, AnyMessage, HumanMessage, SystemMessage, ToolMessage

from agent.graph.heads import LONGEST_HEAD, SHORTEST_HEAD, head
from agent.graph.state import Run
from agent.models.client import characters_of

CHECK = "check"
"""The name of a message that sends a draft back."""
MOST_MESSAGES = 60
DEFAULT_CHARACTERS = 48_000


def for_model(run: Run, messages: Sequence[AnyMessage], limit: int = DEFAULT_CHARACTERS) -> list[AnyMessage]:
    """System message first, then the question with its newest rounds, before it the newest turns that fit."""
    start = question_at(messages)
    room = limit - len(run.system) - characters_of(messages[start : start + 1])
    rounds = list(_split(messages[start + 1 :], AIMessage))
    kept = _newest(_with_heads(run, rounds, room), room, MOST_MESSAGES)
    room -= characters_of(kept)
    turns = list(_split(messages[:start], HumanMessage))
    before = _newest(turns, room, MOST_MESSAGES - len(kept) - 1)
    return [SystemMessage(run.system), *before, *messages[start : start + 1], *kept]


def question_at(messages: Sequence[AnyMessage]) -> int:
    """Where the newest question of a person stands; what the check sends back is none."""
    asked = (i for i, message in enumerate(messages) if isinstance(message, HumanMessage) and message.name != CHECK)
    return max(asked, default=0)


def _with_heads(run: Run, rounds: list[list[AnyMessage]], room: int) -> list[list[AnyMessage]]:
    """Each result as long a head as all of them leave room for."""
    bare = sum(characters_of(one) for one in rounds)
    number = max(1, len(run.handle_of_call))
    share = min(LONGEST_HEAD, max(SHORTEST_HEAD, (room - bare) // number))
    return [[_with_head(run, message, share) for message in one] for one in rounds]


def _with_head(run: Run, message: AnyMessage, limit: int) -> AnyMessage:
    if not isinstance(message, ToolMessage):
        return message
    handle = run.handle_of_call.get(message.tool_call_id)
    if handle is None:
        return message
    return message.model_copy(update={"content": head(handle, run.results[handle], limit)})


def _split(messages: Sequence[AnyMessage], first: type[AIMessage] | type[HumanMessage]) -> Iterator[list[AnyMessage]]:
    """Runs of messages that begin with one of a kind; a draft sent back belongs to the run of its draft."""
    run: list[AnyMessage] = []
    for message in messages:
        if isinstance(message, first) and message.name != CHECK and run:
            yield run
            run = []
        run.append(message)
    if run:
        yield run


def _newest(runs: Sequence[list[AnyMessage]], room: int, most: int) -> list[AnyMessage]:
    """The newest whole runs that fit, oldest first."""
    kept: list[AnyMessage] = []
    for run in reversed(runs):
        room -= characters_of(run)
        if room < 0 or len(kept) + len(run) > most:
            break
        kept = [*run, *kept]
    return kept
