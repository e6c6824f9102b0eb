"""The process that ad hoc SQL runs in: a copy of the rollup in memory, and every way out of it shut.

Started by tools.store.sandbox as a script, so that it imports nothing but DuckDB and the standard library. It reads
one JSON object a line and answers each with one. The first names what to copy; then DuckDB is locked, and the process
gives up the right to open files, to write any, and to grow past its memory.
"""

import contextlib
import datetime
import decimal
import json
import sys
import threading
import time
from collections.abc import Iterator
from typing import Any

import duckdb

LOCKS = (
    "SET temp_directory = ''",
    "SET enable_external_access = false",
    "SET allow_community_extensions = false",
    "SET autoinstall_known_extensions = false",
    "SET autoload_known_extensions = false",
    "SET lock_configuration = true",
)


def main() -> None:
    orders = sys.stdin
    try:
        first = json.loads(orders.readline())
        connection = _copied(first)
        watchdog = Watchdog()
        _give_up_rights(first["spare_bytes"])
        _answer({"ready": True})
    except Exception as fault:  # noqa: BLE001 - the parent is told whatever it is
        _answer(_fault(fault))
        return
    for line in orders:
        try:
            _answer(_served(connection, watchdog, json.loads(line)))
        except MemoryError:
            _answer({"fault": "out of memory", "kind": "OutOfMemoryException"})
        except Exception as fault:  # noqa: BLE001
            _answer(_fault(fault))


def _copied(first: dict[str, Any]) -> duckdb.DuckDBPyConnection:
    """A database with nothing but the copy, that can't be opened up again."""
    config = {
        "memory_limit": first["memory"],
        "threads": "1",  # the same query gives the same rows in the same order
        "python_enable_replacements": "false",
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
    }
    connection = duckdb.connect(":memory:", config=config)
    connection.execute("SET TimeZone = 'UTC'")
    connection.execute("SET enable_progress_bar = false")  # it is written to where the answers go
    for statement in first["copy"]:
        connection.execute(statement)
    for lock in LOCKS:
        connection.execute(lock)
    connection.execute("SELECT json_serialize_sql('SELECT 1')").fetchall()
    return connection


def _give_up_rights(spare_bytes: int) -> None:
    """No file can be opened or written from here on, and memory has an end; where the platform knows such limits."""
    try:
        import resource
    except ImportError:
        return
    with contextlib.suppress(OSError, ValueError):
        with open("/proc/self/statm", encoding="ascii") as file:
            used = int(file.read().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (used + spare_bytes, used + spare_bytes))
    for limit, most in ((resource.RLIMIT_FSIZE, 0), (resource.RLIMIT_CORE, 0), (resource.RLIMIT_NOFILE, 3)):
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(limit, (most, most))


def _served(connection: duckdb.DuckDBPyConnection, watchdog: "Watchdog", order: dict[str, Any]) -> dict[str, Any]:
    cursor = connection.cursor()
    with watchdog.interrupts(cursor, order["seconds"]):
        if "parse" in order:
            row = cursor.execute("SELECT json_serialize_sql(CAST(? AS VARCHAR))", [order["parse"]]).fetchone()
            return {"tree": json.loads(row[0])} if row else {"fault": "nothing to parse", "kind": "ParserException"}
        statements = cursor.extract_statements(order["run"])
        if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
            return {"fault": "one SELECT is run, and nothing else", "kind": "ParserException"}
        with _reading_only(cursor):
            cursor.execute(statements[0])
            columns = [{"name": column[0], "type": str(column[1])} for column in cursor.description or ()]
            rows, cut = _capped(cursor, order)
        return {"columns": columns, "rows": rows, "cut": cut}


@contextlib.contextmanager
def _reading_only(cursor: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """A SELECT can hold a DELETE; in here it can't change the copy either."""
    cursor.execute("BEGIN TRANSACTION READ ONLY")
    try:
        yield
    finally:
        cursor.execute("ROLLBACK")


class Watchdog:
    """Interrupts what takes too long. Its one thread starts before memory has an end: later there may be none left."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._watched: tuple[duckdb.DuckDBPyConnection, float] | None = None
        threading.Thread(target=self._watch, daemon=True).start()

    @contextlib.contextmanager
    def interrupts(self, cursor: duckdb.DuckDBPyConnection, seconds: float) -> Iterator[None]:
        """Let the cursor work for so many seconds."""
        self._set((cursor, time.monotonic() + seconds))
        try:
            yield
        finally:
            self._set(None)

    def _set(self, watched: tuple[duckdb.DuckDBPyConnection, float] | None) -> None:
        with self._changed:
            self._watched = watched
            self._changed.notify()

    def _watch(self) -> None:
        with self._changed:
            while True:
                left = self._watched[1] - time.monotonic() if self._watched else None
                if self._watched and left is not None and left <= 0:
                    self._watched[0].interrupt()
                    self._watched, left = None, None
                self._changed.wait(left)


def _capped(cursor: duckdb.DuckDBPyConnection, order: dict[str, Any]) -> tuple[list[list[Any]], bool]:
    rows: list[list[Any]] = []
    left = order["bytes"]
    while row := cursor.fetchone():
        cells = [_cell(value, order["cell"]) for value in row]
        left -= sum(len(str(cell)) for cell in cells)
        if len(rows) >= order["rows"] or left < 0:
            return rows, True
        rows.append(cells)
    return rows, False


def _cell(value: Any, most: int) -> Any:
    """Text as text, numbers as {"number": text}."""
    if value is None or isinstance(value, bool):
        return None if value is None else str(value).lower()
    if isinstance(value, float):
        return {"number": format(value, ".15g"), "rounded": True} if value - value == 0 else str(value)
    if isinstance(value, int | decimal.Decimal):
        return {"number": str(value)}
    if isinstance(value, datetime.date):
        return value.isoformat()
    text = value if isinstance(value, str) else repr(value) if isinstance(value, bytes) else str(value)
    return text if len(text) <= most else text[:most] + "…"


def _fault(fault: Exception) -> dict[str, Any]:
    return {"fault": str(fault)[:2000], "kind": type(fault).__name__}


def _answer(content: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(content) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
