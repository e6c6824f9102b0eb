"""What a benchmark prints: a figure beside its reference and its bar."""

import json
import os
from datetime import UTC, datetime
from typing import Any

from pydantic import BaseModel

from evals.paths import RESULTS


class Measurement(BaseModel):
    """`ratio` is value / reference where there is a reference, else value itself is held against `bar`."""

    name: str
    value: float
    unit: str
    bar: float
    reference: float | None = None
    ratio: float | None = None
    detail: dict[str, Any] = {}

    @property
    def meets(self) -> bool:
        return (self.value if self.ratio is None else self.ratio) <= self.bar


def write(name: str, measurements: list[Measurement]) -> None:
    """Print the measurements and keep them in evals/results with date and machine."""
    for one in measurements:
        beside = f" beside {one.reference:.3f} {one.unit} = {one.ratio:.2f} ×" if one.reference and one.ratio else ""
        verdict = "meets" if one.meets else "MISSES"
        print(f"{one.name}: {one.value:.3f} {one.unit}{beside}; {verdict} the bar of {one.bar:g}")
    RESULTS.mkdir(exist_ok=True)
    record = {
        "date": datetime.now(UTC).date().isoformat(),
        "machine": machine(),
        "measurements": [one.model_dump() for one in measurements],
    }
    (RESULTS / f"{name}.json").write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")


def machine() -> dict[str, Any]:
    """Cores and memory: what the figures depend on, and nothing that names the machine."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return {"cores": os.cpu_count(), "memory_gib": round(memory / 2**30)}
