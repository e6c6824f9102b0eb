"""Which requests repeat earlier ones, by hash: what an answer given again, or a retry left out, would have cost."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from tools.optimize.ledger import Ledger
from tools.optimize.llm.facts import llm_facts
from tools.optimize.llm.request_rows import REQUEST_HASH, request_rows
from tools.registry import ToolContext

Avoided = dict[tuple[str | None, str], Fraction]
"""(Service tier, token type) → cost of the period."""


@dataclass
class Repeats:
    """Costs and requests by how late a request repeats one that was answered.

    soon: within the retry time; low and expected: after it, within a time to live; high: at any time after it; failed:
    requests that brought no answer.
    """

    costs: dict[str, Avoided] = field(default_factory=lambda: defaultdict(dict))
    requests: dict[str, int] = field(default_factory=dict)
    counted: int = 0
    """All requests of the slice."""


def repeats(ctx: ToolContext, ledger: Ledger) -> Mapping[str, Repeats]:
    """By slice id. Requests of the same instant repeat nothing: no answer is there yet."""
    found: dict[str, Repeats] = defaultdict(Repeats)
    period = ledger.period
    for slice_, tier, kind, counted, *figures in ctx.store.query(_query(ctx), (period.start, period.end)).rows:
        one = found[slice_]
        one.counted += int(counted)
        for name, cost, requests in zip(_WHEN, figures[::2], figures[1::2], strict=True):
            one.costs[name][tier, kind] = Fraction(cost or 0)
            one.requests[name] = one.requests.get(name, 0) + int(requests or 0)
    return found


def _when() -> Mapping[str, str]:
    """Conditions on how long before its request the last answered one with the same hash was."""
    facts = llm_facts().response_cache
    later = f"NOT has_failed AND gap > {facts.retry_seconds}"
    return {
        "soon": f"NOT has_failed AND gap <= {facts.retry_seconds}",
        "low": f"{later} AND gap <= {facts.ttl_seconds.low}",
        "expected": f"{later} AND gap <= {facts.ttl_seconds.expected}",
        "high": later,
        "failed": "has_failed",
    }


_WHEN = ("soon", "low", "expected", "high", "failed")


def _query(ctx: ToolContext) -> str:
    figures = ", ".join(f"SUM(cost) FILTER ({one}), SUM(requests) FILTER ({one})" for one in _when().values())
    return f"""
WITH rows_ AS ({request_rows(ctx, REQUEST_HASH)}),
gaps AS (
    SELECT *, epoch_us(moment - MAX(moment) FILTER (NOT has_failed) OVER (
        PARTITION BY slice, "{REQUEST_HASH}" ORDER BY moment
        RANGE BETWEEN UNBOUNDED PRECEDING AND INTERVAL 1 MICROSECOND PRECEDING
    )) / 1000000 AS gap
    FROM rows_ WHERE "{REQUEST_HASH}" IS NOT NULL
    UNION ALL BY NAME SELECT *, NULL AS gap FROM rows_ WHERE "{REQUEST_HASH}" IS NULL
)
SELECT slice, tier, kind, COALESCE(SUM(requests), 0), {figures} FROM gaps GROUP BY ALL ORDER BY ALL
""".strip()
