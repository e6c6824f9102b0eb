"""What loads leave behind besides rows: quarantined rows, and which earlier loads still matter."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from tools.domain.load import Reason
from tools.store.durable import sync_file, sync_folder
from tools.store.engine import text
from tools.store.layout import Layout
from tools.store.manifest import Load

if TYPE_CHECKING:
    import duckdb

QUARANTINE_FILE = "quarantine.parquet"


def write_quarantine(
    connection: "duckdb.DuckDBPyConnection", folder: Path, load_id: str, relation: str | None
) -> tuple[int, tuple[Reason, ...]]:
    """Write a load's quarantined rows into its staging folder; gives their number and the reasons, most rows first."""
    if relation is None:
        return 0, ()
    target = text(str(folder / QUARANTINE_FILE))
    connection.execute(
        "COPY (SELECT CAST(file AS VARCHAR) AS file, CAST(reason AS VARCHAR) AS reason, "
        f"CAST(money AS DECIMAL(38,24)) AS money, CAST(row AS VARCHAR) AS row, '{load_id}' AS load "
        f"FROM {relation}) TO {target} (FORMAT parquet, COMPRESSION zstd)"
    )
    rows = connection.execute(
        f"SELECT reason, count(*), sum(money), left(min(row), 500) FROM read_parquet({target}) "
        "GROUP BY 1 ORDER BY 2 DESC, 1"
    ).fetchall()
    reasons = tuple(Reason(reason=why, rows=n, money=money, example=row or "") for why, n, money, row in rows)
    return sum(one.rows for one in reasons), reasons


def publish_quarantine(layout: Layout, folder: Path, load: Load) -> None:
    """Bring a load's quarantined rows to their place, durably."""
    if load.quarantined:
        sync_file(folder / QUARANTINE_FILE)
        (folder / QUARANTINE_FILE).rename(layout.quarantine / f"{load.id}.parquet")
        sync_folder(layout.quarantine)


def loads_that_matter(loads: Sequence[Load], alive: Iterable[str], new: Load) -> list[Load]:
    """Earlier loads with rows in the store (`alive`), or with quarantined rows that nothing has come to replace."""
    names_alive = set(alive)
    contents, names = {file.sha256 for file in new.files}, {file.name for file in new.files}
    kept = []
    for load in loads:
        again = {file.sha256 for file in load.files} <= contents or {file.name for file in load.files} <= names
        if load.id in names_alive or (load.accepted == 0 and not again):
            kept.append(load)
    return kept
