"""The names that people may ask for: values of dimensions and tags, with what they cost."""

import os
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from tools.domain.focus import BY_NAME, ROLLUP_DIMENSIONS
from tools.store.engine import file_list, identifier, sql_type, text
from tools.store.segments import ColumnFacts

if TYPE_CHECKING:
    import duckdb

MOST_VALUES = 5_000
"""Per dimension and segment; the costliest are kept."""
MOST_TAG_TEXTS = 20_000
TAG_SAMPLE = 100_000
MOST_TAG_VALUES = 500
TAG_KEY = "tag_key"
COLUMNS = "dimension VARCHAR, value VARCHAR, cost DOUBLE, rows BIGINT"
_IDS = frozenset(
    {"ChargeDescription", "SkuPriceDetails", "x_RequestHash", "x_PrefixHashes", "x_SimHash", "x_Embedding"}
)
"""Columns whose values nobody says."""


def write_vocabulary(
    connection: "duckdb.DuckDBPyConnection",
    files: Sequence[Path],
    facts: Mapping[str, ColumnFacts],
    rows: int,
    target: Path,
) -> None:
    """Write a segment's vocabulary (dimension, value, cost, rows) from its rollup and its low-cardinality columns."""
    daily = f"read_parquet({file_list([target.with_name('daily.parquet')])})"
    cost = '"EffectiveCost"' if _has(facts, "EffectiveCost", rows) else "CAST(0 AS DECIMAL(38,24))"
    connection.execute(f"CREATE OR REPLACE TEMP TABLE words ({COLUMNS})")
    selects, constants = [], []
    for name in facts:
        if sql_type(name) != "VARCHAR" or not _has(facts, name, rows) or name in _IDS or name == "x_Source":
            continue
        constant = facts[name].constant
        if constant is not None:
            constants.append(f"({text(name)}, {text(constant)})")
        elif name in ROLLUP_DIMENSIONS:
            selects.append(_values(name, daily, cost, '"x_Rows"'))
        elif _is_small(facts[name]) and (name not in BY_NAME or BY_NAME[name].kind != "json"):
            selects.append(_values(name, f"read_parquet({file_list(files)})", cost, "1"))
    if constants:
        sums = f'COALESCE(CAST(sum({cost}) AS DOUBLE), 0) AS cost, CAST(sum("x_Rows") AS BIGINT) AS rows'
        known = f"(VALUES {', '.join(constants)}) AS known(name, value)"
        selects.append(f"SELECT name, value, cost, rows FROM {known}, (SELECT {sums} FROM {daily})")
    if selects:
        connection.execute(f"INSERT INTO words {' UNION ALL '.join(selects)}")
    if _has(facts, "Tags", rows):
        _add_tags(connection, files, cost, sampled=not _is_small(facts["Tags"], MOST_TAG_TEXTS))
    connection.execute(f"COPY words TO {text(str(target))} (FORMAT parquet)")
    connection.execute("DROP TABLE words")


def merge_vocabulary(connection: "duckdb.DuckDBPyConnection", segments: Sequence[Path], target: Path) -> None:
    """Sum the vocabularies of all segments' folders into a generation's, most costly first."""
    target.unlink(missing_ok=True)  # it may be a second name of an earlier one, which is not to be written into
    files = [folder / "vocabulary.parquet" for folder in segments]
    source = f"read_parquet({file_list(files)})" if files else f"(SELECT {_no_words()} WHERE false)"
    connection.execute(
        "COPY (SELECT dimension, value, sum(cost) AS cost, CAST(sum(rows) AS BIGINT) AS rows "
        f"FROM {source} GROUP BY ALL ORDER BY dimension, cost DESC, rows DESC, value) "
        f"TO {text(str(target))} (FORMAT parquet)"
    )


def keep_vocabulary(previous: Path, target: Path) -> bool:
    """Give a generation the vocabulary of the one before, as a second name of the same file; False when it has none.

    For loads that change no charges: the words and their costs are what they were.
    """
    target.unlink(missing_ok=True)  # of a writer that was killed before it made its generation current
    try:
        os.link(previous, target)
    except FileNotFoundError:
        return False
    except OSError:  # the disk knows no links
        shutil.copyfile(previous, target)
    return True


def _no_words() -> str:
    return "CAST(NULL AS VARCHAR) AS dimension, CAST(NULL AS VARCHAR) AS value, 0.0 AS cost, 0 AS rows"


def _has(facts: Mapping[str, ColumnFacts], name: str, rows: int) -> bool:
    return name in facts and facts[name].nulls < rows


def _is_small(fact: ColumnFacts, most: int = MOST_VALUES) -> bool:
    return fact.distinct is not None and fact.distinct <= most


def _values(name: str, relation: str, cost: str, rows: str) -> str:
    column = identifier(name)
    return (
        f"(SELECT {text(name)}, {column}, COALESCE(CAST(sum({cost}) AS DOUBLE), 0) AS cost, sum({rows}) AS rows "
        f"FROM {relation} WHERE {column} IS NOT NULL GROUP BY {column} "
        f"ORDER BY cost DESC, rows DESC LIMIT {MOST_VALUES})"
    )


def _add_tags(connection: "duckdb.DuckDBPyConnection", files: Sequence[Path], cost: str, *, sampled: bool) -> None:
    sample = f" USING SAMPLE {TAG_SAMPLE} ROWS (reservoir, 42)" if sampled else ""
    connection.execute(
        'CREATE OR REPLACE TEMP TABLE tag_texts AS SELECT "Tags" AS tags, '
        "COALESCE(CAST(sum(cost) AS DOUBLE), 0) AS cost, count(*) AS rows "
        f'FROM (SELECT "Tags", {cost} AS cost FROM read_parquet({file_list(files)}){sample}) '
        'WHERE json_valid("Tags") AND json_type("Tags") = \'OBJECT\' GROUP BY ALL'
    )
    pairs = "SELECT pair.key AS key, pair.value ->> '$' AS value, cost, rows FROM tag_texts, json_each(tags) AS pair"
    connection.execute(
        f"INSERT INTO words SELECT '{TAG_KEY}', key, sum(cost), sum(rows) FROM ({pairs}) "
        f"GROUP BY ALL LIMIT {MOST_VALUES}"
    )
    totals = (
        f"SELECT key, value, sum(cost) AS cost, sum(rows) AS rows FROM ({pairs}) WHERE value IS NOT NULL GROUP BY ALL"
    )
    connection.execute(
        f"INSERT INTO words SELECT 'tag:' || key, value, cost, rows FROM ({totals}) "
        f"QUALIFY row_number() OVER (PARTITION BY key ORDER BY rows DESC) <= {MOST_TAG_VALUES} LIMIT {MOST_VALUES}"
    )
    connection.execute("DROP TABLE tag_texts")
