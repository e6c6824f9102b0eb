SELECT
  "x_Team",
  SUM("EffectiveCost") AS "EffectiveCost",
  SUM("EffectiveCost_previous") AS "EffectiveCost_previous",
  SUM("found") AS "found"
FROM (
  SELECT
    x_Team AS "x_Team",
    SUM(EffectiveCost) AS "EffectiveCost",
    COUNT(*) AS "found"
  FROM daily
  WHERE
    ChargeDay >= CAST(? AS DATE)
    AND ChargeDay < CAST(? AS DATE)
    AND x_CountsForCost
  GROUP BY
    1
  UNION ALL BY NAME
  SELECT
    x_Team AS "x_Team",
    SUM(EffectiveCost) AS "EffectiveCost_previous",
    COUNT(*) AS "found"
  FROM daily
  WHERE
    ChargeDay >= CAST(? AS DATE)
    AND ChargeDay < CAST(? AS DATE)
    AND x_CountsForCost
  GROUP BY
    1
) AS slices
GROUP BY
  1
-- datetime.date(2026, 10, 1)
-- datetime.date(2026, 11, 1)
-- datetime.date(2026, 9, 1)
-- datetime.date(2026, 10, 1)
