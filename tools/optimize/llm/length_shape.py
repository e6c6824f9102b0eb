"""Whether every prompt has grown, or only the long ones: the quantiles of single requests, now and before."""

from datetime import timedelta

from tools.optimize.ledger import Ledger
from tools.optimize.llm.length_drift import BASELINE_DAYS, Drift
from tools.optimize.llm.slices import slice_id
from tools.registry import ToolContext

GROWN = 1.1


def shape(ctx: ToolContext, ledger: Ledger, drift: Drift) -> str:
    """A sentence; it says so where records are sums of many requests, which have no quantiles."""
    sql = f"""
WITH given AS (SELECT CAST(? AS DATE) AS first, CAST(? AS DATE) AS start, CAST(? AS DATE) AS after),
single AS (
    SELECT "ChargePeriodStart" AS moment, "ChargeDay" >= start AS is_now,
        SUM("ConsumedQuantity") FILTER ("x_TokenType" IN ('input', 'cached_input', 'cache_write')) AS tokens
    FROM charges, given
    WHERE "ChargeDay" >= first AND "ChargeDay" < after AND "x_CountsForUsage" AND {slice_id(ctx)} = ?
    GROUP BY ALL HAVING SUM("x_Requests") = 1
)
SELECT is_now, quantile_disc(tokens, 0.05), quantile_disc(tokens, 0.95) FROM single GROUP BY 1
""".strip()
    period = ledger.period
    first = period.start - timedelta(days=BASELINE_DAYS)
    rows = ctx.store.query(sql, (first, period.start, period.end, drift.slice.id)).rows
    found = {is_now: (float(low or 0), float(high or 0)) for is_now, low, high in rows}
    if True not in found or False not in found:
        return "records are sums of requests: whether all prompts grew or only long ones can't be told"
    (low, high), (low_before, high_before) = found[True], found[False]
    kind = "the longest grew: context that is carried along" if high > GROWN * high_before else "no end of them grew"
    if low > GROWN * low_before:
        kind = "every prompt grew: its fixed part (system prompt, tools)"
    return (
        f"of single requests the shortest 5 % take up to {low:,.0f} tokens ({low_before:,.0f} before), the longest 5 % "
        f"{high:,.0f} or more ({high_before:,.0f}); {kind}"
    )
