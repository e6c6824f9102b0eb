"""`python -m evals [NAME …]`: runs the evaluations, prints their tables, and what differs from the baseline.

Names: those of SUITES, for the first three with a category as in demo:totals; none: all whose data is here. Everything
is asked of the built-in planner, and of the model besides when OUTLAY_MODEL names one.
"""

import argparse
import sys
from collections.abc import Mapping, Sequence

from agent.settings import load_settings
from evals.baseline import accept, compare, difference_text, is_newly_wrong, read_baseline, suite_of
from evals.demo.runner import ensure_home
from evals.quality import quality, quality_table
from evals.record import write_record
from evals.report import EvalReport, table
from evals.suites import ASKED, SUITES, categories_of, reports_of
from tools.domain.errors import OutlayError

BUILTIN = "builtin"


def main(arguments: Sequence[str]) -> int:
    """1 when an answer is wrong that the baseline does not have as wrong, or the playbooks are found too rarely."""
    chosen = _parsed(arguments)
    if unknown := {name.split(":")[0] for name in chosen.names} - set(SUITES):
        print(f"no evaluation is called {', '.join(sorted(unknown))}; there are {', '.join(SUITES)}", file=sys.stderr)
        return 2
    try:
        configured = load_settings(ensure_home()).model
    except OutlayError as fault:
        print(fault, file=sys.stderr)
        return 2
    by_planner = {}
    failed = False
    for planner in [configured] if chosen.configured else dict.fromkeys([BUILTIN, configured]):
        by_planner[planner] = dict(reports_of(planner, chosen.names, times=chosen.repeats))
        _tell(planner, by_planner[planner])
        failed |= _is_worse(planner, by_planner[planner], chosen)
    if not chosen.names:
        write_record(by_planner)
    if not chosen.names or "playbooks" in chosen.names:
        failed |= not _playbooks()
    return int(failed)


def _parsed(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m evals", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"{', '.join(SUITES)}; demo:totals for one category")
    parser.add_argument("--repeats", type=int, default=1, help="ask everything so often, and count what agrees")
    parser.add_argument("--configured", action="store_true", help="ask only the configured model")
    parser.add_argument("--accept", action="store_true", help="make what came out the baseline")
    chosen = parser.parse_args(arguments)
    if chosen.repeats < 1:
        parser.error(f"--repeats={chosen.repeats} asks nothing; use 1 or more")
    if chosen.accept and any(":" in name for name in chosen.names):
        parser.error("--accept takes whole suites; name demo rather than demo:totals")
    return chosen


def _tell(planner: str, reports: Mapping[str, EvalReport]) -> None:
    """Print the reports with their misses, and how the answers are made."""
    for report in reports.values():
        print(table(report))
        for miss in report.misses:
            print(f"  {miss.outcome}: {miss.case}: {miss.question!r}")
            print(f"    expected {miss.expected}\n    got      {miss.got}")
        print()
    rows = [row for name, report in reports.items() if (row := quality(name, [report]))]
    if rows:
        overall = quality("all", [reports[name] for name in ASKED if name in reports])
        print(f"asked of {planner}\n{quality_table([*rows, *([overall] if overall else [])])}\n")


def _is_worse(planner: str, reports: Mapping[str, EvalReport], chosen: argparse.Namespace) -> bool:
    """Print what differs from the planner's baseline, or rewrite it; whether something is newly wrong."""
    suites = {name: suite_of(report) for name, report in reports.items()}
    if chosen.accept:
        accept(planner, suites)
        print(f"baseline of {planner} rewritten: {', '.join(suites)}\n")
        return False
    narrowed = {name: categories for name, categories in categories_of(chosen.names).items() if categories}
    differences = compare(read_baseline(planner), suites, narrowed)
    print(f"{planner} beside the baseline\n{difference_text(differences)}\n")
    return is_newly_wrong(differences)


def _playbooks() -> bool:
    """Print how well passages are found and reached; whether that is as well as promised, and nothing is hijacked."""
    from evals.playbooks import routing
    from evals.playbooks.runner import is_good_enough, run
    from evals.playbooks.runner import table as playbooks_table

    scores = run()
    print(playbooks_table(scores))
    for score in scores:
        for missed in score.missed if score.half == "tuned on" else ():
            print(f"  missed by the {score.way}: {missed}")
    print()
    return not routing.main(()) and is_good_enough(scores)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
