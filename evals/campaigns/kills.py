"""SIGKILL at random moments of a load, of a collection and of both; then the load again: totals are exact each time.

python -m evals.campaigns.kills --seed 7 --count 50
"""

import argparse
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from decimal import Decimal
from pathlib import Path

from evals.bills import write_bill
from evals.machine import write_result
from tools.ingest.focus import load_focus
from tools.store import Store

Totals = tuple[int, Decimal]
SUMS = 'count(*), sum("EffectiveCost") FROM charges'
_LOAD = """
import sys
from pathlib import Path
from datetime import UTC, datetime, timedelta
from tools.ingest.focus import load_focus
from tools.store import Retention, Store
store = Store(Path(sys.argv[1]), retention=Retention(days=0, generations=1, grace_hours=0))
print("ready", flush=True)
load_focus(store, [sys.argv[2]])
store.gc(now=datetime.now(UTC) + timedelta(days=1))
"""


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--seed", type=int, default=20261123)
    arguments.add_argument("--count", type=int, default=50)
    arguments.add_argument("--rows", type=int, default=200_000)
    chosen = arguments.parse_args()
    figures = run(chosen.seed, chosen.count, chosen.rows)
    print(figures)
    write_result("kills", {"seed": chosen.seed, **figures})
    sys.exit(bool(figures["faults"]))


def run(seed: int, count: int, rows: int) -> dict[str, object]:
    """Kill `count` loads that swap between two versions of three months.

    After each kill the store holds the one version or the other, whole; after the load again, the new one.
    """
    chance, faults, moments = random.Random(seed), list[str](), Counter[str]()
    with tempfile.TemporaryDirectory() as name:
        base = Path(name)
        bills = [_bill(base, version, rows) for version in (0, 1)]
        home = base / "store"
        duration = _seconds(home, bills[0][0])
        for number in range(count):
            path, wanted = bills[(number + 1) % 2]
            before = bills[number % 2][1]
            moment = chance.uniform(0, duration * 1.1)
            killed = _kill_at(home, path, moment)
            seen = _totals(home)
            moments[f"{'killed' if killed else 'finished first'}, {'new' if seen == wanted else 'old'} version"] += 1
            if seen not in (before, wanted):
                faults.append(f"kill {number} at {moment:.3f} s: the store holds {seen}, not {before} or {wanted}")
            load_focus(Store(home), [path])
            if _totals(home) != wanted:
                faults.append(f"kill {number} at {moment:.3f} s: after the load again it holds {_totals(home)}")
        leftovers = [path.name for path in (home / "staging").iterdir()]
        if leftovers:
            faults.append(f"left in staging: {leftovers}")
    return {
        "kills": count,
        "rows": rows,
        "load_seconds": round(duration, 2),
        "moments": dict(moments),
        "faults": faults,
    }


def _bill(base: Path, version: int, rows: int) -> tuple[Path, Totals]:
    """A bill of three months and its totals, summed by DuckDB from the file itself."""
    import duckdb

    path = base / f"version-{version}.parquet"
    write_bill(path, rows + version * 1000, months=3)
    with duckdb.connect() as connection:
        (found,) = connection.execute(f"SELECT count(*), sum(EffectiveCost) FROM '{path}'").fetchall()
    return path, (found[0], found[1])


def _seconds(home: Path, path: Path) -> float:
    with _start(home, path) as process:
        started = time.monotonic()
        process.wait()
        return time.monotonic() - started


def _start(home: Path, path: Path) -> "subprocess.Popen[str]":
    process = subprocess.Popen(
        [sys.executable, "-c", _LOAD, str(home), str(path)], stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    assert process.stdout is not None
    process.stdout.readline()
    return process


def _kill_at(home: Path, path: Path, moment: float) -> bool:
    """Whether the load was still running when it was killed."""
    with _start(home, path) as process:
        try:
            process.wait(timeout=moment)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
        return process.wait() == -signal.SIGKILL


def _totals(home: Path) -> Totals:
    row = Store(home).snapshot().query(f"SELECT {SUMS}").rows[0]
    return row[0], row[1]


if __name__ == "__main__":
    main()
