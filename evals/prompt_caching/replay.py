"""A direct replay of prompts through a prompt cache, request by request. Shares no code with tools/optimize.

Written from the providers' pages: a prefix is cached for a time that starts anew at each use; a request reads the
longest prefix that is cached, in whole steps, if it has at least the minimum of tokens, and writes what follows.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class Request:
    """One prompt. `at` is in seconds; `blocks` are hashes over the prompt up to each block's end."""

    at: Decimal
    tokens: int
    blocks: tuple[int, ...]


@dataclass(frozen=True)
class Way:
    """How a provider caches. Prices are USD per million tokens."""

    name: str
    ttl_seconds: int | None
    minimum: int
    step: int
    price: Decimal
    read: Decimal
    write: Decimal


@dataclass(frozen=True)
class Outcome:
    """Tokens of all prompts, and USD."""

    prompt: int
    read: int
    written: int
    plain_cost: Decimal
    cost: Decimal

    def at(self, way: Way) -> Decimal:
        """What these tokens cost at another way's prices."""
        plain = self.prompt - self.read - self.written
        return (self.read * way.read + self.written * way.write + plain * way.price) / Decimal(1_000_000)

    @property
    def saving(self) -> Decimal:
        return self.plain_cost - self.cost


def replayed(requests: Iterable[Request], way: Way, block_tokens: int) -> Outcome:
    """All requests in their order, summed."""
    each = list(replayed_each(requests, way, block_tokens))
    prompt, read, written = (sum(getattr(one, name) for one in each) for name in ("prompt", "read", "written"))
    return Outcome(prompt, read, written, sum((one.plain_cost for one in each), Decimal(0)),
                   sum((one.cost for one in each), Decimal(0)))  # fmt: skip


def replayed_each(requests: Iterable[Request], way: Way, block_tokens: int) -> Iterator[Outcome]:
    """Each request, in their order."""
    last_use: dict[int, Decimal] = {}
    million = Decimal(1_000_000)
    for one in requests:
        known = 0
        for block in one.blocks:
            used = last_use.get(block)
            if used is None or (way.ttl_seconds is not None and one.at - used > way.ttl_seconds):
                break
            known += 1
        for block in one.blocks:
            last_use[block] = one.at
        tokens = min(known * block_tokens, one.tokens)
        read = tokens // way.step * way.step if tokens >= way.minimum else 0
        written = one.tokens - read if one.tokens >= way.minimum else 0
        cost = (read * way.read + written * way.write + (one.tokens - read - written) * way.price) / million
        yield Outcome(one.tokens, read, written, one.tokens * way.price / million, cost)
