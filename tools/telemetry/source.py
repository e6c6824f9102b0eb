"""GpuSource: NVML's calls by name, live or from a recording that keeps calls, results and error codes.

Calls (a GPU is named by its index; results are JSON values in NVML's own units):
count, driver; name, uuid, utilization {gpu, memory} (%), memory {total, used} (bytes), power (mW), energy (mJ),
sm_clock (MHz), throttle_reasons (bits), temperature (°C), ecc_errors (count), processes [{pid, used, mig}] (bytes),
gpm {sm, dram, tensor} (%), mig_instances [{id, name, total, used}] (bytes), all by index; mig_gpm by index and
instance; xids [{gpu, code}]; process (see tools.telemetry.owners) by pid.
"""

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol, TextIO

from tools.domain.errors import BadInput

NOT_SUPPORTED, NO_PERMISSION, NOT_FOUND, FUNCTION_NOT_FOUND = 3, 4, 6, 13
UNINITIALIZED, DRIVER_NOT_LOADED, GPU_IS_LOST, RESET_REQUIRED = 1, 9, 15, 16
GONE = frozenset({GPU_IS_LOST, RESET_REQUIRED})
"""Codes after which a GPU gives nothing until it is reset. Source: nvml.h, nvmlReturn_t."""


class NvmlFault(Exception):
    """A call that NVML answered with an error code."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(f"{message} ({code})")
        self.code, self.message = code, message


class GpuSource(Protocol):
    """Where samples come from."""

    def rounds(self) -> Iterator[datetime]:
        """The moments (UTC, without a zone) at which to sample; calls between two of them belong to the first."""
        ...

    def call(self, name: str, *args: int) -> Any:
        """Raises NvmlFault with NVML's code."""
        ...


class RecordingSource:
    """Passes calls on and writes each with its result or error code, a JSON line each."""

    def __init__(self, source: GpuSource, file: TextIO, note: str) -> None:
        self._source, self._file = source, file
        self._write({"recording": 1, "note": note})

    def rounds(self) -> Iterator[datetime]:
        for moment in self._source.rounds():
            self._write({"round": moment.isoformat()})
            yield moment

    def call(self, name: str, *args: int) -> Any:
        made: dict[str, Any] = {"call": name, "args": args}
        try:
            made["result"] = self._source.call(name, *args)
        except NvmlFault as fault:
            made |= {"error": fault.code, "message": fault.message}
            raise
        finally:
            self._write(made)
        return made["result"]

    def _write(self, line: dict[str, Any]) -> None:
        self._file.write(json.dumps(line, separators=(",", ":")) + "\n")
        self._file.flush()


class ReplaySource:
    """Answers as a recording has it, at the recorded moments.

    A call that a round lacks is answered with NVML's "function not found", as a driver would that has no such call.

    Raises:
        BadInput: the file is no recording.
    """

    def __init__(self, path: Path) -> None:
        try:
            lines = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
        except (OSError, UnicodeDecodeError, ValueError) as fault:
            raise BadInput(f"{path} can't be read as a recording: {fault}") from None
        if not lines or not isinstance(lines[0], dict) or lines[0].get("recording") != 1:
            raise BadInput(f"{path} is no recording of outlay telemetry nvml --record")
        self.note: str = lines[0].get("note", "")
        self._rounds: list[tuple[datetime, dict[tuple[Any, ...], dict[str, Any]]]] = []
        for line in lines[1:]:
            if "round" in line:
                self._rounds.append((datetime.fromisoformat(line["round"]), {}))
            elif self._rounds:
                self._rounds[-1][1][line["call"], *line["args"]] = line
        self._answers: dict[tuple[Any, ...], dict[str, Any]] = {}

    def rounds(self) -> Iterator[datetime]:
        for moment, answers in self._rounds:
            self._answers = answers
            yield moment

    def call(self, name: str, *args: int) -> Any:
        line = self._answers.get((name, *args))
        if line is None:
            raise NvmlFault(FUNCTION_NOT_FOUND, "Function Not Found")
        if "error" in line:
            raise NvmlFault(line["error"], line["message"])
        return line["result"]
