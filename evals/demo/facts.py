"""The demo company's raw files as one table of facts, read with plain SQL: nothing of Outlay's own code takes part.

Usage is valued here from the price list again, and the rule of overlapping bases is applied again: of invoice,
provider usage and estimate, the first one that covers a provider and day counts. Requests and tokens follow the first
one that has tokens for that provider and day.
"""

from pathlib import Path

import duckdb
import yaml

MONEY = "DECIMAL(38,12)"
COLUMNS = (
    "basis", "provider", "vendor", "day", "hour", "billed_month", "category", "class", "pricing", "commitment",
    "service", "service_category", "region", "account", "model", "developer", "token_type", "tier", "workload", "team",
    "project", "environment", "use_case", "customer", "tagged", "unpriced", "billed", "effective", "list", "contracted",
    "hours", "tokens", "requests", "meter", "issuer", "resource", "unit",
)  # fmt: skip


def read_facts(folder: Path) -> duckdb.DuckDBPyConnection:
    """A connection with the table `facts`: one row a charge, the columns of COLUMNS, `counts`, `counts_usage`."""
    connection = duckdb.connect()
    connection.execute("CREATE TABLE facts (" + ", ".join(f"{name} {_type(name)}" for name in COLUMNS) + ")")
    _prices(connection, folder / "price_list.yaml")
    for name in ("openai", "anthropic"):
        _insert(connection, f"read_parquet('{folder}/bills/{name}/*.parquet')", _saas_bill())
    _insert(connection, f"read_parquet('{folder}/bills/aws/*/*.parquet', hive_partitioning=false)", _aws_bill())
    _insert(connection, _csv(folder / "bills" / "google" / "*.csv.gz"), _google_bill())
    _insert(connection, _csv(folder / "bills" / "nordhaven" / "*.csv"), _fleet_bill())
    _usage(connection, f"read_parquet('{folder}/usage/openai/*.parquet')", _OPENAI)
    _usage(connection, f"read_parquet('{folder}/usage/anthropic/*.parquet')", _ANTHROPIC)
    _usage(connection, f"read_parquet('{folder}/usage/self_hosted/*.parquet')", _SELF_HOSTED)
    _count(connection)
    return connection


def _type(name: str) -> str:
    if name in ("billed", "effective", "list", "contracted", "hours", "tokens", "requests"):
        return MONEY
    kinds = {"day": "DATE", "billed_month": "DATE", "hour": "TIMESTAMP", "tagged": "BOOLEAN", "unpriced": "BOOLEAN"}
    return kinds.get(name, "VARCHAR")


def _insert(connection: duckdb.DuckDBPyConnection, source: str, columns: dict[str, str]) -> None:
    names = ", ".join(columns)
    connection.execute(f"INSERT INTO facts ({names}) SELECT {', '.join(columns.values())} FROM {source}")


def _csv(path: Path) -> str:
    return f"read_csv('{path}', all_varchar=true, header=true, quote='\"', escape='\"')"


def _bill(time: str, money: str, names: dict[str, str]) -> dict[str, str]:
    """What all bills share; `time` and `money` turn a column's name into an expression."""
    when, amount = time.format, money.format
    return {
        "basis": "'invoice'", "issuer": "InvoiceIssuerName", "hour": when("ChargePeriodStart"),
        "day": f"CAST({when('ChargePeriodStart')} AS DATE)",
        "billed_month": f"CAST({when('BillingPeriodStart')} AS DATE)",
        "category": "ChargeCategory", "class": "ChargeClass", "pricing": "PricingCategory", "service": "ServiceName",
        "service_category": "ServiceCategory", "model": "x_Model", "developer": "x_ModelDeveloper",
        "workload": "x_Workload", "unpriced": "false",
        "billed": amount("BilledCost"), "effective": amount("EffectiveCost"), "list": amount("ListCost"),
        "contracted": amount("ContractedCost"), **names,
    }  # fmt: skip


def _saas_bill() -> dict[str, str]:
    return _bill("{}", "{}", {
        "provider": "ProviderName", "vendor": "PublisherName", "account": "SubAccountName", "tier": "x_ServiceTier",
        "team": "x_Team", "project": "x_Project", "environment": "x_Environment", "use_case": "x_UseCase",
        "customer": "x_Customer", "tagged": "false", "meter": "SkuMeter",
    })  # fmt: skip


def _aws_bill() -> dict[str, str]:
    return _bill("{}", "{}", {
        "provider": "ProviderName", "vendor": "PublisherName", "region": "RegionName", "account": "SubAccountName",
        "commitment": "CommitmentDiscountStatus", "token_type": "x_TokenType", "team": "Tags['team']",
        "project": "Tags['project']", "environment": "coalesce(Tags['environment'], Tags['env'])",
        "use_case": "Tags['use_case']", "customer": "Tags['customer']", "tagged": "cardinality(Tags) > 0",
        "hours": "CASE WHEN ConsumedUnit = 'Hours' THEN ConsumedQuantity END", "unit": "ConsumedUnit",
        "tokens": "CASE WHEN ConsumedUnit = 'Tokens' THEN ConsumedQuantity END", "resource": "ResourceName",
    })  # fmt: skip


def _text_bill(names: dict[str, str]) -> dict[str, str]:
    tag = "json_extract_string(Tags, '$.{}')"
    return _bill("CAST(replace({}, 'Z', '') AS TIMESTAMP)", f"CAST({{}} AS {MONEY})", {
        "region": "RegionName", "team": tag.format("team"), "project": tag.format("project"),
        "environment": tag.format("environment"), "use_case": tag.format("use_case"), "tagged": "Tags IS NOT NULL",
        "hours": f"CASE WHEN ConsumedUnit = 'Hours' THEN CAST(ConsumedQuantity AS {MONEY}) END", "unit": "ConsumedUnit",
        "resource": "ResourceName", **names,
    })  # fmt: skip


def _google_bill() -> dict[str, str]:
    return _text_bill({
        "provider": "ProviderName", "vendor": "PublisherName", "account": "SubAccountName", "token_type": "x_TokenType",
        "tokens": f"CASE WHEN ConsumedUnit = 'Tokens' THEN CAST(ConsumedQuantity AS {MONEY}) END",
    })  # fmt: skip


def _fleet_bill() -> dict[str, str]:
    return _text_bill({
        "provider": "HostProviderName", "vendor": "ServiceProviderName", "commitment": "CommitmentDiscountStatus",
    })  # fmt: skip


def _prices(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    """`prices`: USD per token by model and token type, with the days from and to which it holds."""
    listed = yaml.load(path.read_text("utf-8"), Loader=yaml.BaseLoader)["prices"]  # every price stays text
    rows = []
    for row in listed:
        later = sorted(
            other["from"] for other in listed if other["model"] == row["model"] and other["from"] > row["from"]
        )
        end = later[0] if later else "2999-01-01"
        for kind in ("input", "cached_input", "cache_write", "output", "reasoning"):
            price = row.get(kind) or row["output" if kind == "reasoning" else "input"]
            rows.append((row["model"], kind, price, row["from"], end, row.get("batch_discount", "0")))
    connection.execute("CREATE TABLE prices (model VARCHAR, kind VARCHAR, price DECIMAL(18,9), first DATE, last DATE, "
                       "off DECIMAL(4,2))")  # fmt: skip
    connection.executemany("INSERT INTO prices VALUES (?, ?, ?, ?, ?, ?)", rows)


_OWNERS = "team, environment, use_case, customer, workload"
_OPENAI = f"""SELECT 'OpenAI' AS provider, 'provider_usage' AS basis, 'OpenAI' AS developer, start_time AS hour,
    model, project,
    {_OWNERS}, CASE WHEN batch = 'true' THEN 'batch' ELSE 'standard' END AS tier, num_model_requests AS requests,
    input_tokens - input_cached_tokens AS n_input, input_cached_tokens AS n_cached_input, 0 AS n_cache_write,
    output_tokens - output_reasoning_tokens AS n_output, output_reasoning_tokens AS n_reasoning FROM {{}}"""
_ANTHROPIC = f"""SELECT 'Anthropic' AS provider, 'provider_usage' AS basis, 'Anthropic' AS developer,
    starting_at AS hour, model, workspace AS project, {_OWNERS}, service_tier AS tier, num_requests AS requests,
    uncached_input_tokens AS n_input, cache_read_input_tokens AS n_cached_input,
    cache_creation_input_tokens AS n_cache_write, output_tokens AS n_output, 0 AS n_reasoning FROM {{}}"""
_SELF_HOSTED = f"""SELECT 'Nordhaven Compute' AS provider, 'estimate' AS basis,
    CASE WHEN model LIKE 'qwen%' THEN 'Alibaba' ELSE 'DeepSeek' END AS developer,
    window_start AS hour, model_group AS model, project, {_OWNERS}, 'standard' AS tier, api_requests AS requests,
    prompt_tokens AS n_input, 0 AS n_cached_input,
    0 AS n_cache_write, completion_tokens AS n_output, 0 AS n_reasoning FROM {{}}"""


def _usage(connection: duckdb.DuckDBPyConnection, source: str, records: str) -> None:
    """One fact a kind of token; a record's requests stand on one of them."""
    records = records.format(source).replace("WHEN model LIKE 'qwen%'", "WHEN model_group LIKE 'qwen%'")
    connection.execute(f"""
        CREATE OR REPLACE TABLE used AS SELECT row_number() OVER () AS record, * FROM ({records});
        CREATE OR REPLACE TABLE spread AS
            UNPIVOT used ON n_input, n_cached_input, n_cache_write, n_output, n_reasoning INTO NAME kind VALUE n;
        INSERT INTO facts BY NAME
        SELECT s.basis, s.provider, s.provider AS vendor, s.provider AS issuer, s.hour, CAST(s.hour AS DATE) AS day,
            CAST(date_trunc('month', s.hour) AS DATE) AS billed_month, 'Usage' AS category, 'Standard' AS pricing,
            'AI and Machine Learning' AS service_category, s.model, s.developer, substr(s.kind, 3) AS token_type,
            s.tier, s.workload, s.team, s.project, s.environment, s.use_case, s.customer, false AS tagged,
            s.n AS tokens,
            'Tokens' AS unit,
            p.price IS NULL AS unpriced,
            CASE WHEN row_number() OVER (PARTITION BY s.record ORDER BY s.kind) = 1 THEN s.requests END AS requests,
            CAST(s.n AS DECIMAL(18,0)) * CAST(p.price * 0.000001 * CASE WHEN s.tier = 'batch' THEN 1 - p.off ELSE 1 END
                AS DECIMAL(18,12)) AS effective,
            effective AS list, effective AS contracted
        FROM spread s LEFT JOIN prices p
          ON p.model = s.model AND p.kind = substr(s.kind, 3) AND CAST(s.hour AS DATE) >= p.first
         AND CAST(s.hour AS DATE) < p.last
        WHERE s.n > 0""")  # fmt: skip


def _count(connection: duckdb.DuckDBPyConnection) -> None:
    """Which basis counts for each provider and day, for cost and for tokens and requests."""
    rank = "CASE basis WHEN 'invoice' THEN 1 WHEN 'provider_usage' THEN 2 ELSE 3 END"
    metered = "(token_type IS NOT NULL OR requests IS NOT NULL)"
    connection.execute(
        f"""
        CREATE TABLE best AS SELECT provider, day, min({rank}) FILTER (effective IS NOT NULL) AS cost,
            min({rank}) FILTER {"(WHERE " + metered + ")"} AS usage
        FROM facts WHERE category = 'Usage' GROUP BY ALL;
        CREATE OR REPLACE TABLE facts AS SELECT f.*, coalesce({rank} = b.cost, true) AS counts,
            CASE WHEN {metered} THEN {rank} = b.usage ELSE coalesce({rank} = b.cost, true) END AS counts_usage
        FROM facts f LEFT JOIN best b USING (provider, day)""".replace("FILTER (effective", "FILTER (WHERE effective")
    )
