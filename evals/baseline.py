"""The committed baseline: how each case came out when a person last accepted it, and what differs from it now.

A case's outcomes are kept as a word, one letter an ask in order: e exact, r refused, w wrong.
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict

from evals.paths import CHECKOUT
from evals.report import Ask, EvalReport, Outcome

BASELINE = CHECKOUT / "evals" / "baseline.json"
LETTERS: dict[Outcome, str] = {"exact": "e", "refused": "r", "wrong": "w"}
BEST_FIRST = "erw"
"""A refusal is better than a wrong figure."""
Change = Literal["better", "worse", "new", "gone"]


class Suite(BaseModel):
    """How a suite came out."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    exact: int
    wrong: int
    refused: int
    cases: dict[str, str]
    """The letters of each case."""


class Difference(BaseModel):
    """A case that came out otherwise than in the baseline; `before` and `after` are its letters, empty for none."""

    model_config = ConfigDict(frozen=True)

    suite: str
    case: str
    change: Change
    before: str
    after: str

    @property
    def newly_wrong(self) -> tuple[int, ...]:
        """The asks that are wrong and were not wrong before."""
        before = self.before.ljust(len(self.after))
        return tuple(at for at, letter in enumerate(self.after) if letter == "w" and before[at] != "w")


def suite_of(report: EvalReport) -> Suite:
    """A report as the baseline keeps it."""
    by_case: dict[str, list[Ask]] = {}
    for ask in report.asks:
        by_case.setdefault(ask.case, []).append(ask)
    cases = {case: "".join(LETTERS[ask.outcome] for ask in asks) for case, asks in by_case.items()}
    total = report.total
    return Suite(exact=total.exact, wrong=total.wrong, refused=total.refused, cases=cases)


def compare(
    before: Mapping[str, Suite], after: Mapping[str, Suite], narrowed: Mapping[str, Sequence[str]] | None = None
) -> tuple[Difference, ...]:
    """Case by case, over the suites that were run; what was not run is not gone.

    `narrowed` names the categories of the suites that were run in part.
    """
    narrowed = narrowed or {}
    found: list[Difference] = []
    for name, suite in after.items():
        cases = before[name].cases if name in before else {}
        if name in narrowed:
            cases = {case: letters for case, letters in cases.items() if case.split("/")[0] in narrowed[name]}
        found += _compare_suite(name, cases, suite.cases)
    return tuple(found)


def _compare_suite(name: str, before: Mapping[str, str], after: Mapping[str, str]) -> list[Difference]:
    found = []
    for case in dict.fromkeys([*before, *after]):
        then, now = before.get(case, ""), after.get(case, "")
        if then != now:
            found += [
                Difference(suite=name, case=case, change=change, before=then, after=now)
                for change in _changes(then, now)
            ]
    return found


def _changes(then: str, now: str) -> list[Change]:
    """A case can have become better in one wording and worse in another: then it stands under both."""
    if not then:
        return ["new"]
    if not now:
        return ["gone"]
    ranks = [(BEST_FIRST.index(one), BEST_FIRST.index(other)) for one, other in zip(then, now, strict=False)]
    changes: dict[Change, bool] = {
        "better": any(after < before for before, after in ranks),
        "worse": any(after > before for before, after in ranks),
        "new": len(now) > len(then),
        "gone": len(now) < len(then),
    }
    return [change for change, holds in changes.items() if holds]


def difference_text(differences: Sequence[Difference]) -> str:
    """What became better, worse, new and gone; whole new cases are counted by suite unless something in them missed."""
    lines = []
    for change in ("worse", "better", "new", "gone"):
        some = [one for one in differences if one.change == change]
        lines.append(f"{change}: {len(some)}")
        shown = [one for one in some if change != "new" or one.after.strip("e")]
        lines += [f"  {one.suite}/{one.case}: {one.before or '-'} → {one.after or '-'}" for one in shown]
        if change == "new" and len(some) > len(shown):
            lines.append(f"  … and {len(some) - len(shown)} that are exact throughout")
    return "\n".join(lines)


def is_newly_wrong(differences: Sequence[Difference]) -> bool:
    """Whether an answer is wrong that the baseline has right, refused, or not at all."""
    return any(one.newly_wrong for one in differences)


def read_baseline(planner: str, path: Path = BASELINE) -> dict[str, Suite]:
    """The accepted suites of a planner (builtin, or a model's name); {} when none were accepted yet."""
    if not path.exists():
        return {}
    kept = json.loads(path.read_text("utf-8")).get(planner, {})
    return {name: Suite.model_validate(suite) for name, suite in kept.items()}


def accept(planner: str, suites: Mapping[str, Suite], path: Path = BASELINE) -> None:
    """Write the suites over the planner's old ones; those that were not run stay."""
    kept = json.loads(path.read_text("utf-8")) if path.exists() else {}
    ours = kept.setdefault(planner, {})
    ours.update({name: suite.model_dump() for name, suite in suites.items()})
    path.write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
