"""Prints each use case that is not exact, and the table; 1 when one is wrong."""

import sys

from evals.focus_use_cases.runner import run
from evals.report import table

if __name__ == "__main__":
    report = run(ask="--ask" in sys.argv[1:])
    for miss in report.misses:
        print(f"{miss.outcome}: {miss.case}: {miss.question}\n    expected {miss.expected}\n    got      {miss.got}")
    print(table(report))
    sys.exit(1 if report.total.wrong else 0)
