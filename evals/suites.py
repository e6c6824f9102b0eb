"""The suites by name, and how each is run."""

from collections.abc import Iterator, Mapping, Sequence

from evals.paths import shared_data
from evals.report import EvalReport

ASKED = ("demo", "conversations", "unanswerable")
"""Put to the agent on the demo world; a category of them can be named, as in demo:totals."""
SUITES = (*ASKED, "focus_use_cases", "prices", "playbooks")


def reports_of(planner: str, names: Sequence[str], *, times: int) -> Iterator[tuple[str, EvalReport]]:
    """Run the suites that are named (none: all) and whose data is here; playbooks have no report."""
    narrowed = categories_of(names)
    for name in SUITES:
        if names and name not in narrowed:
            continue
        if name in ASKED:
            yield name, _asked(name, narrowed.get(name, ()), planner, times)
        elif name == "focus_use_cases" and shared_data("questions"):
            from evals.focus_use_cases.runner import run as run_use_cases

            yield name, run_use_cases(ask=True, model=planner)
        elif name == "prices" and (folder := shared_data("llm_prices")):
            from evals.prices import run as run_prices

            yield name, run_prices(folder)
        elif name != "playbooks":
            print(f"{name}: left out, its public data set is not here")


def categories_of(names: Sequence[str]) -> Mapping[str, tuple[str, ...]]:
    """The suites that are named, each with its categories; () for all of them."""
    found: dict[str, tuple[str, ...]] = {}
    for name in names:
        suite, _, category = name.partition(":")
        found[suite] = (*found.get(suite, ()), *([category] if category else []))
    return found


def _asked(name: str, only: Sequence[str], planner: str, times: int) -> EvalReport:
    from evals.conversations.runner import run as run_conversations
    from evals.demo.runner import run as run_demo
    from evals.unanswerable.runner import run as run_unanswerable

    run = {"demo": run_demo, "conversations": run_conversations, "unanswerable": run_unanswerable}[name]
    return run(only, model=planner, times=times)
