SELECT
  SUM(EffectiveCost) AS "EffectiveCost",
  COUNT(*) AS "found"
FROM daily
WHERE
  ChargeDay >= CAST(? AS DATE)
  AND ChargeDay < CAST(? AS DATE)
  AND x_CountsForCost
-- datetime.date(2026, 10, 1)
-- datetime.date(2026, 11, 1)
