"""Replay of a period's prompts through a provider's prompt cache, by the hashes of their blocks; in SQL.

A block's hash is taken over the prompt up to the block's end (as vLLM's and Mooncake's are), so that equal hashes mean
equal prefixes. The cache holds everything for its time to live, which starts anew at each use; who shares it is the
`scope` of tools.optimize.llm.request_rows.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from tools.domain.period import Period
from tools.optimize.llm.facts import CacheVariant
from tools.optimize.llm.request_rows import BLOCK_TOKENS, PREFIX_HASHES, request_rows
from tools.registry import ToolContext


@dataclass(frozen=True)
class CacheRules:
    """What the replay needs of a provider's rule."""

    minimum_tokens: int
    step_tokens: int
    variants: tuple[CacheVariant, ...]
    ready_seconds: int


class Replayed(NamedTuple):
    """A slice's prompts at one service tier, through one variant of the cache. Counts are tokens of the period."""

    slice: str
    tier: str | None
    variant: int
    requests: int
    prompt: int
    cost: Decimal
    """What these prompts cost as they were."""
    read: int
    """From the cache, were it filled at once."""
    read_when_ready: int
    """The same without prefixes whose last use is so fresh that they may not be cached yet."""
    written: int
    """Everything after what is read, of prompts that are long enough to be cached."""
    written_in_need: int
    """Only blocks that a later prompt reads within the time to live."""

    def plus(self, other: "Replayed") -> "Replayed":
        counts = {name: getattr(self, name) + getattr(other, name) for name in self._fields[3:]}
        return self._replace(**counts)


def summed(rows: Iterable[Replayed]) -> Sequence[Replayed]:
    """One row for each slice, tier and variant: that of scopes that share no cache are added up."""
    sums: dict[tuple[str, str | None, int], Replayed] = {}
    for row in rows:
        key = (row.slice, row.tier, row.variant)
        sums[key] = sums[key].plus(row) if key in sums else row
    return tuple(sums.values())


class Blocks(NamedTuple):
    """How a scope's prompts are cut: tokens a block lie between `least` and `most`; `given` is what records say."""

    scope: str
    given: int | None
    least: int
    most: int | None
    is_chained: bool
    """False when a hash follows different ones: then it is of its block alone, and says nothing of the prefix."""

    @property
    def tokens(self) -> int | None:
        """Tokens a block: as given, else a power of two in the range, else its lower end; None when none fits."""
        if self.given is not None:
            return self.given
        if self.most is not None and self.most < self.least:
            return None
        power = 1 << (self.least - 1).bit_length()
        return power if self.most is not None and power <= self.most else self.least


def block_sizes(ctx: ToolContext, period: Period) -> Sequence[Blocks]:
    """How each scope's prompts are cut."""
    sql = f"""
WITH {_prompts(ctx)},
followed AS (
    SELECT scope, block, COUNT(DISTINCT COALESCE(before, '')) AS ways FROM (
        SELECT scope, unnest(blocks) AS block, unnest(list_prepend(NULL, blocks[:-2])) AS before FROM prompts
    ) GROUP BY ALL
)
SELECT scope, MAX(TRY_CAST(given AS INTEGER)), CAST(MAX((tokens + len(blocks) - 1) // len(blocks)) AS INTEGER),
    CAST(MIN(CASE WHEN len(blocks) > 1 THEN (tokens - 1) // (len(blocks) - 1) END) AS INTEGER),
    scope NOT IN (SELECT scope FROM followed WHERE ways > 1)
FROM prompts GROUP BY 1 ORDER BY 1
""".strip()
    return [Blocks(*row) for row in ctx.store.query(sql, (period.start, period.end)).rows]


def why_unusable(blocks: Sequence[Blocks]) -> str | None:
    """Why no prompt can be replayed; None where some can."""
    if not blocks:
        return f"usage records of this period with block hashes of the prompt ({PREFIX_HASHES})"
    if not any(one.is_chained for one in blocks):
        return f"{PREFIX_HASHES} whose hashes are over the prompt up to each block's end; these are of each block alone"
    if not any(one.is_chained and one.tokens is not None for one in blocks):
        return f"how many tokens a block of {PREFIX_HASHES} has (--set {BLOCK_TOKENS}=N): no size fits all prompts"
    return None


def replay(ctx: ToolContext, period: Period, scope: str, block_tokens: int, rules: CacheRules) -> Sequence[Replayed]:
    """All prompts of a scope through each variant, by slice and tier."""
    variants = ", ".join(f"({number}, {one.ttl_seconds})" for number, one in enumerate(rules.variants))
    sql = f"""
WITH {_prompts(ctx)},
requests AS (
    SELECT *, row_number() OVER (ORDER BY moment, slice, blocks) AS n
    FROM (SELECT * EXCLUDE (times), unnest(range(times)) AS copy FROM prompts WHERE scope = ?)
),
used AS (
    SELECT n, i, moment - LAG(moment) OVER by_block AS since, LEAD(moment) OVER by_block - moment AS until
    FROM (SELECT n, moment, unnest(blocks) AS block, generate_subscripts(blocks, 1) AS i FROM requests)
    WINDOW by_block AS (PARTITION BY block ORDER BY moment, n)
),
variants(variant, ttl) AS (VALUES {variants}),
prefixes AS (
    SELECT variant, n,
        COALESCE(MIN(i) FILTER (since IS NULL OR since > to_seconds(ttl)), MAX(i) + 1) - 1 AS hits,
        COALESCE(MIN(i) FILTER (since IS NULL OR since > to_seconds(ttl)
            OR since < to_seconds({rules.ready_seconds})), MAX(i) + 1) - 1 AS ready_hits,
        COALESCE(MAX(i) FILTER (until <= to_seconds(ttl)), 0) AS needed
    FROM used, variants GROUP BY ALL
),
counted AS (
    SELECT variant, slice, tier, tokens, CASE WHEN copy = 0 THEN cost ELSE 0 END AS cost,
        {_read("hits", block_tokens, rules)} AS read,
        {_read("ready_hits", block_tokens, rules)} AS read_when_ready,
        GREATEST({_read("needed", block_tokens, rules)}, {_read("hits", block_tokens, rules)}) AS needed
    FROM prefixes JOIN requests USING (n)
)
SELECT slice, tier, variant, COUNT(*), CAST(SUM(tokens) AS BIGINT), SUM(cost), CAST(SUM(read) AS BIGINT),
    CAST(SUM(read_when_ready) AS BIGINT),
    CAST(SUM(CASE WHEN tokens >= {rules.minimum_tokens} THEN tokens - read ELSE 0 END) AS BIGINT),
    CAST(SUM(needed - read) AS BIGINT)
FROM counted GROUP BY ALL ORDER BY ALL
""".strip()
    return [Replayed(*row) for row in ctx.store.query(sql, (period.start, period.end, scope)).rows]


def _read(blocks: str, block_tokens: int, rules: CacheRules) -> str:
    """Tokens of so many leading blocks, in whole steps; 0 under the minimum."""
    tokens = f"LEAST({blocks} * {block_tokens}, tokens)"
    whole = f"{tokens} // {rules.step_tokens} * {rules.step_tokens}"
    return f"CASE WHEN {tokens} >= {rules.minimum_tokens} THEN {whole} ELSE 0 END"


def _prompts(ctx: ToolContext) -> str:
    """Requests with the tokens and blocks of their prompts; `times` alike ones of one instant stand in one row."""
    return f"""rows_ AS ({request_rows(ctx, PREFIX_HASHES, BLOCK_TOKENS)}),
prompts AS (
    SELECT scope, slice, tier, moment, given, times, cost, CAST(tokens AS BIGINT) // times AS tokens,
        string_split_regex(trim("{PREFIX_HASHES}", '[]" '), '[",;\\s]+') AS blocks
    FROM (
        SELECT scope, slice, tier, moment, "{PREFIX_HASHES}", MAX("{BLOCK_TOKENS}") AS given,
            GREATEST(COUNT(requests), 1) AS times,
            SUM(quantity) FILTER (kind IN ('input', 'cached_input', 'cache_write')) AS tokens,
            SUM(cost) FILTER (kind IN ('input', 'cached_input', 'cache_write')) AS cost
        FROM rows_ WHERE "{PREFIX_HASHES}" IS NOT NULL GROUP BY scope, slice, tier, moment, "{PREFIX_HASHES}"
    ) WHERE tokens > 0
)"""
