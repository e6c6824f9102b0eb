"""`outlay ingest usage`: LLM usage records (requests or aggregates) → FOCUS rows, valued by price list."""

import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from tools.domain.errors import BadInput
from tools.domain.load import LoadReport, Progress
from tools.ingest.usage_counting import COUNTED, count_disjoint, reading_of
from tools.ingest.usage_fields import UsageMapping, map_columns
from tools.ingest.usage_files import FILE_COLUMN, find_usage_files, read_relation
from tools.ingest.usage_notes import notes_of
from tools.ingest.usage_prices import host_rules, price_meters, price_tokens
from tools.ingest.usage_records import PARSED, kept_columns, meters_of, read_records
from tools.ingest.usage_rows import ROWS, RowPlan, make_rows
from tools.ingest.usage_source import source_columns
from tools.pricing.book import PriceBook
from tools.pricing.providers import ProviderRule, provider_rule
from tools.store.store import Store
from tools.store.writer import LoadPlan, Writer

BASES = ("provider_usage", "estimate")
QUARANTINED = "usage_quarantined"


def load_usage(
    store: Store,
    paths: Sequence[Path | str],
    *,
    provider: str,
    columns: Mapping[str, str] | None = None,
    prices: Path | Sequence[Path] | None = None,
    assign: Mapping[str, str] | None = None,
    source: str | None = None,
    basis: str | None = None,
    progress: Callable[[Progress], None] | None = None,
    book: PriceBook | None = None,
) -> LoadReport:
    """Load usage files as one load, which replaces what the store holds of its source for the interval they cover.

    `columns` maps a file's column to a FIELD or `x_` column (--map), `assign` gives every record a value (--set).
    `basis` is `provider_usage` by default, `estimate` for a gateway. A `cost` column is kept as the cost unless
    `prices` are given. In the report `read` and `accepted` count records (each may make several rows), `replaced`
    counts rows.

    Raises:
        BadInput: a file, mapping or price list that can't be used; nothing is loaded then.
    """
    started = time.monotonic()
    rule = provider_rule(provider)
    if not rule.id:
        raise BadInput("--provider needs a name such as openai, anthropic, google, azure, bedrock or self-hosted")
    if basis is not None and basis not in BASES:
        raise BadInput(f"basis={basis!r} is not one of usage records; use one of {', '.join(BASES)}")
    basis = basis or ("estimate" if rule.kind == "gateway" else "provider_usage")
    lists = [prices] if isinstance(prices, Path) else list(prices or ())
    book = book or PriceBook(lists)
    say = progress or (lambda _: None)
    files = find_usage_files(paths)
    with store.writer() as writer:
        say(Progress("reading", 0, None))
        # Rows are wide and months many, and DuckDB would hold back half a million rows before it writes a file.
        writer.execute("SET partitioned_write_flush_threshold = 32768")
        relation = read_relation(writer, files)
        mapping = _stage_records(
            writer, relation, columns or {}, assign or {}, ", ".join(one.path.name for one in files[:3])
        )
        reading = reading_of(writer, rule)
        granularity = _granularity(writer)
        count_disjoint(writer, reading, rule, granularity)
        records = int(writer.execute(f"SELECT count(*) FROM {PARSED}")[0][0])
        say(Progress("pricing", 0, records))
        hosts = host_rules(writer) if rule.kind == "gateway" or not rule.known else {}
        priced = price_tokens(writer, book, rule, hosts, granularity)
        if mapping.has("meter") or mapping.meters:
            price_meters(writer, book, rule, hosts, meters_of(mapping), has_meter=mapping.has("meter"))
        plan = _row_plan(rule, hosts, mapping, source, basis, book.currency, granularity, own_prices=bool(lists))
        say(Progress("valuing", 0, records))
        rows = make_rows(writer, plan)
        quarantined = _quarantine(writer)
        report = writer.commit(
            LoadPlan(
                relation=ROWS,
                dataset="Usage",
                replace="interval",
                read=rows + quarantined,
                files=[one.loaded() for one in files],
                quarantine_relation=QUARANTINED,
                defects=(*reading.notes, *notes_of(writer, plan, priced, mapping, records - quarantined, rows)),
                progress=progress,
                started=started,
            )
        )
    return report.model_copy(update={"read": records, "accepted": records - quarantined})


def _row_plan(
    rule: ProviderRule,
    hosts: Mapping[str, ProviderRule],
    mapping: UsageMapping,
    source: str | None,
    basis: str,
    currency: str,
    granularity: str,
    *,
    own_prices: bool,
) -> RowPlan:
    return RowPlan(
        rule=rule,
        hosts=hosts,
        source=source,
        basis=basis,
        currency=currency,
        granularity=granularity,
        kept=kept_columns(mapping),
        meters=meters_of(mapping),
        has=frozenset((*mapping.fields, *mapping.constants)),
        use_given_cost=mapping.has("cost") and not own_prices,
    )


def _stage_records(
    writer: Writer, relation: str, given: Mapping[str, str], constants: Mapping[str, str], files: str
) -> UsageMapping:
    columns = source_columns(writer, relation, given)
    names = [name for name in columns if name != FILE_COLUMN]
    if len(names) == 1 and any(separator in names[0] for separator in ",;\t|"):
        raise BadInput(
            f"{files} can't be split into columns ({names[0]}): some line has more or fewer cells than the first, "
            "or a quote that is not closed; export it again"
        )
    mapping = map_columns(names, given, constants, files)
    read_records(writer, relation, mapping, columns)
    return mapping


def _granularity(writer: Writer) -> str:
    """day when every record begins at midnight, hour when on the hour, else instant."""
    days, hours = writer.execute(
        "SELECT bool_and(ts = date_trunc('day', ts)), bool_and(ts = date_trunc('hour', ts)) "
        f"FROM {PARSED} WHERE fault IS NULL"
    )[0]
    return "day" if days else "hour" if hours else "instant"


def _quarantine(writer: Writer) -> int:
    writer.execute(
        f"CREATE OR REPLACE VIEW {QUARANTINED} AS SELECT parse_filename(file) AS file, fault AS reason, cost AS money, "
        f"COALESCE(raw, CAST(to_json(struct_pack(time := ts, model := model, input_tokens := input_tokens, "
        "cached_input_tokens := cached_input_tokens, cache_write_tokens := cache_write_tokens, "
        "output_tokens := output_tokens, reasoning_tokens := reasoning_tokens)) AS VARCHAR)) AS row "
        f"FROM {COUNTED} WHERE fault IS NOT NULL"
    )
    return int(writer.execute(f"SELECT count(*) FROM {QUARANTINED}")[0][0])
