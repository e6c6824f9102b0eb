"""Usage records as one typed table: what each FIELD says, and for a record that can't be read the reason."""

from collections.abc import Callable, Mapping

from tools.ingest.usage_fields import COUNTS, UsageMapping
from tools.ingest.usage_files import FILE_COLUMN
from tools.ingest.usage_source import MOST_TOKENS, SourceColumn, constant
from tools.pricing.own_prices import meter_name
from tools.store.engine import identifier, text
from tools.store.writer import Writer

PARSED = "usage_parsed"
QUANTITY = "DECIMAL(38,9)"
COST = "DECIMAL(38,24)"
_TIERS = {
    "standard": ("default", "auto", "on_demand", "on-demand", "ondemand", "standard_only", "none", "null"),
    "priority": ("priority_on_demand",),
    "flex": ("flex_discount",),
    "batch": ("batches",),
}
_TTLS = {
    "1h": ("60m", "3600", "3600s", "1 hour", "1hour", "ephemeral_1h"),
    "5m": ("300", "300s", "5 minutes", "ephemeral_5m"),
}


def read_records(
    writer: Writer, relation: str, mapping: UsageMapping, columns: Mapping[str, SourceColumn], table: str = PARSED
) -> None:
    """Stage every record of the source in `table`, typed; `fault` says why one can't be loaded, else NULL."""
    sources = {name: columns[column] for name, column in mapping.fields.items()}
    sources |= {name: constant(value) for name, value in mapping.constants.items()}
    items = [*_fields(sources), *_meters(mapping, columns), *_kept(sources, mapping, columns)]
    faults = " ".join(_faults(sources, mapping, columns))
    hidden = text(f'{{"{FILE_COLUMN}": null}}')
    raw = f"CAST(json_merge_patch(to_json(s), {hidden}) AS VARCHAR)"
    # The row stays at hand as the struct `s`, so that a faulty record can be shown as it stood.
    typed = f'SELECT s, {", ".join(items)}, s."{FILE_COLUMN}" AS file FROM ({relation}) s'
    writer.execute(
        f"CREATE OR REPLACE TABLE {table} AS SELECT * EXCLUDE (s), CASE {faults} END AS fault, "
        f"CASE WHEN fault IS NOT NULL THEN {raw} END AS raw FROM ({typed}) r"
    )


def meters_of(mapping: UsageMapping) -> dict[str, str]:
    """Columns of the typed table that count another meter → the meter."""
    return {f"meter_{number}": meter_name(meter) for number, meter in enumerate(mapping.meters.values())}


def kept_columns(mapping: UsageMapping) -> list[str]:
    """The store columns that records bring along as text."""
    held = [name for name in mapping.constants if name.startswith("x_") or name[0].isupper()]
    return [*mapping.kept, *held]


def _fields(sources: Mapping[str, SourceColumn]) -> list[str]:
    def item(name: str, sql_type: str, column: str, read: Callable[[SourceColumn], str]) -> str:
        found = sources.get(column)
        return f"{read(found) if found else f'CAST(NULL AS {sql_type})'} AS {name}"

    items = [
        item("ts", "TIMESTAMP", "time", lambda column: column.time),
        item("te", "TIMESTAMP", "end_time", lambda column: column.time),
        item("cost", COST, "cost", lambda column: column.number(COST)),
        item("quantity", QUANTITY, "quantity", lambda column: column.number(QUANTITY)),
        item("is_batch", "BOOLEAN", "batch", lambda column: f"COALESCE({column.truth}, false)"),
        item("tier", "VARCHAR", "service_tier", lambda column: _choice(column, _TIERS)),
        item("ttl", "VARCHAR", "cache_ttl", lambda column: _choice(column, _TTLS)),
        item("window_from", "BIGINT", "context_window", _window),
        item("latency", "VARCHAR", "latency_seconds", lambda column: column.as_text),
    ]
    items += [item(name, "BIGINT", name, lambda column: column.count) for name in COUNTS]
    texts = ("model", "provider", "status", "meter")
    return items + [item(name, "VARCHAR", name, lambda column: column.as_text) for name in texts]


def _meters(mapping: UsageMapping, columns: Mapping[str, SourceColumn]) -> list[str]:
    pairs = zip(meters_of(mapping), mapping.meters, strict=True)
    return [f"{columns[column].number(QUANTITY)} AS {name}" for name, column in pairs]


def _kept(sources: Mapping[str, SourceColumn], mapping: UsageMapping, columns: Mapping[str, SourceColumn]) -> list[str]:
    return [
        f"{(columns[mapping.kept[name]] if name in mapping.kept else sources[name]).as_text} AS {identifier(name)}"
        for name in kept_columns(mapping)
    ]


def _faults(
    sources: Mapping[str, SourceColumn], mapping: UsageMapping, columns: Mapping[str, SourceColumn]
) -> list[str]:
    faults = ["WHEN ts IS NULL THEN 'time is missing or unreadable'"]
    faults.append(
        "WHEN ts < TIMESTAMP '2000-01-01' OR ts >= TIMESTAMP '2200-01-01' THEN 'time is not between 2000 and 2199'"
    )
    for name in COUNTS:
        if name in sources:
            number = sources[name].number("DECIMAL(38,18)")
            faults.append(f"WHEN {sources[name].present} AND {number} < 0 THEN '{name} is negative'")
            faults.append(f"WHEN {sources[name].present} AND {name} IS NULL THEN '{name} is not a whole number'")
            faults.append(f"WHEN {name} > {MOST_TOKENS} THEN '{name} is more than 10^15 in one record'")
    amounts = {name: sources[name] for name in ("quantity",) if name in sources}
    amounts |= {name: columns[column] for name, column in zip(meters_of(mapping), mapping.meters, strict=True)}
    for name, column in amounts.items():
        called = meters_of(mapping).get(name, name)
        wrong = text(f"{called} is not a number of at most 9 decimals")
        differs = f"TRY_CAST({name} AS DECIMAL(38,18)) <> {column.number('DECIMAL(38,18)')}"
        faults.append(f"WHEN {column.present} AND ({name} IS NULL OR {differs}) THEN {wrong}")
        faults.append(f"WHEN {name} > {MOST_TOKENS} THEN {text(f'{called} is more than 10^15 in one record')}")
        faults.append(f"WHEN {name} < 0 THEN {text(f'{called} is negative')}")
    if "cost" in sources:
        faults.append(f"WHEN {sources['cost'].present} AND cost IS NULL THEN 'cost is not a number'")
    if "batch" in sources:
        batch = sources["batch"]
        faults.append(f"WHEN {batch.present} AND {batch.truth} IS NULL THEN 'batch is neither true nor false'")
    return faults


def _choice(column: SourceColumn, names: Mapping[str, tuple[str, ...]]) -> str:
    written = f"lower({column.as_text})"
    cases = " ".join(
        f"WHEN {written} IN ({', '.join(text(one) for one in spellings)}) THEN {text(name)}"
        for name, spellings in names.items()
    )
    return f"CASE {cases} ELSE {written} END"


def _window(column: SourceColumn) -> str:
    """The tokens above which a context window begins: `0-200k` → 0, `200k-1M` → 200000."""
    start = f"regexp_extract(lower({column.as_text}), '^>?\\s*([0-9.]+)\\s*(k|m)?', ['number', 'unit'])"
    factor = f"CASE {start}['unit'] WHEN 'k' THEN 1000 WHEN 'm' THEN 1000000 ELSE 1 END"
    return f"CAST(TRY_CAST({start}['number'] AS DECIMAL(18,3)) * {factor} AS BIGINT)"
