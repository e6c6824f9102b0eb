"""Sandbox: where ad hoc SQL runs. A process of its own over a copy of the rollup: locked, limited, ended by force."""

import json
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from pydantic import BaseModel, ConfigDict

from tools.domain.errors import BadRequest, StoreFault
from tools.registry import SandboxRows

MEGABYTE = 1024 * 1024


class SandboxLimits(BaseModel):
    """What one statement may take."""

    model_config = ConfigDict(frozen=True)

    seconds: float = 5.0
    """Then DuckDB is interrupted."""
    grace_seconds: float = 2.0
    """What an interrupt may take; then the process is killed."""
    start_seconds: float = 60.0
    memory_megabytes: int = 512
    """DuckDB's own limit, the copy included."""
    spare_megabytes: int = 768
    """What the process may take beyond what it has once the copy is made."""
    rows: int = 1000
    cell_characters: int = 1000
    reply_megabytes: int = 4


class Sandbox:
    """Use it as a context: `with snapshot.sandbox() as sandbox`. One statement at a time."""

    def __init__(self, copy: Sequence[str], limits: SandboxLimits) -> None:
        self._copy, self._limits = tuple(copy), limits
        self._process: subprocess.Popen[str] | None = None

    def __enter__(self) -> Self:
        self._start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end()

    def parse(self, sql: str) -> dict[str, Any]:
        """DuckDB's own reading of a statement. Raises BadRequest for what it can't read."""
        tree: dict[str, Any] = self._asked({"parse": sql})["tree"]
        return tree

    def run(self, sql: str) -> SandboxRows:
        """Run one statement.

        Raises:
            BadRequest: DuckDB refuses it, or it takes too long or too much memory.
        """
        limits = self._limits
        order = {"run": sql, "rows": limits.rows, "cell": limits.cell_characters}
        found = self._asked(order | {"bytes": limits.reply_megabytes * MEGABYTE // 4})
        return SandboxRows(
            columns=tuple(column["name"] for column in found["columns"]),
            types=tuple(column["type"] for column in found["columns"]),
            rows=tuple(tuple(_value(cell) for cell in row) for row in found["rows"]),
            is_cut=found["cut"],
        )

    def _start(self) -> None:
        child = Path(__file__).with_name("sandbox_child.py")
        kept = {name: os.environ[name] for name in ("SYSTEMROOT", "LD_LIBRARY_PATH") if name in os.environ}
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-S", "-B", str(child)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=tempfile.gettempdir(),
            env={"PYTHONPATH": os.pathsep.join(path for path in sys.path if path), **kept},
            text=True,
            encoding="utf-8",
        )
        limits = self._limits
        first = {"memory": f"{limits.memory_megabytes}MiB", "spare_bytes": limits.spare_megabytes * MEGABYTE}
        reply = self._exchange(first | {"copy": self._copy}, limits.start_seconds)
        if reply is None or "ready" not in reply:
            self._end()
            raise StoreFault(f"the place for ad hoc SQL could not be made: {(reply or {}).get('fault', 'no reply')}")

    def _asked(self, order: dict[str, Any]) -> dict[str, Any]:
        if self._process is None:
            self._start()
        seconds = self._limits.seconds
        reply = self._exchange(order | {"seconds": seconds}, seconds + self._limits.grace_seconds)
        if reply is None:
            self._end()
            raise BadRequest(
                f"the query was stopped: it took more than {seconds:g} seconds or too much memory; narrow it"
            )
        if "fault" in reply:
            raise _fault(reply, self._limits)
        return reply

    def _exchange(self, order: dict[str, Any], seconds: float) -> dict[str, Any] | None:
        """The child's reply; None when it died, or was killed after `seconds`."""
        process = self._process
        assert process is not None
        assert process.stdin is not None
        assert process.stdout is not None
        killer = threading.Timer(seconds, process.kill)
        killer.start()
        try:
            process.stdin.write(json.dumps(order) + "\n")
            process.stdin.flush()
            line = process.stdout.readline(self._limits.reply_megabytes * MEGABYTE)
            reply = json.loads(line) if line.endswith("\n") else None
        except (OSError, ValueError):
            return None
        finally:
            killer.cancel()
        return reply if isinstance(reply, dict) else None

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                _close(pipe)


def _close(pipe: Any) -> None:
    try:
        pipe.close()
    except OSError:
        return  # what was still to be written has nobody left to read it


def _value(cell: Any) -> str | Decimal | float | None:
    """A float marks a number that DuckDB worked out in binary."""
    if isinstance(cell, dict):
        return float(cell["number"]) if cell.get("rounded") else Decimal(cell["number"])
    return cell if cell is None else str(cell)


def _fault(reply: dict[str, Any], limits: SandboxLimits) -> BadRequest:
    if reply.get("kind") == "InterruptException":
        return BadRequest(
            f"the query was stopped after {limits.seconds:g} seconds; narrow it by period or group earlier"
        )
    if reply.get("kind") == "OutOfMemoryException":
        return BadRequest("the query needs more memory than ad hoc SQL may take; narrow it by period or group earlier")
    first = str(reply["fault"]).strip().splitlines()
    return BadRequest(f"the query can't be run: {first[0][:300] if first else reply.get('kind')}")
