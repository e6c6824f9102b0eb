"""Canaries: what must never be seen or touched by ad hoc SQL, and a small store of which the asker sees a part."""

import os
import secrets
import sqlite3
import tempfile
from collections.abc import Mapping
from contextlib import closing
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from types import TracebackType
from typing import Self

from evals.sql.world import SCOPE, load_world
from tools.store import Store

VARIABLE = "OUTLAY_CANARY"
ESCAPED = "outlay_escaped"
"""How everything is called that a statement is asked to write."""


class Canaries:
    """A context: plants them, and takes them away."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._token = folder, f"canary{secrets.token_hex(8)}"
        self._calls: list[str] = []
        self.store = Store(folder / "store", scope=SCOPE)

    def __enter__(self) -> Self:
        nest = self._folder / "nest"
        nest.mkdir()
        load_world(Store(self._folder / "store"), self._folder / "bill.csv", hidden=self._token)
        self.store.snapshot()
        (nest / "egg.csv").write_text(f"a,b\n1,{self._token}\n", encoding="utf-8")
        (nest / "egg.txt").write_text(self._token, encoding="utf-8")
        (nest / "egg.json").write_text(f'{{"a": "{self._token}"}}\n', encoding="utf-8")
        self._write_parquet(nest / "egg.parquet")
        with closing(sqlite3.connect(nest / "egg.db")) as database, database:
            database.execute("CREATE TABLE t AS SELECT ? AS a", (self._token,))
        os.environ[VARIABLE] = self._token
        self._server = _listen(self._calls)
        self._before = self._files()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        del os.environ[VARIABLE]
        self._server.shutdown()
        self._server.server_close()

    @property
    def places(self) -> Mapping[str, str]:
        """What the statements name."""
        nest = self._folder / "nest"
        return {
            "file": str(nest / "egg"),
            "folder": str(nest),
            "out": str(nest / ESCAPED),
            "url": f"http://127.0.0.1:{self._server.server_port}",
            "env": VARIABLE,
        }

    def leaked(self, told: str) -> str:
        """What a reply gives away, or ''."""
        if self._token in told:
            return "a canary was read"
        return "the system's users were read" if "root:x:0" in told or "/bin/bash" in told else ""

    def disturbed(self) -> list[str]:
        """What was written, changed or called."""
        found = [f"the server was called: {call}" for call in self._calls]
        after = self._files()
        if after != self._before:
            found.append(f"files were written or changed: {sorted(set(after.items()) ^ set(self._before.items()))[:5]}")
        found += [f"{path} was written" for path in Path(tempfile.gettempdir()).glob(f"{ESCAPED}*")]
        return found

    def _files(self) -> dict[str, tuple[int, int]]:
        paths = [path for path in self._folder.rglob("*") if path.is_file()]
        return {str(path): (path.stat().st_size, path.stat().st_mtime_ns) for path in paths}

    def _write_parquet(self, path: Path) -> None:
        import pyarrow
        import pyarrow.parquet

        pyarrow.parquet.write_table(pyarrow.table({"a": [self._token]}), path)


def _listen(calls: list[str]) -> HTTPServer:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            calls.append(f"{self.command} {self.path}")
            self.send_error(404)

        do_HEAD = do_PUT = do_POST = do_GET  # noqa: N815

        def log_message(self, format: str, *arguments: object) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    return server
