"""Warm questions over 10 million charges: `python -m evals.benchmarks.questions --rows 10000000`.

One process asks as the REPL does: each question goes through planner, graph, query, rendering and check. The first
round warms the process and is not counted. Bars: median 100 ms, 95th percentile 300 ms, peak memory 2 GiB.
"""

import argparse
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path
from typing import Any

from evals.benchmarks.report import Measurement, write
from evals.bills import write_bill

AS_OF = date(2026, 10, 20)
ROUNDS = 3
QUESTIONS = (
    "how much did we spend last month",
    "total spend this month",
    "spend by service last month",
    "top 5 services by cost in September",
    "top 10 services since 1 March",
    "spend by team last quarter",
    "which team spends most",
    "spend by environment in August",
    "billed cost by month this year",
    "spend per day last month",
    "daily spend for service 3 in September",
    "spend by region and team last month",
    "compare September with August by service",
    "what grew most last month by team",
    "credits in Q3",
    "taxes by month",
    "effective savings rate last month",
    "effective savings rate by service in Q3",
    "share of spend by service category",
    "spend without credits last month",
    "list cost vs effective cost in September",
    "weekly spend in Q3",
    "spend by account last month",
    "top 3 accounts this quarter",
    "spend by weekday in September",
    "services over $10,000 last month",
    "spend on compute by team in July",
    "spend in the first week of October",
    "spend on 6 October by service",
    "top 10 resource ids last month",
    "top 5 SKUs on 6 October",
    "how fresh is the data",
)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--rows", type=int, default=10_000_000)
    arguments.add_argument("--ask", type=Path, help=argparse.SUPPRESS)
    chosen = arguments.parse_args()
    if chosen.ask:
        print(json.dumps(_ask_all(chosen.ask)))
        return
    with tempfile.TemporaryDirectory() as folder:
        home = _home(Path(folder), chosen.rows)
        command = [sys.executable, "-m", "evals.benchmarks.questions", "--ask", str(home)]
        found = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    write("questions", _measurements(found, chosen.rows))


def _home(folder: Path, rows: int) -> Path:
    from tools.ingest.focus import load_focus
    from tools.store import Store

    bill = folder / "bill.parquet"
    write_bill(bill, rows, months=13)
    load_focus(Store(folder / "home" / "store"), [bill])
    bill.unlink()
    return folder / "home"


def _ask_all(home: Path) -> dict[str, Any]:
    from agent.app import build_agent

    agent = build_agent(home)
    seconds: dict[str, list[float]] = {question: [] for question in QUESTIONS}
    statuses: dict[str, str] = {}
    for turn in range(ROUNDS + 1):
        for question in QUESTIONS:
            start = time.perf_counter()
            answer = agent.ask(question, as_of=AS_OF)
            statuses[question] = answer.status
            if turn:
                seconds[question].append(time.perf_counter() - start)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    return {"seconds": seconds, "statuses": statuses, "peak_gib": peak}


def _measurements(found: dict[str, Any], rows: int) -> list[Measurement]:
    times = sorted(second for one in found["seconds"].values() for second in one)
    slowest = sorted(found["seconds"], key=lambda q: -statistics.median(found["seconds"][q]))[:5]
    unanswered = sorted(q for q, status in found["statuses"].items() if status != "answered")
    detail = {
        "rows": rows,
        "questions": len(QUESTIONS),
        "rounds": ROUNDS,
        "unanswered": unanswered,
        "slowest": {q: round(statistics.median(found["seconds"][q]), 3) for q in slowest},
    }
    return [
        Measurement(name="warm question, median", value=statistics.median(times), unit="s", bar=0.1, detail=detail),
        Measurement(name="warm question, 95th percentile", value=times[int(len(times) * 0.95)], unit="s", bar=0.3),
        Measurement(name="peak memory while asking", value=found["peak_gib"], unit="GiB", bar=2),
    ]


if __name__ == "__main__":
    main()
