"""What one answer has used of the model, beside what it may use."""

from collections.abc import Callable
from dataclasses import dataclass, field
from time import monotonic

from agent.models.faults import CapReached
from agent.settings import ModelCapSettings
from tools.domain.model_usage import ModelUsage
from tools.domain.money import Money

CHARACTERS_PER_TOKEN = 4
"""English in OpenAI's tokenisers, about; used where an endpoint does not count, and while a reply is under way."""
MOST_BELIEVED = 20_000_000
"""Tokens of one request; a count above it is an endpoint's mistake or lie."""

Worth = Callable[[ModelUsage], Money | None]


@dataclass(frozen=True)
class Tokens:
    """Disjoint counts of one request."""

    input: int = 0
    cached: int = 0
    output: int = 0
    reasoning: int = 0
    is_counted: bool = True

    @property
    def total(self) -> int:
        return self.input + self.cached + self.output + self.reasoning


def estimated(sent_characters: int, received_characters: int) -> Tokens:
    """Tokens told from characters, rounded up."""
    return Tokens(_tokens(sent_characters), 0, _tokens(received_characters), 0, is_counted=False)


@dataclass
class Spending:
    """The running account of one answer. `usage` starts empty, with model and provider."""

    caps: ModelCapSettings
    usage: ModelUsage
    worth: Worth
    """What usage costs by price list; None when the model has no price."""
    started: float = field(default_factory=monotonic)

    @property
    def deadline(self) -> float:
        return self.started + self.caps.seconds

    def before_request(self) -> None:
        """Raises CapReached when there is nothing left for another request."""
        if self.usage.requests >= self.caps.requests:
            raise CapReached(f"{self.caps.requests} requests are the cap for one answer", "requests")
        if monotonic() >= self.deadline:
            raise self.out_of_time()
        self._check(self.usage)

    def during(self, sent_characters: int, received_characters: int) -> None:
        """Raises CapReached when the reply under way has passed a cap."""
        if monotonic() >= self.deadline:
            raise self.out_of_time()
        self._check(self._with(estimated(sent_characters, received_characters)))

    def settle(self, tokens: Tokens) -> None:
        """Add a request that is over, whatever came of it."""
        self.usage = self._with(tokens)

    def out_of_time(self) -> CapReached:
        return CapReached(f"{self.caps.seconds} seconds are the cap for one answer", "seconds")

    def _check(self, usage: ModelUsage) -> None:
        if usage.tokens > self.caps.tokens:
            raise CapReached(f"{self.caps.tokens:,} tokens are the cap for one answer", "tokens")
        cost = self.worth(usage)
        if cost is not None and cost.amount > self.caps.money:
            raise CapReached(f"{self.caps.money} {cost.currency} is the cap for one answer", "money")

    def _with(self, tokens: Tokens) -> ModelUsage:
        used = self.usage
        more = used.model_copy(
            update={
                "requests": used.requests + 1,
                "input_tokens": used.input_tokens + tokens.input,
                "cached_input_tokens": used.cached_input_tokens + tokens.cached,
                "output_tokens": used.output_tokens + tokens.output,
                "reasoning_tokens": used.reasoning_tokens + tokens.reasoning,
                "is_counted": used.is_counted and tokens.is_counted,
            }
        )
        cost = self.worth(more)
        return more.model_copy(update={"cost": cost.amount, "currency": cost.currency} if cost else {"cost": None})


def _tokens(characters: int) -> int:
    return -(-characters // CHARACTERS_PER_TOKEN)
