"""`python -m evals [NAME …]`: runs the evaluations and prints their tables.

Names: demo, demo:CATEGORY, focus_use_cases, prices, playbooks; none: all whose data is here.
"""

import sys
from collections.abc import Callable, Iterator

from evals.paths import shared_data
from evals.report import EvalReport, table

NAMES = ("demo", "focus_use_cases", "prices", "playbooks")


def main(names: list[str]) -> int:
    """Print each table with its misses; 1 when an answer stated as right was wrong."""
    wanted = {name.split(":")[0] for name in names} or set(NAMES)
    if unknown := wanted - set(NAMES):
        print(f"no evaluation is called {', '.join(sorted(unknown))}; there are {', '.join(NAMES)}", file=sys.stderr)
        return 2
    categories = [name.split(":", 1)[1] for name in names if name.startswith("demo:")]
    wrong = 0
    for report in (made() for name in NAMES if name in wanted for made in _runs(name, categories)):
        print(table(report))
        for miss in report.misses:
            print(f"  {miss.outcome}: {miss.case}: {miss.question!r}")
            print(f"    expected {miss.expected}\n    got      {miss.got}")
        print()
        wrong += report.total.wrong
    fell_short = "playbooks" in wanted and not _playbooks()
    return 1 if wrong or fell_short else 0


def _playbooks() -> bool:
    """Print how well passages are found; whether that is as well as promised."""
    from evals.playbooks.runner import is_good_enough, run, table

    scores = run()
    print(table(scores))
    for score in scores:
        for missed in score.missed if score.half == "tuned on" else ():
            print(f"  missed by the {score.way}: {missed}")
    print()
    return is_good_enough(scores)


def _runs(name: str, categories: list[str]) -> Iterator[Callable[[], EvalReport]]:
    if name == "demo":
        from evals.demo.runner import run as run_demo

        yield lambda: run_demo(categories)
    elif name == "focus_use_cases" and shared_data("questions"):
        from evals.focus_use_cases.runner import run as run_use_cases

        yield lambda: run_use_cases(ask=True)
    elif name == "playbooks":
        return
    elif name == "prices" and (folder := shared_data("llm_prices")):
        from evals.prices import run as run_prices

        yield lambda: run_prices(folder)
    else:
        print(f"{name}: left out, its public data set is not here")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
