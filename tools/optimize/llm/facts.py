"""Facts and assumptions behind the levers on token spend: knowledge/llm_facts.yaml, typed."""

from datetime import date
from decimal import Decimal
from functools import cache

import yaml
from pydantic import BaseModel, ConfigDict

import knowledge


class _Fact(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Seconds(_Fact):
    low: int
    expected: int


class ResponseCacheFacts(_Fact):
    """How long an answer may be given again, and how near two requests have to be."""

    ttl_seconds: Seconds
    judgement: bool
    retry_seconds: int
    """A repeat within so many seconds is a retry, not someone else's question."""
    near_bits: int
    near_cosine: Decimal
    source: str
    checked: date


class CacheVariant(_Fact):
    """One way in which a provider caches prompts; `read` and `write` are factors of the input price."""

    name: str
    ttl_seconds: int
    read: Decimal
    write: Decimal
    own_write_price: bool = False
    """Whether a price of cache_write tokens is this variant's."""


class PromptCacheRule(_Fact):
    """How the models of a developer cache prompts."""

    developer: str
    minimum_tokens: int
    by_model: dict[str, int] = {}
    step_tokens: int
    variants: tuple[CacheVariant, ...]
    how: str
    source: str
    checked: date

    def minimum(self, model: str) -> int:
        """Prompts with fewer tokens are not cached; the longest start of a name wins."""
        starts = [start for start in self.by_model if model.startswith(start)]
        return self.by_model[max(starts, key=len)] if starts else self.minimum_tokens


class LlmFacts(_Fact):
    """The whole file."""

    response_cache: ResponseCacheFacts
    answered_statuses: tuple[str, ...]
    prompt_caches: tuple[PromptCacheRule, ...]
    cache_ready_seconds: int
    """A prefix that was sent less than so many seconds ago may not be cached yet: the lower end of a range."""


@cache
def llm_facts() -> LlmFacts:
    """Read and check the file."""
    return LlmFacts.model_validate(yaml.safe_load(knowledge.read("llm_facts.yaml")))
