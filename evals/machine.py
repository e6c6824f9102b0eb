"""What a figure was measured on: cores and memory, no names."""

import json
import os
import platform
from datetime import UTC, datetime
from typing import Any

from evals.paths import RESULTS


def describe() -> dict[str, Any]:
    """Cores, memory and interpreter of this machine."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return {"cores": os.cpu_count(), "memory_gib": round(memory / 2**30, 1), "python": platform.python_version()}


def write_result(name: str, figures: dict[str, Any]) -> None:
    """Write evals/results/<name>.json with the date and the machine."""
    RESULTS.mkdir(parents=True, exist_ok=True)
    record = {"date": datetime.now(UTC).date().isoformat(), "machine": describe(), **figures}
    (RESULTS / f"{name}.json").write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")
