WITH grouped AS (
  SELECT
    x_Model AS "x_Model",
    SUM(ConsumedQuantity) FILTER(WHERE
      x_TokenType IN ('cached_input')) AS "CacheHitRate_numerator",
    SUM(ConsumedQuantity) AS "CacheHitRate_denominator",
    COUNT(*) AS "found"
  FROM daily
  WHERE
    ChargeDay >= CAST(? AS DATE)
    AND ChargeDay < CAST(? AS DATE)
    AND (
      x_CountsForUsage AND x_TokenType IN ('input', 'cached_input', 'cache_write')
    )
  GROUP BY
    1
), scored AS (
  SELECT
    *,
    CAST("CacheHitRate_numerator" AS DOUBLE) / NULLIF(CAST("CacheHitRate_denominator" AS DOUBLE), 0) AS "score",
    TRUE AS "passes"
  FROM grouped
), ranked AS (
  SELECT
    *,
    CASE
      WHEN passes
      THEN ROW_NUMBER() OVER (PARTITION BY passes ORDER BY score DESC, "x_Model" ASC)
      ELSE 0
    END AS "place",
    SUM(CAST(passes AS INT)) OVER () AS "groups"
  FROM scored
)
SELECT
  LEAST(ranked.place, ? + 1) AS "place",
  CASE WHEN ranked.place <= ? THEN "ranked"."x_Model" END AS "x_Model",
  SUM("ranked"."CacheHitRate_numerator") AS "CacheHitRate_numerator",
  SUM("ranked"."CacheHitRate_denominator") AS "CacheHitRate_denominator",
  SUM("ranked"."found") AS "found",
  MAX(ranked.groups) AS "groups"
FROM ranked
GROUP BY
  1,
  2
-- datetime.date(2026, 10, 1)
-- datetime.date(2026, 11, 1)
-- 2
-- 2
