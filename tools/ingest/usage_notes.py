"""What a person has to know of a usage load: unpriced models, stand-in prices, tiers that aggregates can't tell."""

from collections.abc import Iterator

from tools.domain.load import Defect
from tools.ingest.usage_fields import UsageMapping
from tools.ingest.usage_prices import Priced
from tools.ingest.usage_rows import GIVEN, ROWS, UNPRICED, RowPlan
from tools.store.engine import text
from tools.store.writer import Writer

NAMED = 10
"""Models that a note names at most."""


def notes_of(
    writer: Writer, plan: RowPlan, priced: Priced, mapping: UsageMapping, records: int, rows: int
) -> list[Defect]:
    """The notes of a load, the weightiest first; they are kept with it and shown by `outlay data`."""
    notes = [*_unpriced(writer), *priced.notes, *_context(writer, priced), *_given(writer, plan)]
    if mapping.dropped:
        names = ", ".join(mapping.dropped)
        notes.append(_note(names, records, f"{names}: what people said to a model is not kept"))
    if rows != records:
        notes.append(
            _note("x_TokenType", rows, f"{records} records made {rows} rows, one for each kind of token or meter")
        )
    return notes


def _unpriced(writer: Writer) -> Iterator[Defect]:
    found = writer.execute(
        'SELECT COALESCE("x_Model", "SkuMeter", \'(no model)\'), count(*), sum("ConsumedQuantity"), '
        f'min("ConsumedUnit") FROM {ROWS} WHERE "x_PriceSource" = \'{UNPRICED}\' GROUP BY 1 ORDER BY 3 DESC, 1'
    )
    if found:
        rows = sum(row[1] for row in found)
        names = "; ".join(f"{model} ({int(quantity)} {unit})" for model, _, quantity, unit in found[:NAMED])
        more = f" and {len(found) - NAMED} more" if len(found) > NAMED else ""
        yield _note(
            "EffectiveCost", rows, f"unpriced, which is not zero: no price for {names}{more}; add them to a price list"
        )


def _context(writer: Writer, priced: Priced) -> Iterator[Defect]:
    for model, threshold in sorted(priced.context_thresholds.items()):
        found = writer.execute(
            f"SELECT count(*) FROM usage_timed WHERE price_model = {text(model)} AND context_unknown "
            f"AND context_total > {threshold}"
        )[0][0]
        if found:
            yield _note(
                "ContractedUnitPrice",
                found,
                f"{model} costs more in requests of over {threshold} input tokens; these aggregates can't tell which "
                "requests were, and are priced at the base tier",
            )


def _given(writer: Writer, plan: RowPlan) -> Iterator[Defect]:
    if plan.use_given_cost:
        found = writer.execute(f"SELECT count(*) FROM {ROWS} WHERE \"x_PriceSource\" = '{GIVEN}'")[0][0]
        yield _note(
            "EffectiveCost", found, f"the cost is the file's own, taken as {plan.currency}; no price list was given"
        )


def _note(column: str, rows: int, detail: str) -> Defect:
    return Defect(column=column, rows=rows, defect="note", detail=detail)
