"""Prices for a load: each (model, day, tier) is priced once and joined back in SQL."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from tools.domain.load import Defect
from tools.ingest.usage_counting import COUNTED
from tools.pricing.book import PriceBook
from tools.pricing.meters import Meter
from tools.pricing.providers import ProviderRule, provider_rule
from tools.pricing.rates import RateCard
from tools.store.engine import text
from tools.store.writer import Writer

PRICES = "usage_prices"
METER_PRICES = "usage_meter_prices"
NO_LIMIT = 2**62
TOKEN_METERS: dict[str, Meter] = {
    "input": Meter("input"),
    "cached": Meter("cached_input"),
    "write": Meter("cache_write"),
    "write_5m": Meter("cache_write", variant="5m"),
    "write_1h": Meter("cache_write", variant="1h"),
    "output": Meter("output"),
    "reasoning": Meter("reasoning"),
}
"""The ending of n_… and price_… columns → the meter."""
PER_REQUEST = Meter("requests")
METER_OF_RECORD = "lower(replace(replace(trim(r.meter), ' ', '_'), '-', '_'))"
_Notes = dict[str, int]


@dataclass
class Priced:
    """What came of pricing a load."""

    notes: list[Defect] = field(default_factory=list)
    context_thresholds: dict[str, int] = field(default_factory=dict)
    """Models with long-context prices → the first threshold."""


def price_tokens(
    writer: Writer, book: PriceBook, rule: ProviderRule, hosts: Mapping[str, ProviderRule], granularity: str
) -> Priced:
    """Make the table of unit prices by (host, model, price_at, service_tier, span of context)."""
    at = _price_time(writer, book, rule, hosts, granularity)
    writer.execute(
        f"CREATE OR REPLACE VIEW usage_timed AS SELECT *, COALESCE(provider, '') AS host, "
        f"COALESCE(model, '') AS price_model, {at} AS price_at FROM {COUNTED} WHERE fault IS NULL"
    )
    wanted = writer.execute(
        "SELECT host, price_model, price_at, service_tier, count(*), sum(n_cached) > 0, "
        "sum(n_write) > 0, sum(n_write_1h) > 0 FROM usage_timed GROUP BY 1, 2, 3, 4"
    )
    rows: list[tuple[object, ...]] = []
    notes: _Notes = {}
    priced = Priced()
    for host, model, moment, tier, records, cached, written, written_1h in wanted:
        card = _card(book, hosts.get(host, rule), model, moment, tier)
        if card is None:
            continue
        rows += _price_rows(host, model, moment, tier, card)
        used = {"cached": cached, "write": written, "write_1h": written_1h}
        for note in (*card.notes, *_stand_ins(card, used)):
            notes[note] = notes.get(note, 0) + records
        if card.thresholds():
            priced.context_thresholds[model] = card.thresholds()[0]
    _fill_prices(writer, rows)
    priced.notes += [
        Defect(column="ContractedUnitPrice", rows=n, defect="note", detail=note) for note, n in notes.items()
    ]
    return priced


def price_meters(
    writer: Writer,
    book: PriceBook,
    rule: ProviderRule,
    hosts: Mapping[str, ProviderRule],
    columns: Mapping[str, str],
    *,
    has_meter: bool,
) -> None:
    """Make the table of unit prices of other meters, by (host, model, meter, day)."""
    counted = {column: text(meter) for column, meter in columns.items()}
    if has_meter:
        counted["quantity"] = METER_OF_RECORD
    selects = [
        f"SELECT host, price_model, {meter} AS m, CAST(ts AS DATE) AS d FROM usage_timed r WHERE {column} > 0"
        for column, meter in counted.items()
    ]
    wanted = writer.execute("SELECT DISTINCT host, price_model, m, d FROM (" + " UNION ALL ".join(selects) + ")")
    rows: list[tuple[object, ...]] = []
    for host, model, meter, day in wanted:
        moment = datetime(day.year, day.month, day.day, 12)
        card = book.meter_card(meter, model or None, hosts.get(host, rule), moment)
        price = card.unit_price(Meter(meter)) if card else None
        if card and price:
            rows.append(
                (host, model, meter, day.isoformat(), str(price.amount), price.unit, card.source, card.currency)
            )
    kinds = ("VARCHAR", "VARCHAR", "VARCHAR", "DATE", "DECIMAL(38,24)", "VARCHAR", "VARCHAR", "VARCHAR")
    names = ("host", "price_model", "meter", "day", "price", "unit", "source", "currency")
    _create(writer, METER_PRICES, names, kinds, rows)


def host_rules(writer: Writer) -> dict[str, ProviderRule]:
    """The providers that records name, by the name they use."""
    names = writer.execute(f"SELECT DISTINCT provider FROM {COUNTED} WHERE provider IS NOT NULL AND fault IS NULL")
    return {name: provider_rule(name) for (name,) in names}


def _price_time(
    writer: Writer, book: PriceBook, rule: ProviderRule, hosts: Mapping[str, ProviderRule], granularity: str
) -> str:
    noon = "CAST(CAST(ts AS DATE) AS TIMESTAMP) + INTERVAL 12 HOUR"
    pairs = writer.execute(f"SELECT DISTINCT provider, model FROM {COUNTED} WHERE fault IS NULL AND model IS NOT NULL")
    timed = sorted({model for host, model in pairs if book.varies_within_day(model, hosts.get(host, rule))})
    if not timed or granularity == "day":
        return noon
    models = ", ".join(text(model) for model in timed)
    return f"CASE WHEN model IN ({models}) THEN date_trunc('minute', ts) ELSE {noon} END"


def _card(book: PriceBook, rule: ProviderRule, model: str, moment: datetime, tier: str) -> RateCard | None:
    if not model:
        return None
    batch = tier == "batch"
    return book.card(model, rule, moment, service_tier="standard" if batch else tier, batch=batch)


def _price_rows(host: str, model: str, moment: datetime, tier: str, card: RateCard) -> Iterable[tuple[object, ...]]:
    starts = [0, *(over + 1 for over in card.thresholds())]
    for start, stop in zip(starts, [*starts[1:], NO_LIMIT], strict=True):
        prices: list[Decimal | None] = []
        for meter in TOKEN_METERS.values():
            found = card.unit_price(meter, start)
            prices.append(found.amount if found else None)
        per_request = card.rates.get(PER_REQUEST)
        prices.append(per_request.at(start) if per_request else None)
        texts = [None if price is None else f"{price:f}" for price in prices]
        yield (host, model, moment.isoformat(), tier, str(start), str(stop), card.source, card.currency, *texts)


def _stand_ins(card: RateCard, used: Mapping[str, bool]) -> list[str]:
    found = [card.stand_in(TOKEN_METERS[name]) for name, is_used in used.items() if is_used]
    return [note for note in found if note]


def _fill_prices(writer: Writer, rows: Sequence[tuple[object, ...]]) -> None:
    names = ("host", "price_model", "price_at", "service_tier", "context_from", "context_to", "source", "currency")
    kinds = ("VARCHAR", "VARCHAR", "TIMESTAMP", "VARCHAR", "BIGINT", "BIGINT", "VARCHAR", "VARCHAR")
    prices = tuple(f"price_{name}" for name in (*TOKEN_METERS, "requests"))
    _create(writer, PRICES, (*names, *prices), (*kinds, *("DECIMAL(38,24)" for _ in prices)), rows)


def _create(
    writer: Writer, table: str, names: Sequence[str], kinds: Sequence[str], rows: Sequence[tuple[object, ...]]
) -> None:
    columns = ", ".join(f"{name} {kind}" for name, kind in zip(names, kinds, strict=True))
    writer.execute(f"CREATE OR REPLACE TABLE {table} ({columns})")
    if rows:
        values = [list(column) for column in zip(*rows, strict=True)]
        items = ", ".join(f"CAST(unnest(CAST(? AS VARCHAR[])) AS {kind})" for kind in kinds)
        writer.execute(f"INSERT INTO {table} SELECT {items}", values)
