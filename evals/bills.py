"""Bills of any size as Parquet, for speed and crash measurements; the same seed gives the same rows."""

from pathlib import Path
from typing import Literal

import duckdb

Money = Literal["decimal", "double"]


def write_bill(
    path: Path, rows: int, *, money: Money = "decimal", months: int = 1, first_month: str = "2025-10-01"
) -> None:
    """A FOCUS 1.2-like bill of one account: 34 columns, 40 SKUs, 200 resources' families, 12 sub-accounts, tags."""
    kind = "DECIMAL(38,12)" if money == "decimal" else "DOUBLE"
    connection = duckdb.connect()
    connection.execute("SET memory_limit = '2GiB'; SET preserve_insertion_order = false")
    connection.execute(
        f"""COPY (
        WITH seeds AS (
            SELECT hash(i) AS h, hash(i + 77777777) AS h2, (i * {months}) // {rows} AS month FROM range({rows}) AS t(i)
        ), rows AS (
            SELECT *, DATE '{first_month}' + to_months(month::INTEGER) AS period, (h % 200)::INTEGER AS resource,
                (h2 % 40)::INTEGER AS sku, (h % 997)::INTEGER AS price, (1 + (h2 % 100000)) / 1000 AS quantity,
                ((h2 >> 8)::BIGINT & 511) AS hour
            FROM seeds
        )
        SELECT 'Amazon Web Services' AS InvoiceIssuerName, 'AWS' AS HostProviderName, 'AWS' AS ServiceProviderName,
            '1234567890' AS BillingAccountId, 'Acme' AS BillingAccountName, 'USD' AS BillingCurrency,
            period AS BillingPeriodStart, period + INTERVAL 1 MONTH AS BillingPeriodEnd,
            period + to_hours(hour) AS ChargePeriodStart, period + to_hours(hour + 1) AS ChargePeriodEnd,
            CASE WHEN h % 50 = 0 THEN 'Credit' WHEN h % 51 = 0 THEN 'Tax' ELSE 'Usage' END AS ChargeCategory,
            CAST(NULL AS VARCHAR) AS ChargeClass, 'Usage-Based' AS ChargeFrequency,
            'Charge for sku ' || sku AS ChargeDescription,
            CAST(price * quantity / 1000.0 AS DECIMAL(18,9))::{kind} AS BilledCost,
            CAST(price * quantity / 1000.0 * 0.93 AS DECIMAL(18,9))::{kind} AS EffectiveCost,
            CAST(price * quantity / 900.0 AS DECIMAL(18,9))::{kind} AS ListCost,
            CAST(price * quantity / 950.0 AS DECIMAL(18,9))::{kind} AS ContractedCost,
            CAST(price / 1000.0 AS DECIMAL(18,9))::{kind} AS ListUnitPrice,
            CAST(quantity AS DECIMAL(18,6))::{kind} AS ConsumedQuantity, 'Hours' AS ConsumedUnit,
            CAST(quantity AS DECIMAL(18,6))::{kind} AS PricingQuantity, 'Hours' AS PricingUnit,
            'Standard' AS PricingCategory, 'sub-' || (resource % 12) AS SubAccountId,
            'Team account ' || (resource % 12) AS SubAccountName,
            ['Compute', 'Storage', 'AI and Machine Learning', 'Networking'][1 + sku % 4] AS ServiceCategory,
            'Service ' || (sku % 16) AS ServiceName, 'SKU' || sku AS SkuId, 'SKU' || sku || '.P' AS SkuPriceId,
            'eu-' || (resource % 4) AS RegionId, 'EU ' || (resource % 4) AS RegionName,
            'arn:res:' || resource || ':' || (h % 5000) AS ResourceId,
            '{{"team":"t' || (resource % 6) || '","env":"' || if(resource % 3 = 0, 'prod', 'dev') || '"}}' AS Tags
        FROM rows) TO '{path}' (FORMAT parquet)"""
    )
    connection.close()
