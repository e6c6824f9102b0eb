"""Token usage as the providers' and the gateway's exports have it: an hour, a caller, a model a row."""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from tools.demo.calendar import Calendar, Ints
from tools.demo.lines import hour_starts, months_of, named, timestamps
from tools.demo.metering import Meter
from tools.demo.streams import Stream

Layout = Callable[["Records"], dict[str, pa.Array]]


class Records:
    """The hours in which something was asked, of several meters, in one long column each."""

    def __init__(self, meters: Sequence[Meter], calendar: Calendar, left_out: Sequence[int] = ()) -> None:
        self.meters = meters
        hours, kept = hour_starts(calendar), np.ones(calendar.days, dtype=bool)
        kept[list(left_out)] = False
        wanted = np.repeat(kept, 24)
        self._picked = [np.flatnonzero((meter.requests.ravel() > 0) & wanted) for meter in meters]
        self.lengths = [len(picked) for picked in self._picked]
        self.time = np.concatenate([hours[picked] for picked in self._picked])

    def requests(self) -> Ints:
        return self._column([meter.requests for meter in self.meters])

    def tokens(self, *kinds: str) -> Ints:
        """The sum of those token types."""
        return self._column([np.sum([meter.tokens[kind] for kind in kinds], axis=0) for meter in self.meters])

    def name(self, value: Callable[[Stream], str | None]) -> pa.Array:
        return named([value(meter.stream) for meter in self.meters], self.lengths)

    def _column(self, grids: Sequence[Ints]) -> Ints:
        return np.concatenate([grid.ravel()[picked] for grid, picked in zip(grids, self._picked, strict=True)])


def openai_layout(records: Records) -> dict[str, pa.Array]:
    """Input includes cached tokens, output includes reasoning, as OpenAI counts."""
    return {
        "start_time": timestamps(records.time),
        "model": records.name(lambda stream: stream.model),
        "project": records.name(lambda stream: stream.project),
        **_owners(records),
        "batch": records.name(lambda stream: str(stream.is_batch).lower()),
        "input_tokens": pa.array(records.tokens("input", "cached_input")),
        "input_cached_tokens": pa.array(records.tokens("cached_input")),
        "output_tokens": pa.array(records.tokens("output", "reasoning")),
        "output_reasoning_tokens": pa.array(records.tokens("reasoning")),
        "num_model_requests": pa.array(records.requests()),
    }


def anthropic_layout(records: Records) -> dict[str, pa.Array]:
    """Uncached, cache-read and cache-written input stand beside each other, as Anthropic counts."""
    return {
        "starting_at": timestamps(records.time),
        "model": records.name(lambda stream: stream.model),
        "workspace": records.name(lambda stream: stream.project),
        **_owners(records),
        "service_tier": records.name(lambda stream: stream.tier),
        "uncached_input_tokens": pa.array(records.tokens("input")),
        "cache_creation_input_tokens": pa.array(records.tokens("cache_write")),
        "cache_read_input_tokens": pa.array(records.tokens("cached_input")),
        "output_tokens": pa.array(records.tokens("output", "reasoning")),
        "num_requests": pa.array(records.requests()),
    }


def self_hosted_layout(records: Records) -> dict[str, pa.Array]:
    return {
        "window_start": timestamps(records.time),
        "model_group": records.name(lambda stream: stream.model),
        "project": records.name(lambda stream: stream.project),
        **_owners(records),
        "prompt_tokens": pa.array(records.tokens("input")),
        "completion_tokens": pa.array(records.tokens("output")),
        "api_requests": pa.array(records.requests()),
    }


def write_usage(folder: Path, records: Records, layout: Layout, calendar: Calendar) -> list[Path]:
    """One Parquet file a month, in order of time."""
    columns = layout(records)
    time_column = next(iter(columns))
    rows = pa.table(columns).take(pa.array(np.argsort(records.time, kind="stable")))
    dated = rows.rename_columns(["ChargePeriodStart", *rows.column_names[1:]])
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for first, part in months_of(dated, calendar):
        paths.append(folder / f"usage_{first:%Y-%m}.parquet")
        pq.write_table(part.rename_columns([time_column, *rows.column_names[1:]]), paths[-1], compression="zstd")
    return paths


def _owners(records: Records) -> dict[str, pa.Array]:
    return {
        "team": records.name(lambda stream: stream.team),
        "environment": records.name(lambda stream: stream.environment),
        "use_case": records.name(lambda stream: stream.use_case),
        "customer": records.name(lambda stream: stream.customer),
        "workload": records.name(lambda stream: stream.workload),
    }
