"""The daily rollup of a segment: one row per day and combination of the common dimensions."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from tools.domain.focus import ROLLUP_DIMENSIONS, ROLLUP_SUMS
from tools.store.engine import file_list, identifier, sql_type, text
from tools.store.relations import CHARGE_DAY
from tools.store.segments import ColumnFacts

if TYPE_CHECKING:
    import duckdb


def write_daily(
    connection: "duckdb.DuckDBPyConnection",
    files: Sequence[Path],
    facts: Mapping[str, ColumnFacts],
    rows: int,
    target: Path,
) -> tuple[str, ...]:
    """Write `target` from a segment's charges; gives its columns besides `ChargeDay` and `x_Rows`.

    Dimensions that are the same in every row (currency, source, account, …) are taken from the footers and not
    grouped by: hashing text is what a rollup costs.
    """
    present = [name for name in ROLLUP_DIMENSIONS if name in facts and facts[name].nulls < rows]
    sums = [name for name in ROLLUP_SUMS if name in facts and facts[name].nulls < rows]
    varying = [name for name in present if facts[name].constant is None]
    items = [
        f'{CHARGE_DAY} AS "ChargeDay"',
        *(identifier(name) for name in varying),
        *(f"sum({identifier(name)}) AS {identifier(name)}" for name in sums),
        'count(*) AS "x_Rows"',
    ]
    constants = [
        f"CAST({text(facts[name].constant or '')} AS {sql_type(name)}) AS {identifier(name)}"
        for name in present
        if facts[name].constant is not None
    ]
    groups = ", ".join(["1", *(identifier(name) for name in varying)])
    source = f"read_parquet({file_list(files)}, hive_partitioning = false)"
    connection.execute(
        f"COPY (SELECT {', '.join(['*', *constants])} FROM "
        f"(SELECT {', '.join(items)} FROM {source} GROUP BY {groups}) "
        f'ORDER BY "ChargeDay") TO {text(str(target))} (FORMAT parquet, COMPRESSION zstd)'
    )
    return (*varying, *sums, *(name for name in present if facts[name].constant is not None))
