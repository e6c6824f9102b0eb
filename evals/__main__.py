"""`python -m evals [NAME …]`: runs the evaluations and prints their tables.

Names: demo, demo:CATEGORY, focus_use_cases, prices.
"""

import sys
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec

from evals.report import EvalReport, table

EVALS = {"demo": "evals.demo.runner", "focus_use_cases": "evals.focus_use_cases", "prices": "evals.prices"}


def main(names: list[str]) -> int:
    """Run each evaluation named (none: all that are here); 1 when an answer stated as right was wrong."""
    wrong = 0
    categories = [name.split(":", 1)[1] for name in names if name.startswith("demo:")]
    for name, module in EVALS.items():
        if (names and name not in {one.split(":")[0] for one in names}) or find_spec(module) is None:
            continue
        run: Callable[..., EvalReport] = import_module(module).run
        report = run(categories) if categories and name == "demo" else run()
        print(table(report))
        for miss in report.misses:
            print(f"  {miss.outcome}: {miss.case}: {miss.question!r}")
            print(f"    expected {miss.expected}\n    got      {miss.got}")
        wrong += report.total.wrong
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
