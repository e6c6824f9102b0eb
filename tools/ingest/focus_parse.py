"""The columns of a raw relation, parsed: text once and for all into a table, typed Parquet columns as it is read."""

import re
from collections.abc import Mapping

from tools.domain.focus import BY_NAME
from tools.ingest.focus_raw import Raw
from tools.ingest.focus_types import Parsed, json_text, moment, number, words
from tools.store import ColumnFacts, Writer


def parse_columns(
    writer: Writer, raw: Raw, facts: Mapping[str, ColumnFacts], *, day_first: bool
) -> tuple[Raw, Mapping[str, Parsed]]:
    """The relation to read from, and each store column and how it is read.

    `facts` are a Parquet file's footers; {} for text.
    """
    parsed = {column.store: _parse(raw, name, facts.get(name), day_first) for name, column in raw.columns.items()}
    texts = {
        name: one
        for (source, column), one in zip(raw.columns.items(), parsed.values(), strict=True)
        if raw.types[source] == "VARCHAR" and (name := column.store) in BY_NAME and _is_converted(name)
    }
    if not texts:
        return raw, parsed
    relation = raw.relation.replace("raw", "parsed")
    items = [f'{one.value} AS "value_{name}", {one.present} AS "text_{name}"' for name, one in texts.items()]
    writer.execute_as_written(f"CREATE TABLE {relation} AS SELECT *, {', '.join(items)} FROM {raw.relation}")
    return raw.at(relation), parsed | {name: _stored(name, one) for name, one in texts.items()}


def _is_converted(name: str) -> bool:
    return BY_NAME[name].kind in ("cost", "price", "quantity", "time")


def _parse(raw: Raw, column: str, fact: ColumnFacts | None, day_first: bool) -> Parsed:
    store = raw.columns[column].store
    source, source_type = '"' + column.replace('"', '""') + '"', raw.types[column]
    kind = BY_NAME[store].kind if store in BY_NAME else "text"
    if kind in ("cost", "price", "quantity"):
        return number(source, source_type, kind)
    if kind == "time":
        return moment(source, source_type, day_first=day_first, sane=fact is not None and _is_sane(fact))
    return json_text(source, source_type) if kind == "json" else words(source, source_type)


def _is_sane(fact: ColumnFacts) -> bool:
    """Whether a time column's footers prove that it holds years from 1990 to 2099."""
    bounds = (fact.smallest, fact.largest)
    return all(bound is not None and re.match(r"(199|20\d)\d-", bound) for bound in bounds)


def _stored(name: str, one: Parsed) -> Parsed:
    value, present = f'"value_{name}"', f'"text_{name}"'
    rounded = one.rounded.replace(one.value, value).replace(one.present, present) if one.rounded else None
    return Parsed(value, f"({present} IS NOT NULL AND {value} IS NULL)", rounded, present)
