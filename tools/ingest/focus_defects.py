"""Departures from FOCUS: loaded all the same, and reported."""

from collections.abc import Callable, Mapping, Sequence

from tools.domain.focus import FOCUS_COLUMNS, RENAMED
from tools.domain.load import Defect
from tools.domain.money import UNKNOWN_CURRENCY
from tools.ingest.focus_raw import Raw
from tools.ingest.focus_rows import Count, RowsSql
from tools.store import LoadFacts, Writer

ALLOWED: Mapping[str, tuple[str, ...]] = {
    "ChargeCategory": ("Usage", "Purchase", "Tax", "Credit", "Adjustment"),
    "ChargeClass": ("Correction",),
    "ChargeFrequency": ("Usage-Based", "Recurring", "One-Time"),
    "PricingCategory": ("Standard", "Committed", "Dynamic", "Other"),
    "CommitmentDiscountCategory": ("Spend", "Usage"),
    "CommitmentDiscountStatus": ("Used", "Unused"),
    "CapacityReservationStatus": ("Used", "Unused"),
    "ServiceCategory": (
        "AI and Machine Learning",
        "Analytics",
        "Business Applications",
        "Compute",
        "Databases",
        "Developer Tools",
        "Identity",
        "Integration",
        "Internet of Things",
        "Management and Governance",
        "Media",
        "Migration",
        "Mobile",
        "Multicloud",
        "Networking",
        "Security",
        "Storage",
        "Web",
        "Other",
    ),
}
"""Source: FOCUS 1.2 and 1.4, allowed values of each column."""


def header_defects(raws: Sequence[Raw]) -> list[Defect]:
    """Columns under older or other names, files in other encodings, dates that could be read in two ways."""
    found: dict[tuple[str, str, str], int] = {}
    for raw in raws:
        copies = [f"{name} holds the same as {raw.file.path.name} and was loaded once" for name in raw.file.copies]
        for note in [*raw.notes, *copies]:
            found[("", "note", note)] = found.get(("", "note", note), 0) + raw.rows
        for column in raw.columns.values():
            for key in _about(column.file, column.store, column.known):
                found[key] = found.get(key, 0) + raw.rows
    return [Defect(column=c, rows=rows, defect=kind, detail=detail) for (c, kind, detail), rows in found.items()]


def _about(name: str, store: str, known: bool) -> list[tuple[str, str, str]]:
    if store in RENAMED:
        return [(RENAMED[store], "renamed", f"{store} is the name up to FOCUS 1.3")]
    if known and name != store:
        return [(store, "renamed", f"written as {name!r}")]
    if not known and name != store:
        return [(store, "note", f"{name!r} is no FOCUS column and is kept as {store}")]
    return []


def counted_defects(writer: Writer, rows: Sequence[RowsSql]) -> list[Defect]:
    """Run the counts that each relation asks for, in one pass; examples are looked for only where there are some."""
    found: dict[tuple[str, str, str], Defect] = {}
    for one in rows:
        if not one.counts:
            continue
        accepted = f"({one.reason}) IS NULL" if one.reason else "true"
        items = ", ".join(f"count(*) FILTER (WHERE {count.condition})" for count in one.counts)
        numbers = writer.execute(f"SELECT {items} FROM {one.raw.relation} WHERE {accepted}")[0]
        for count, number in zip(one.counts, numbers, strict=True):
            if number:
                key = (count.column, count.defect, count.detail)
                before = found[key].rows if key in found else 0
                found[key] = Defect(
                    column=count.column,
                    rows=before + number,
                    defect=count.defect,
                    detail=count.detail,
                    example=_example(writer, one.raw.relation, count, accepted),
                )
    return list(found.values())


def _example(writer: Writer, relation: str, count: Count, accepted: str) -> str | None:
    if count.example is None:
        return None
    value = f"CAST({count.example} AS VARCHAR)"
    found = writer.execute(f"SELECT {value} FROM {relation} WHERE {accepted} AND {count.condition} LIMIT 1")
    # A damaged Parquet file can read differently the second time; the writer refuses it later, with the reason.
    return str(found[0][0]) if found else None


def conformance(present: frozenset[str]) -> Callable[[LoadFacts], list[Defect]]:
    """A check of what was written; `present` are the store columns that some file had."""

    def check(facts: LoadFacts) -> list[Defect]:
        found = []
        for column in FOCUS_COLUMNS:
            if column.name not in present:
                if column.level == "mandatory":
                    detail = "no file of this load has it"
                    found.append(Defect(column=column.name, rows=facts.rows, defect="missing_column", detail=detail))
            elif not column.nullable and facts.nulls.get(column.name):
                rows = facts.nulls[column.name]
                found.append(
                    Defect(column=column.name, rows=rows, defect="null_value", detail="FOCUS asks for a value")
                )
        if "BillingCurrency" in present:
            found += _no_currency(facts)
        return found + [defect for name in ALLOWED if name in present for defect in _unknown(facts, name)]

    return check


def _no_currency(facts: LoadFacts) -> list[Defect]:
    rows = dict(facts.values("BillingCurrency")).get(UNKNOWN_CURRENCY, 0)
    detail = f"loaded as {UNKNOWN_CURRENCY}, ISO 4217's code for no currency"
    return [Defect(column="BillingCurrency", rows=rows, defect="null_value", detail=detail)] if rows else []


def _unknown(facts: LoadFacts, name: str) -> list[Defect]:
    odd = {value: rows for value, rows in facts.values(name) if value is not None and value not in ALLOWED[name]}
    if not odd:
        return []
    shown = ", ".join(repr(value) for value in sorted(odd)[:5])
    detail = f"{shown} {'is' if len(odd) == 1 else 'are'} not among FOCUS's values"
    return [Defect(column=name, rows=sum(odd.values()), defect="unknown_value", detail=detail, example=min(odd))]
