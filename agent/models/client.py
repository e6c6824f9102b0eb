"""ModelClient: asks a configured model within an answer's caps, and keeps account of what it used."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage

from agent.models.counts import reported
from agent.models.faults import ModelFault, unreadable
from agent.models.spending import Spending, Tokens, Worth, estimated
from agent.models.stream import Explain, Model, TimeIsUp, read_reply, weight
from agent.settings import ModelCapSettings
from tools.domain.model_usage import ModelUsage

_JUDGE_EVERY = 400
"""Characters of a reply between two looks at the caps on tokens and money."""
OnProgress = Callable[[int], None]
"""Hears how many characters of the reply have come."""


def _unreadable(fault: Exception) -> ModelFault:
    return unreadable()


def _unpriced(usage: ModelUsage) -> None:
    return None


@dataclass(frozen=True)
class ModelClient:
    """What the graph needs to know of a configured model besides the chat model itself."""

    name: str
    provider: str
    """By its name on bills: OpenAI, Self-hosted, …"""
    caps: ModelCapSettings
    price: Callable[[], Worth] = lambda: _unpriced
    """Looks up the prices in force now; once for each answer."""
    explain: Explain = _unreadable
    """The client library's errors as faults of ours."""

    def open_account(self) -> Spending:
        """The account of one answer."""
        return Spending(self.caps, ModelUsage(model=self.name, provider=self.provider), self.price())

    def is_priced(self) -> bool:
        """Whether the model's tokens have a price today."""
        one = ModelUsage(model=self.name, provider=self.provider, requests=1, input_tokens=1, output_tokens=1)
        return self.price()(one) is not None

    def reply(
        self,
        model: Model,
        messages: Sequence[BaseMessage],
        spending: Spending,
        tools_characters: int = 0,
        on_progress: OnProgress | None = None,
    ) -> AIMessage:
        """One reply. Raises ModelFault (CapReached is one); whatever comes of it is on the account."""
        spending.before_request()
        sent = characters_of(messages) + tools_characters
        kept: list[AIMessageChunk] = []

        judged = 0

        def received(characters: int) -> None:
            nonlocal judged
            if characters - judged >= _JUDGE_EVERY:
                judged = characters
                spending.during(sent, characters)
            if on_progress is not None:
                on_progress(characters)

        try:
            return read_reply(model, messages, self.explain, spending.deadline, received, kept)
        except TimeIsUp:
            raise spending.out_of_time() from None
        finally:
            spending.settle(_used(kept, sent))


def characters_of(messages: Sequence[BaseMessage]) -> int:
    """The characters that messages are sent as, about."""
    return sum(
        len(message.text) + (len(json.dumps(message.tool_calls, default=str)) if isinstance(message, AIMessage) else 0)
        for message in messages
    )


def _used(kept: Sequence[AIMessageChunk], sent: int) -> Tokens:
    """The endpoint's own counts where it gives some; a reply that never began is not known to have cost anything."""
    counts = [tokens for chunk in kept if (tokens := reported(chunk.usage_metadata)) is not None]
    if counts:
        return max(counts, key=lambda tokens: tokens.total)
    if not kept:
        return Tokens()
    return estimated(sent, sum(weight(chunk) for chunk in kept))
