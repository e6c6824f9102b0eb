WITH grouped AS (
  SELECT
    x_Model AS "x_Model",
    SUM(EffectiveCost) AS "EffectiveCost",
    COUNT(*) AS "found"
  FROM daily
  WHERE
    ChargeDay >= CAST(? AS DATE)
    AND ChargeDay < CAST(? AS DATE)
    AND x_CountsForCost
  GROUP BY
    1
), scored AS (
  SELECT
    *,
    "EffectiveCost" AS "score",
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
  SUM("ranked"."EffectiveCost") AS "EffectiveCost",
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
