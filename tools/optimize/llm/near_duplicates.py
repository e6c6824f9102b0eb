"""Requests that nearly repeat an earlier one, by simhash or by embedding: no content is needed."""

from collections import defaultdict
from collections.abc import Mapping
from fractions import Fraction

from tools.optimize.ledger import Ledger
from tools.optimize.llm.facts import llm_facts
from tools.optimize.llm.repeats import Repeats
from tools.optimize.llm.request_rows import EMBEDDING, SIMHASH, request_rows
from tools.registry import ToolContext

MOST_EMBEDDINGS = 2_000
"""Embeddings of a slice that are compared with each other; near duplicates of later ones are not counted."""


def near_duplicates(ctx: ToolContext, ledger: Ledger) -> Mapping[str, Repeats]:
    """By slice id; nothing where no simhash or embedding is there. A simhash is 16 hexadecimal digits.

    Each share (low, expected, high) is the same: near duplicates at any time in the period.
    """
    found: dict[str, Repeats] = defaultdict(Repeats)
    column = next((name for name in (SIMHASH, EMBEDDING) if name in ctx.store.columns), None)
    if column is None:
        return found
    pairs = _near_simhashes() if column == SIMHASH else _near_embeddings()
    sql = _query(request_rows(ctx, column), column, pairs)
    for slice_, tier, kind, counted, cost, requests in ctx.store.query(
        sql, (ledger.period.start, ledger.period.end)
    ).rows:
        one = found[slice_]
        one.counted += int(counted)
        for name in ("low", "expected", "high"):
            one.costs[name][tier, kind] = Fraction(cost or 0)
            one.requests[name] = one.requests.get(name, 0) + int(requests or 0)
    return found


def _query(rows: str, column: str, pairs: str) -> str:
    return f"""
WITH rows_ AS ({rows}),
firsts AS (
    SELECT slice, "{column}" AS mark, MIN(moment) AS since FROM rows_
    WHERE "{column}" IS NOT NULL AND NOT has_failed GROUP BY ALL
),
{pairs}
SELECT slice, tier, kind, COALESCE(SUM(requests), 0),
    SUM(cost) FILTER (repeated), SUM(requests) FILTER (repeated)
FROM (
    SELECT r.*, f.mark IS NOT NULL AND NOT has_failed AND (moment > since OR n.mark IS NOT NULL) AS repeated
    FROM rows_ r LEFT JOIN firsts f ON f.slice = r.slice AND f.mark = r."{column}"
    LEFT JOIN near n ON n.slice = r.slice AND n.mark = r."{column}"
)
GROUP BY ALL ORDER BY ALL
""".strip()


def _near_simhashes() -> str:
    """Marks with an earlier one at most `near_bits` bits away: of as many bands and one, one is equal."""
    bits = llm_facts().response_cache.near_bits
    bands = bits + 1
    width = 64 // bands
    return f"""
hashes AS (
    SELECT *, TRY_CAST('0x' || lower(replace(mark, '0x', '')) AS UBIGINT) AS number FROM firsts
),
banded AS (
    SELECT *, band, (number >> CAST(band * {width} AS UBIGINT)) & CAST({2**width - 1} AS UBIGINT) AS part
    FROM hashes, range({bands}) r(band) WHERE number IS NOT NULL
),
near AS (
    SELECT DISTINCT b.slice, b.mark FROM banded a JOIN banded b USING (slice, band, part)
    WHERE a.since < b.since AND bit_count(xor(a.number, b.number)) <= {bits}
)"""


def _near_embeddings() -> str:
    cosine = llm_facts().response_cache.near_cosine
    return f"""
vectors AS (
    SELECT slice, mark, since, TRY_CAST(mark AS DOUBLE[]) AS vector FROM firsts
    QUALIFY row_number() OVER (PARTITION BY slice ORDER BY since, mark) <= {MOST_EMBEDDINGS}
),
near AS (
    SELECT DISTINCT b.slice, b.mark FROM vectors a JOIN vectors b
        ON a.slice = b.slice AND a.since < b.since AND len(a.vector) = len(b.vector)
    WHERE list_cosine_similarity(a.vector, b.vector) >= {cosine}
)"""
