SELECT
  SUM("BilledCost") AS "BilledCost",
  SUM("EffectiveCost") AS "EffectiveCost",
  SUM("found") AS "found"
FROM (
  SELECT
    SUM(EffectiveCost) AS "EffectiveCost",
    COUNT(*) AS "found"
  FROM daily
  WHERE
    ChargeDay >= CAST(? AS DATE)
    AND ChargeDay < CAST(? AS DATE)
    AND x_CountsForCost
  UNION ALL BY NAME
  SELECT
    SUM(BilledCost) AS "BilledCost",
    COUNT(*) AS "found"
  FROM daily
  WHERE
    BillingPeriodStart >= CAST(? AS DATE)
    AND BillingPeriodStart < CAST(? AS DATE)
    AND x_CountsForCost
) AS slices
-- datetime.date(2026, 10, 1)
-- datetime.date(2026, 11, 1)
-- datetime.date(2026, 10, 1)
-- datetime.date(2026, 11, 1)
