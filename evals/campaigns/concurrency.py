"""Three processes ask while a home reloads its months: no error, no half load, no question over 2 s.

python -m evals.campaigns.concurrency --rows 10000000 --loads 3
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from decimal import Decimal
from pathlib import Path
from typing import Any

from evals.bills import write_bill
from evals.machine import write_result
from tools.ingest.focus import load_focus
from tools.store import Store

MONTHS = 13
LONGEST_SECONDS = 2.0
QUESTIONS = (
    'SELECT "ServiceName", sum("EffectiveCost") FROM daily WHERE "x_CountsForCost" GROUP BY 1 ORDER BY 2 DESC LIMIT 5',
    'SELECT date_trunc(\'month\', "ChargeDay"), sum("EffectiveCost") FROM daily GROUP BY 1 ORDER BY 1',
    'SELECT "x_Team", sum("EffectiveCost") FROM daily WHERE "ChargeDay" >= DATE \'2026-01-01\' GROUP BY 1 ORDER BY 1',
)
DIED = '{"fault": "a reader died", "waits": [], "seen": []}'


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--rows", type=int, default=10_000_000)
    arguments.add_argument("--loads", type=int, default=3)
    arguments.add_argument("--readers", type=int, default=3)
    arguments.add_argument("--ask", type=Path, help=argparse.SUPPRESS)
    chosen = arguments.parse_args()
    if chosen.ask:
        print(json.dumps(ask_until_told(chosen.ask)))
        return
    figures = run(chosen.rows, chosen.loads, chosen.readers)
    print(json.dumps(figures, indent=1))
    write_result("concurrency", figures)
    sys.exit(bool(figures["faults"]))


def run(rows: int, loads: int, readers: int) -> dict[str, Any]:
    """Reload all months `loads` times, each time with other amounts, while `readers` processes ask."""
    with tempfile.TemporaryDirectory() as name:
        base = Path(name)
        store = Store(base / "store")
        bill = base / "bill.parquet"
        write_bill(bill, rows, months=MONTHS)
        load_focus(store, [bill])
        whole = [_totals(store)]
        asking = [_ask(base) for _ in range(readers)]
        started = time.monotonic()
        for number in range(loads):
            bill.unlink()
            write_bill(bill, rows + (number + 1) * MONTHS, months=MONTHS)
            load_focus(store, [bill])
            whole.append(_totals(store))
        seconds = time.monotonic() - started
        (base / "stop").touch()
        answers = [json.loads(process.communicate()[0] or DIED) for process in asking]
    asked = {"rows": rows, "loads": loads, "readers": readers, "reload_seconds": round(seconds, 1)}
    return _judge(answers, whole, asked)


def _judge(answers: list[dict[str, Any]], whole: list[str], figures: dict[str, Any]) -> dict[str, Any]:
    waits = sorted(wait for answer in answers for wait in answer["waits"])
    seen = {total for answer in answers for total in answer["seen"]}
    faults = [answer["fault"] for answer in answers if answer["fault"]]
    faults += [f"a reader saw {total}, which no load ever had" for total in sorted(seen - set(whole))]
    if waits and waits[-1] > LONGEST_SECONDS:
        faults.append(f"a question took {waits[-1]:.2f} s")
    if waits:
        figures |= {
            "questions": len(waits),
            "median_seconds": round(statistics.median(waits), 4),
            "p99_seconds": round(waits[int(len(waits) * 0.99)], 4),
            "longest_seconds": round(waits[-1], 4),
        }
    return {**figures, "generations_seen": len(seen), "faults": faults}


def _totals(store: Store) -> str:
    return _whole(store.snapshot().query('SELECT sum("x_Rows"), sum("EffectiveCost") FROM daily').rows[0])


def _whole(row: tuple[int, Decimal]) -> str:
    return f"{row[0]} {row[1].normalize()}"


def _ask(base: Path) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "evals.campaigns.concurrency", "--ask", str(base)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def ask_until_told(base: Path) -> dict[str, Any]:
    """Ask over and over on the store's newest generation; gives each question's seconds and the totals seen."""
    store, waits, seen = Store(base / "store"), list[float](), set[str]()
    while not (base / "stop").exists():
        for question in QUESTIONS:
            started = time.perf_counter()
            try:
                store.snapshot().query(question)
                waits.append(time.perf_counter() - started)
                seen.add(_totals(store))
            except Exception as fault:  # noqa: BLE001 - a campaign records whatever comes
                return {"fault": f"{type(fault).__name__}: {fault}", "waits": waits, "seen": sorted(seen)}
        time.sleep(0.02)
    return {"fault": None, "waits": waits, "seen": sorted(seen)}


if __name__ == "__main__":
    main()
