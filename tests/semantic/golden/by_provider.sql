SELECT
  COALESCE(HostProviderName, ServiceProviderName) AS "HostProviderName",
  SUM(EffectiveCost) AS "EffectiveCost",
  COUNT(*) AS "found"
FROM daily
WHERE
  ChargeDay >= CAST(? AS DATE)
  AND ChargeDay < CAST(? AS DATE)
  AND x_CountsForCost
GROUP BY
  1
-- datetime.date(2026, 10, 1)
-- datetime.date(2026, 11, 1)
