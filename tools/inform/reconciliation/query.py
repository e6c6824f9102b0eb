"""The query that sets two accounts of a provider's usage side by side and sorts their difference by cause."""

LEAF = ("x_Model", "x_Team", "x_Project", "x_Customer", "x_Environment")
"""What a line of either account is about, besides its day and service tier; columns that the data lack are left out."""

_TOKENS = """CASE WHEN "ConsumedUnit" = 'Tokens' THEN "ConsumedQuantity"
    WHEN regexp_matches("PricingUnit", '^(1 ?)?(M|million) tokens?$', 'i') THEN "PricingQuantity" * 1000000
    WHEN regexp_matches("PricingUnit", '^(1 ?)?(K|thousand) tokens?$', 'i') THEN "PricingQuantity" * 1000
    WHEN regexp_matches("PricingUnit", '^tokens?$', 'i') THEN "PricingQuantity" END"""
"""Tokens of a line: as consumed, or as priced by the token, thousand or million."""

_SAME_DAYS_APART = "0.005"
"""Quantities of a period that differ by less than this part were cut into days at another hour."""
_HALF_A_CENT = "0.005"


_IS_USAGE = """COALESCE("ChargeCategory", 'Usage') = 'Usage' AND COALESCE("ChargeClass", '') <> 'Correction'
        AND tokens IS NOT NULL"""
_GIVEN = """
WITH given AS (SELECT ? AS provider, CAST(? AS DATE) AS first, CAST(? AS DATE) AS after, ? AS currency,
    ? AS records, ? AS reference),
""".strip()
"""What is asked for."""
_LINES = """
lines AS (
    SELECT {listed}"ChargeDay" AS day, COALESCE({tier}, 'standard') AS tier, "x_CostBasis" = records AS recorded,
        CASE WHEN "x_CostBasis" = 'invoice' THEN COALESCE("BilledCost", "EffectiveCost") ELSE "EffectiveCost" END
            AS cost,
        {tokens} AS tokens, "x_Rows" AS n, {cached} AS is_cached, {unpriced} AS is_unpriced,
        "ChargeCategory", "ChargeClass"
    FROM daily, given
    WHERE {provider} = provider AND "ChargeDay" >= first AND "ChargeDay" < after AND "BillingCurrency" = currency
        AND "x_CostBasis" IN (records, reference)
),
""".strip()
"""Every line of either account, with its cost, its tokens and whether it is the records'."""
_BESIDES = """
besides AS (
    SELECT {listed}day, tier, CASE WHEN recorded THEN -COALESCE(cost, 0) ELSE COALESCE(cost, 0) END AS amount,
        CASE WHEN "ChargeClass" = 'Correction' THEN 'correction' WHEN "ChargeCategory" = 'Tax' THEN 'tax'
            WHEN "ChargeCategory" = 'Credit' THEN 'credit' WHEN "ChargeCategory" = 'Purchase' THEN 'purchase'
            WHEN "ChargeCategory" = 'Adjustment' THEN 'correction' ELSE 'other_unit' END AS cause
    FROM lines WHERE NOT ({is_usage})
),
""".strip()
"""What is no usage by token: a cause of its own."""
_SIDES = """
sides AS (
    SELECT {listed}day, tier, recorded, SUM(COALESCE(cost, 0)) AS cost, SUM(tokens) AS tokens, SUM(n) AS n,
        SUM(tokens) FILTER (is_cached) AS cached, SUM(tokens) FILTER (is_unpriced) AS unpriced
    FROM lines WHERE {is_usage} GROUP BY ALL
),
""".strip()
"""Each account's usage by day, tier and subject."""
_PAIRS = """
pairs AS (
    SELECT {lead}COALESCE(r.day, v.day) AS day, COALESCE(r.tier, v.tier) AS tier,
        COALESCE(v.cost, 0) - COALESCE(r.cost, 0) AS amount, r.tokens AS r_tokens, v.tokens AS v_tokens,
        v.n AS lines, r.cached AS r_cached, v.cached AS v_cached, COALESCE(r.unpriced, 0) AS unpriced,
        r.tokens IS NOT NULL AND v.tokens IS NOT NULL AND r.tokens = v.tokens AS is_matched
    FROM (SELECT * FROM sides WHERE recorded) r FULL JOIN (SELECT * FROM sides WHERE NOT recorded) v
        ON r.day = v.day AND r.tier = v.tier AND {equal}
),
""".strip()
"""The two accounts side by side."""
_DAYS = """
days AS (SELECT DISTINCT day AS recorded_day FROM sides WHERE recorded),
""".strip()
"""Days that the records have."""
_MONTHS = """
months AS (SELECT DISTINCT date_trunc('month', day) AS settled_month FROM lines WHERE NOT recorded),
""".strip()
"""Months that the reference has."""
_JUDGED = """
judged AS (
    SELECT *, recorded_day IS NULL AS is_outage, settled_month IS NULL AS is_open,
        SUM(COALESCE(r_tokens, 0)) FILTER (NOT is_matched) OVER of_day AS day_r,
        SUM(COALESCE(v_tokens, 0)) FILTER (NOT is_matched) OVER of_day AS day_v,
        bool_or(tier = 'batch' AND NOT is_matched) OVER of_day AS has_batch,
        SUM(COALESCE(r_tokens, 0)) OVER of_key AS all_r, SUM(COALESCE(v_tokens, 0)) OVER of_key AS all_v
    FROM pairs LEFT JOIN days ON pairs.day = recorded_day
        LEFT JOIN months ON date_trunc('month', pairs.day) = settled_month
    WINDOW of_day AS (PARTITION BY {listed}pairs.day), of_key AS (PARTITION BY {listed}tier)
),
""".strip()
"""Each pair with what its day and its subject come to."""
_SORTED = """
sorted AS (
    SELECT {listed}day, tier, amount, CASE
        WHEN is_matched AND unpriced > 0 THEN 'unpriced'
        WHEN is_matched AND abs(amount) <= lines * {half_a_cent} THEN 'rounding'
        WHEN is_matched AND r_cached <> v_cached THEN 'cached'
        WHEN is_matched AND tier = 'batch' THEN 'batch'
        WHEN is_matched THEN 'price'
        WHEN is_open THEN 'open'
        WHEN is_outage THEN 'outage'
        WHEN day_r = day_v THEN CASE WHEN has_batch THEN 'batch' ELSE 'tier' END
        WHEN all_r = 0 THEN 'missing'
        WHEN all_v = 0 THEN 'extra'
        WHEN abs(all_v - all_r) <= all_v * {same_days_apart} THEN 'day_boundary'
        ELSE 'quantity' END AS cause
    FROM judged
    UNION ALL SELECT {listed}day, tier, amount, cause FROM besides
),
""".strip()
"""Each pair under one cause."""
_TOTALS = """
totals AS (
    SELECT {grouped} AS grouped, SUM(COALESCE(cost, 0)) FILTER (recorded) AS records,
        SUM(COALESCE(cost, 0)) FILTER (NOT recorded) AS reference FROM lines GROUP BY 1
)
""".strip()
"""Both accounts in all."""
_ANSWER = """
SELECT t.grouped, COALESCE(t.records, 0) AS records, COALESCE(t.reference, 0) AS reference, s.cause, s.amount
FROM totals t LEFT JOIN (SELECT {grouped} AS grouped, cause, SUM(amount) AS amount FROM sorted GROUP BY ALL) s
    ON t.grouped IS NOT DISTINCT FROM s.grouped
ORDER BY abs(COALESCE(t.reference, 0)) DESC, t.grouped, s.cause
""".strip()
"""The totals with the difference by cause."""
_PARTS = (_GIVEN, _LINES, _BESIDES, _SIDES, _PAIRS, _DAYS, _MONTHS, _JUDGED, _SORTED, _TOTALS, _ANSWER)


def bridge_query(columns: frozenset[str], group: str | None) -> str:
    """The two totals and the difference by cause, one row a group (one row in all without a group).

    Parameters: provider, first day, day after the last, currency, basis of the records, basis of the reference. Every
    line of either account falls under exactly one cause, so that records + causes = reference, to the last digit.
    """
    keys = [_quoted(name) for name in LEAF if name in columns]
    words = {
        "listed": "".join(f"{key}, " for key in keys),
        "lead": "".join(f"COALESCE(r.{key}, v.{key}) AS {key}, " for key in keys),
        "equal": " AND ".join(f"r.{key} IS NOT DISTINCT FROM v.{key}" for key in keys) or "true",
        "grouped": _quoted(group) if group else "'all'",
        "provider": 'COALESCE("HostProviderName", "ServiceProviderName")',
        "cached": "\"x_TokenType\" = 'cached_input'" if "x_TokenType" in columns else "false",
        "tier": '"x_ServiceTier"' if "x_ServiceTier" in columns else "NULL",
        "unpriced": "\"x_PriceSource\" = 'unpriced'" if "x_PriceSource" in columns else "false",
        "tokens": _TOKENS,
        "is_usage": _IS_USAGE,
        "half_a_cent": _HALF_A_CENT,
        "same_days_apart": _SAME_DAYS_APART,
    }
    return "\n".join(part.format(**words) for part in _PARTS)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
