"""Samples of a sampler → the store, a batch at a time."""

import json
from collections.abc import Sequence
from typing import Any

from tools.domain.gpu import SAMPLE_COLUMNS, SAMPLE_FIELDS, GpuSample
from tools.domain.load import LoadReport
from tools.store.engine import identifier, text
from tools.store.store import Store
from tools.store.writer import GpuPart, GpuPlan


def sample_row(sample: GpuSample) -> dict[str, Any]:
    """A sample by the store's columns, what is not known left out."""
    fields = {column: getattr(sample, name) for name, column in SAMPLE_FIELDS.items()}
    fields["Time"] = sample.time.isoformat()
    return {name: value for name, value in {**fields, **sample.labels}.items() if value is not None}


def write_samples(store: Store, samples: Sequence[GpuSample], source: str) -> LoadReport:
    """Add samples to a source; what it holds between the first and the last of them is replaced.

    Raises:
        StoreFault: the store is held by another load for too long, or can't be written.
    """
    rows = [sample_row(one) for one in samples]
    with store.writer() as writer:
        file = writer.staging / "samples.jsonl"
        file.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
        names = sorted({name for row in rows for name in row})
        types = ", ".join(f"{text(name)}: {text(SAMPLE_COLUMNS.get(name, 'VARCHAR'))}" for name in names)
        items = ", ".join(identifier(name) for name in names)
        select = (
            f"SELECT {items} FROM read_json({text(str(file))}, format = 'newline_delimited', columns = {{{types}}})"
        )
        return writer.commit_gpu(GpuPlan([GpuPart(source, select)], read=len(rows)))
