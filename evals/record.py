"""evals/results/evals.json: the figures of the last full run, by planner."""

from collections.abc import Mapping
from typing import Any

from evals.machine import write_result
from evals.quality import quality
from evals.report import EvalReport
from evals.suites import ASKED


def write_record(by_planner: Mapping[str, Mapping[str, EvalReport]]) -> None:
    """Write the figures of every suite that was run, and of those put to the agent together."""
    write_result("evals", {planner: as_json(reports) for planner, reports in by_planner.items()})


def as_json(reports: Mapping[str, EvalReport]) -> dict[str, Any]:
    """Counts by suite and category, what was missed, and how answers are made."""
    asked = quality("all", [reports[name] for name in ASKED if name in reports])
    return {
        "suites": {name: _suite(name, report) for name, report in reports.items()},
        "all": asked.model_dump(mode="json") if asked else None,
    }


def _suite(name: str, report: EvalReport) -> dict[str, Any]:
    made = quality(name, [report])
    return {
        **report.total.model_dump(exclude={"category"}),
        "cases": len({ask.case for ask in report.asks}),
        "notes": report.notes,
        "categories": {row.category: row.model_dump(exclude={"category"}) for row in report.categories},
        "quality": made.model_dump(mode="json", exclude={"suite", "exact", "wrong", "refused"}) if made else None,
        "misses": [
            ask.model_dump(include={"case", "number", "question", "outcome", "expected", "got"})
            for ask in report.misses
        ],
    }
