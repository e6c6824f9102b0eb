"""Outlay's own usage as it happens: an append-only journal, one file a UTC day, one line an answer."""

import json
import os
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

from tools.domain.errors import StoreFault
from tools.domain.model_usage import ModelUsage

FOLDER = "own_usage"
COLUMNS = (
    "time", "model", "provider", "requests", "input_tokens", "cached_input_tokens", "output_tokens", "reasoning_tokens",
)  # fmt: skip


class UsageJournal:
    """The journal in a home's `state`. Appending takes no lock: a line is one write."""

    def __init__(self, state: Path) -> None:
        self.folder = state / FOLDER

    def append(self, usage: ModelUsage, at: datetime | None = None) -> None:
        """Keep what one answer used; on disk when this returns. Raises StoreFault."""
        moment = at or datetime.now(UTC)
        record = usage.model_dump(mode="json", include=set(COLUMNS)) | {"time": moment.isoformat()}
        path = self.folder / f"{moment:%Y-%m-%d}.jsonl"
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
            try:
                # A line that a crash cut short must not swallow this one.
                os.write(descriptor, b"\n" * _is_cut(descriptor) + json.dumps(record).encode() + b"\n")
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
        except OSError as fault:
            raise StoreFault(f"Outlay's own usage can't be kept in {path}: {fault.strerror}") from None

    def sizes(self) -> dict[str, int]:
        """Bytes by day."""
        return {path.stem: path.stat().st_size for path in sorted(self.folder.glob("*.jsonl"))}

    def records(self, day: str) -> Iterator[Mapping[str, str]]:
        """The day's whole lines; one that a crash cut short is passed over."""
        for line in (self.folder / f"{day}.jsonl").read_text(encoding="utf-8", errors="replace").split("\n"):
            try:
                found = json.loads(line)
            except ValueError:
                continue
            if isinstance(found, dict) and found.keys() >= set(COLUMNS):
                yield {name: str(found[name]) for name in COLUMNS}


def _is_cut(descriptor: int) -> bool:
    size = os.fstat(descriptor).st_size
    return size > 0 and os.pread(descriptor, 1, size - 1) != b"\n"
