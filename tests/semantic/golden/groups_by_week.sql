WITH grouped AS (
  SELECT
    x_Team AS "x_Team",
    CAST(DATE_TRUNC('week', ChargeDay) AS DATE) AS "Time",
    SUM(EffectiveCost) AS "EffectiveCost",
    COUNT(*) AS "found"
  FROM daily
  WHERE
    ChargeDay >= CAST(? AS DATE)
    AND ChargeDay < CAST(? AS DATE)
    AND x_CountsForCost
  GROUP BY
    1,
    2
), groups AS (
  SELECT
    "x_Team",
    SUM("EffectiveCost") AS "EffectiveCost",
    SUM("found") AS "found"
  FROM grouped
  GROUP BY
    1
), scored AS (
  SELECT
    *,
    "EffectiveCost" AS "score",
    TRUE AS "passes"
  FROM groups
), ranked AS (
  SELECT
    *,
    CASE
      WHEN passes
      THEN ROW_NUMBER() OVER (PARTITION BY passes ORDER BY score DESC, "x_Team" ASC)
      ELSE 0
    END AS "place",
    SUM(CAST(passes AS INT)) OVER () AS "groups"
  FROM scored
)
SELECT
  LEAST(ranked.place, ? + 1) AS "place",
  CASE WHEN ranked.place <= ? THEN "ranked"."x_Team" END AS "x_Team",
  "grouped"."Time" AS "Time",
  SUM("grouped"."EffectiveCost") AS "EffectiveCost",
  SUM("grouped"."found") AS "found",
  MAX(ranked.groups) AS "groups"
FROM ranked
JOIN grouped
  ON "grouped"."x_Team" IS NOT DISTINCT FROM "ranked"."x_Team"
GROUP BY
  1,
  2,
  3
-- datetime.date(2026, 10, 1)
-- datetime.date(2026, 11, 1)
-- 1
-- 1
