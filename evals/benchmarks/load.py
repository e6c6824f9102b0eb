"""How long a load takes beside DuckDB's own CREATE TABLE AS of the same file, and how much memory it needs.

    python -m evals.benchmarks.load --rows 10000000

Bars: 2 × with decimal money, 6 × with DOUBLE money (its exact decimals go through the shortest text), 2 GiB.
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from evals.benchmarks.report import Measurement, write
from evals.bills import Money, write_bill

BARS: dict[Money, float] = {"decimal": 2.0, "double": 6.0}


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--rows", type=int, default=10_000_000)
    arguments.add_argument("--months", type=int, default=1)
    arguments.add_argument("--part", choices=["reference", "load"], help=argparse.SUPPRESS)
    arguments.add_argument("--bill", type=Path, help=argparse.SUPPRESS)
    chosen = arguments.parse_args()
    if chosen.part:
        print(json.dumps(_part(chosen.part, chosen.bill)))
        return
    found = [one for money in BARS for one in _compare(chosen.rows, chosen.months, money)]
    write("load" if chosen.months == 1 else f"load_{chosen.months}_months", found)
    sys.exit(not all(one.meets for one in found))


def _compare(rows: int, months: int, money: Money) -> list[Measurement]:
    with tempfile.TemporaryDirectory() as folder:
        bill = Path(folder) / "bill.parquet"
        write_bill(bill, rows, money=money, months=months)
        reference, load = _run("reference", bill), _run("load", bill)
    detail = {"rows": rows, "months": months}
    return [
        Measurement(
            name=f"Parquet load, {money} money, beside CREATE TABLE AS",
            value=load["seconds"],
            unit="s",
            bar=BARS[money],
            reference=reference["seconds"],
            ratio=round(load["seconds"] / reference["seconds"], 2),
            detail=detail,
        ),
        Measurement(
            name=f"Peak memory of that load, {money} money", value=load["peak_gib"], unit="GiB", bar=2, detail=detail
        ),
    ]


def _run(part: str, bill: Path) -> dict[str, Any]:
    command = [sys.executable, "-m", "evals.benchmarks.load", "--part", part, "--bill", str(bill)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _part(part: str, bill: Path) -> dict[str, Any]:
    started = time.perf_counter()
    if part == "reference":
        import duckdb

        with duckdb.connect(str(bill.with_name("reference.duckdb")), config={"memory_limit": "1GiB"}) as connection:
            connection.execute(f"CREATE TABLE charges AS FROM '{bill}'")
    else:
        from tools.ingest.focus import load_focus
        from tools.store import Store

        report = load_focus(Store(bill.parent / "store"), [bill])
        assert report.read == report.accepted
    seconds = time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    return {"seconds": round(seconds, 2), "peak_gib": round(peak, 2)}


if __name__ == "__main__":
    main()
