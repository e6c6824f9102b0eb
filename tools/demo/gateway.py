"""The gateway's own view of some OpenAI traffic: daily sums with its estimate of the spend."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv

from tools.demo.calendar import Calendar
from tools.demo.lines import as_text, day_starts, decimals, named, timestamps
from tools.demo.metering import Meter
from tools.demo.prices import PriceTable

ROUTED = ("docflow", "insights")
"""The teams whose calls pass the gateway."""


def write_gateway(path: Path, meters: Sequence[Meter], prices: PriceTable, calendar: Calendar, missed: int) -> Path:
    """One CSV file of the year; its prices know of no batch discount, so that it estimates too much there.

    Day `missed` was lost to an outage.
    """
    routed = [meter for meter in meters if meter.stream.team in ROUTED and meter.requests.any()]
    lengths = [calendar.days] * len(routed)
    spend = [
        sum(meter.daily(kind) * prices.units(meter.stream.model, kind) for kind in meter.tokens) for meter in routed
    ]
    columns = {
        "date": timestamps(np.tile(day_starts(calendar), len(routed))),
        "team_id": named([meter.stream.team for meter in routed], lengths),
        "project": named([meter.stream.project for meter in routed], lengths),
        "environment": named([meter.stream.environment for meter in routed], lengths),
        "end_user": named([meter.stream.customer for meter in routed], lengths),
        "model": named([meter.stream.model for meter in routed], lengths),
        "prompt_tokens": pa.array(np.concatenate([m.daily("input") + m.daily("cached_input") for m in routed])),
        "cache_read_input_tokens": pa.array(np.concatenate([m.daily("cached_input") for m in routed])),
        "completion_tokens": pa.array(np.concatenate([m.daily("output") + m.daily("reasoning") for m in routed])),
        "api_requests": pa.array(np.concatenate([m.requests.sum(axis=1) for m in routed])),
        "spend": decimals(np.concatenate([np.asarray(one, dtype=np.int64) for one in spend]), 10),
    }
    rows = pa.table(columns)
    kept = pc.and_(
        pc.greater(rows["api_requests"], 0), pa.array(np.tile(np.arange(calendar.days) != missed, len(routed)))
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    pacsv.write_csv(as_text(rows.filter(kept)), path)
    return path
