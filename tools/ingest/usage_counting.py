"""Providers' counts as disjoint tokens: what input and output include, by the provider's counting rule."""

from dataclasses import dataclass

from tools.domain.load import Defect
from tools.ingest.usage_records import PARSED
from tools.pricing.providers import Place, ProviderRule
from tools.store.engine import text
from tools.store.writer import Writer

COUNTED = "usage_counted"
ENOUGH_RECORDS = 100
"""Records with reasoning tokens from which an unknown provider's reading is judged."""
NEAR_THE_WHOLE = "0.5"


@dataclass(frozen=True)
class Reading:
    """What the totals of this load include, and why that is believed."""

    cached: Place
    cache_write: Place
    reasoning: Place
    notes: tuple[Defect, ...] = ()


def reading_of(writer: Writer, rule: ProviderRule) -> Reading:
    """The provider's rule; for an unknown provider disjoint counts, unless reasoning is plainly a part of output.

    Evidence for a part: at least 100 records have reasoning tokens, in none do they exceed the output tokens,
    and in one they are more than half of them. Beside the output they would exceed it somewhere.
    """
    if rule.known:
        return Reading(rule.cached, rule.cache_write, rule.reasoning)
    rows = writer.execute(
        "SELECT count(*) FILTER (reasoning_tokens > 0), "
        "COALESCE(bool_or(reasoning_tokens > COALESCE(output_tokens, 0)), false), "
        f"COALESCE(bool_or(reasoning_tokens > {NEAR_THE_WHOLE} * output_tokens), false), "
        "count(*) FILTER (cached_input_tokens > 0 OR cache_write_tokens > 0) "
        f"FROM {PARSED} WHERE fault IS NULL"
    )
    reasoned, exceeds, near, cached = rows[0]
    part = reasoned >= ENOUGH_RECORDS and near and not exceeds
    notes = []
    if cached or (reasoned and not part):
        notes.append(
            Defect(
                column="input_tokens, output_tokens",
                rows=max(cached, reasoned),
                defect="note",
                detail=f"no counting rule is known for provider {rule.name}: cached, cache write and reasoning "
                "tokens are taken as beside input and output tokens; name a known provider if they are inside",
            )
        )
    if part:
        notes.append(
            Defect(
                column="reasoning_tokens",
                rows=reasoned,
                defect="note",
                detail=f"no counting rule is known for provider {rule.name}: reasoning tokens are taken as a part of "
                f"output tokens, because in {reasoned} records they never exceed them",
            )
        )
    return Reading("beside", "beside", "inside" if part else "beside", tuple(notes))


def count_disjoint(writer: Writer, reading: Reading, rule: ProviderRule, granularity: str) -> None:
    """Make the view of records with disjoint tokens: n_input, n_cached, n_write…, n_output, n_reasoning.

    `context` is the input a request's price tier goes by: known for single requests and where the export names the
    window; otherwise 0, and `context_total` says what all requests of the record had together.
    """
    single = "requests = 1" if _counts_requests(writer) else ("true" if granularity == "instant" else "false")
    written = "COALESCE(cache_write_tokens, COALESCE(cache_write_5m_tokens, 0) + COALESCE(cache_write_1h_tokens, 0))"
    cached = "COALESCE(cached_input_tokens, 0)"
    inside_input = [
        part for part, place in ((cached, reading.cached), ("written", reading.cache_write)) if place == "inside"
    ]
    plain = " - ".join(["input_tokens", *inside_input])
    reasoning = "COALESCE(reasoning_tokens, 0)"
    inside_output = f" - {reasoning}" if reading.reasoning == "inside" else ""
    known_ttl = f"COALESCE(ttl, {text(rule.cache_ttl or '')})"
    rest = "(written - COALESCE(cache_write_5m_tokens, 0) - COALESCE(cache_write_1h_tokens, 0))"
    writer.execute(
        f"CREATE OR REPLACE VIEW {COUNTED} AS SELECT * EXCLUDE (fault), "
        "CASE WHEN is_batch THEN 'batch' ELSE COALESCE(tier, 'standard') END AS service_tier, "
        f"{written} AS written, "
        f"CASE WHEN input_tokens IS NOT NULL THEN {plain} ELSE COALESCE(uncached_input_tokens, 0) END AS n_input, "
        f"{cached} AS n_cached, "
        f"CASE WHEN {known_ttl} IN ('5m', '1h') THEN 0 ELSE {rest} END AS n_write, "
        f"COALESCE(cache_write_5m_tokens, 0) + CASE WHEN {known_ttl} = '5m' THEN {rest} ELSE 0 END AS n_write_5m, "
        f"COALESCE(cache_write_1h_tokens, 0) + CASE WHEN {known_ttl} = '1h' THEN {rest} ELSE 0 END AS n_write_1h, "
        f"CASE WHEN output_tokens IS NOT NULL THEN output_tokens{inside_output} ELSE 0 END AS n_output, "
        f"{reasoning} AS n_reasoning, "
        "n_input + n_cached + written AS context_total, "
        f"CASE WHEN window_from IS NOT NULL THEN CASE WHEN window_from > 0 THEN window_from + 1 ELSE 0 END "
        f"WHEN {single} THEN context_total ELSE 0 END AS context, "
        f"window_from IS NULL AND NOT COALESCE({single}, false) AS context_unknown, "
        f"CASE WHEN fault IS NOT NULL THEN fault {_faults(rule)} END AS fault "
        f"FROM {PARSED}"
    )


def _faults(rule: ProviderRule) -> str:
    host = text(rule.name)
    return (
        "WHEN cache_write_tokens < COALESCE(cache_write_5m_tokens, 0) + COALESCE(cache_write_1h_tokens, 0) "
        "THEN 'cache writes by time to live exceed cache_write_tokens' "
        f"WHEN n_input < 0 THEN 'cached and written tokens exceed input_tokens, which include them at ' || {host} "
        f"WHEN n_output < 0 THEN 'reasoning_tokens exceed output_tokens, which include them at ' || {host}"
    )


def _counts_requests(writer: Writer) -> bool:
    return bool(writer.execute(f"SELECT 1 FROM {PARSED} WHERE requests IS NOT NULL LIMIT 1"))
