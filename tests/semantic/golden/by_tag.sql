WITH grouped AS (
  SELECT
    CASE WHEN JSON_VALID(Tags) THEN JSON_EXTRACT_STRING(Tags, ?) END AS "tag:env",
    SUM(EffectiveCost) AS "EffectiveCost",
    COUNT(*) AS "found"
  FROM charges
  WHERE
    ChargePeriodStart >= CAST(? AS DATE)
    AND ChargePeriodStart < CAST(? AS DATE)
    AND LOWER(
      CASE WHEN JSON_VALID(Tags) THEN JSON_EXTRACT_STRING(Tags, ?) END
    ) IN (?)
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
      THEN ROW_NUMBER() OVER (PARTITION BY passes ORDER BY score DESC, "tag:env" ASC)
      ELSE 0
    END AS "place",
    SUM(CAST(passes AS INT)) OVER () AS "groups"
  FROM scored
)
SELECT
  LEAST(ranked.place, ? + 1) AS "place",
  CASE WHEN ranked.place <= ? THEN "ranked"."tag:env" END AS "tag:env",
  SUM("ranked"."EffectiveCost") AS "EffectiveCost",
  SUM("ranked"."found") AS "found",
  MAX(ranked.groups) AS "groups"
FROM ranked
GROUP BY
  1,
  2
-- '/env'
-- datetime.date(2026, 10, 1)
-- datetime.date(2026, 11, 1)
-- '/env'
-- 'prod'
-- 1000
-- 1000
