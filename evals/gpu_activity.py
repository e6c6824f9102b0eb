"""How well `working`, `idle`, `zombie` and `waiting` are told apart on windows whose truth is known.

    python -m evals.gpu_activity

The limits in knowledge/gpu_activity.yaml were tuned on every other round of kinds; the rest is what is reported.
Positive is a window called idle or zombie: precision >= 99 % at recall >= 95 %, and no trap among them.
"""

import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from evals.gpu_windows import KINDS, Window, make_windows
from evals.machine import write_result
from tools.ingest.gpu import load_gpu
from tools.store import Store
from tools.telemetry.activity import VERDICTS, Verdict, judge_window
from tools.telemetry.activity_sql import verdict_sql
from tools.telemetry.limits import activity_rules

COUNT, SEED = 2_800, 20261101
START = datetime(2026, 10, 5)
WASTE = ("idle", "zombie")


def judged_windows(windows: Sequence[Window], folder: Path) -> list[Verdict]:
    """The verdict on each window, by way of a file of samples, the store and its hourly rollup."""
    path = folder / "windows.parquet"
    pq.write_table(pa.concat_tables([_table(number, one) for number, one in enumerate(windows)]), path)
    store = Store(folder / "store")
    report = load_gpu(store, [path])
    assert report.quarantined == 0, report.reasons
    snapshot = store.snapshot()
    verdict = verdict_sql(activity_rules(), snapshot.gpu_columns)
    rows = snapshot.query(f'SELECT "Host", {verdict} AS verdict, count(*) FROM gpu_hours GROUP BY ALL').rows
    counted: dict[str, dict[Verdict, float]] = {}
    for host, one, hours in rows:
        counted.setdefault(host, {})[one] = hours
    limits = activity_rules().limits
    return [judge_window(counted.get(_host(n), {}), one.hours, limits) for n, one in enumerate(windows)]


def score(windows: Sequence[Window], verdicts: Sequence[Verdict]) -> dict[str, Any]:
    """Precision and recall of "nothing useful runs here", and what each kind of window was called."""
    called = [verdict in WASTE for verdict in verdicts]
    true = [window.truth in WASTE for window in windows]
    right = sum(c and t for c, t in zip(called, true, strict=True))
    traps = [verdict for window, verdict in zip(windows, verdicts, strict=True) if window.is_trap]
    exact = sum(w.truth == v or (w.truth == "unknown" and v == VERDICTS[-1])
                for w, v in zip(windows, verdicts, strict=True))  # fmt: skip
    kinds: dict[str, Counter[str]] = {}
    for window, verdict in zip(windows, verdicts, strict=True):
        kinds.setdefault(window.kind, Counter())[verdict] += 1
    return {
        "windows": len(windows),
        "precision": round(right / max(1, sum(called)), 4),
        "recall": round(right / max(1, sum(true)), 4),
        "traps": len(traps),
        "traps_called_idle": sum(verdict in WASTE for verdict in traps),
        "exact_verdicts": round(exact / len(windows), 4),
        "kinds": {kind: dict(found) for kind, found in kinds.items()},
    }


def _host(number: int) -> str:
    return f"n{number * 7919 % 100_003:05d}"


def _table(number: int, window: Window) -> pa.Table:
    seconds = np.arange(window.count) * window.interval_seconds
    times = np.datetime64(START + timedelta(hours=number % 24), "us") + seconds.astype("timedelta64[s]")
    seen = window.seen
    floats = {
        "gpu_utilization_fraction": window.utilization, "sm_active_fraction": window.sm,
        "dram_active_fraction": window.dram, "tensor_active_fraction": window.tensor,
        "memory_utilization_fraction": window.memory_utilization, "memory_used_gib": window.memory,
        "power_watts": window.power, "requests": window.requests,
    }  # fmt: skip
    size = int(seen.sum())
    texts = {"host": _host(number), "gpu": "0", "mig": window.mig, "model_name": window.card.name,
             "x_Workload": window.workload or None}  # fmt: skip
    return pa.table(
        {"time": pa.array(times[seen])}
        | {name: pa.array([value] * size, pa.string()) for name, value in texts.items()}
        | {name: pa.array(values[seen], from_pandas=True) for name, values in floats.items()}
    )


def main() -> None:
    windows = make_windows(COUNT, SEED)
    with tempfile.TemporaryDirectory() as folder:
        verdicts = judged_windows(windows, Path(folder))
    halves = [[n for n in range(COUNT) if n // len(KINDS) % 2 == half] for half in (0, 1)]
    tuned, reported = (score([windows[n] for n in half], [verdicts[n] for n in half]) for half in halves)
    for name, found in (("tuned on", tuned), ("reported", reported)):
        print(
            f"{name}: {found['windows']} windows, precision {found['precision']:.2%}, recall {found['recall']:.2%}, "
            f"{found['traps_called_idle']} of {found['traps']} traps called idle, {found['exact_verdicts']:.2%} exact"
        )
    for kind, counts in reported["kinds"].items():
        print(f"  {kind}: {', '.join(f'{verdict} {count}' for verdict, count in counts.items())}")
    write_result("gpu_activity", {"seed": SEED, "reported": reported, "tuned_on": tuned})
    meets = reported["precision"] >= 0.99 and reported["recall"] >= 0.95 and not reported["traps_called_idle"]
    sys.exit(not meets)


if __name__ == "__main__":
    main()
