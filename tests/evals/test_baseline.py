"""The baseline: what became better or worse, case by case, and when that fails a run."""

from pathlib import Path

import pytest

from evals.baseline import (
    BASELINE,
    Suite,
    accept,
    compare,
    difference_text,
    is_newly_wrong,
    read_baseline,
    suite_of,
)
from evals.report import Ask, EvalReport, Outcome


def suite(**cases: str) -> dict[str, Suite]:
    letters = "".join(cases.values())
    counts = {name: letters.count(name[0]) for name in ("exact", "wrong", "refused")}
    return {"demo": Suite(**counts, cases={f"a/{case}": word for case, word in cases.items()})}


def changes(before: dict[str, Suite], after: dict[str, Suite]) -> list[tuple[str, str]]:
    return [(one.case, one.change) for one in compare(before, after)]


def test_a_report_is_kept_as_one_letter_an_ask() -> None:
    outcomes: list[Outcome] = ["exact", "wrong", "refused"]
    asks = [Ask(category="a", case="a/x", number=n, outcome=outcome) for n, outcome in enumerate(outcomes)]
    assert suite_of(EvalReport(name="demo", asks=tuple(asks))) == suite(x="ewr")["demo"]


def test_what_did_not_change_is_not_told() -> None:
    assert compare(suite(x="ewr"), suite(x="ewr")) == ()


@pytest.mark.parametrize(
    ("before", "after", "change"),
    [
        ("er", "ee", "better"),
        ("ew", "er", "better"),
        ("ee", "er", "worse"),
        ("er", "ew", "worse"),
    ],
)
def test_a_refusal_stands_between_an_exact_answer_and_a_wrong_one(before: str, after: str, change: str) -> None:
    assert changes(suite(x=before), suite(x=after)) == [("a/x", change)]


def test_a_case_can_be_better_and_worse_at_once() -> None:
    assert changes(suite(x="ew"), suite(x="re")) == [("a/x", "better"), ("a/x", "worse")]


def test_new_and_gone_cases_and_wordings_are_told() -> None:
    assert changes(suite(x="e", y="e"), suite(x="e", z="e")) == [("a/y", "gone"), ("a/z", "new")]
    assert changes(suite(x="ee"), suite(x="eee")) == [("a/x", "new")]


def test_a_suite_or_category_that_was_not_run_is_not_gone() -> None:
    assert compare(suite(x="e"), {}) == ()
    assert compare(suite(x="e"), {"demo": Suite(exact=0, wrong=0, refused=0, cases={})}, {"demo": ["b"]}) == ()


@pytest.mark.parametrize(
    ("before", "after", "fails"),
    [
        ("e", "w", True),
        ("r", "w", True),
        ("", "w", True),
        ("w", "w", False),
        ("e", "r", False),
        ("we", "ew", True),
        ("w", "e", False),
    ],
)
def test_a_run_fails_when_something_is_wrong_that_the_baseline_does_not_have_as_wrong(
    before: str, after: str, fails: bool
) -> None:
    old = suite(x=before) if before else {}
    assert is_newly_wrong(compare(old, suite(x=after))) is fails


def test_the_text_names_the_case_with_its_letters() -> None:
    text = difference_text(compare(suite(x="ee", y="r"), suite(x="ew", y="e")))
    assert "demo/a/x: ee → ew" in text
    assert "demo/a/y: r → e" in text


def test_accepting_one_suite_of_one_planner_leaves_the_others(tmp_path: Path) -> None:
    path = tmp_path / "baseline.json"
    accept("builtin", {**suite(x="e"), "other": suite(y="r")["demo"]}, path)
    accept("some-model", suite(x="w"), path)
    accept("builtin", suite(x="r"), path)
    assert read_baseline("builtin", path)["demo"].cases == {"a/x": "r"}
    assert read_baseline("builtin", path)["other"].cases == {"a/y": "r"}
    assert read_baseline("some-model", path)["demo"].wrong == 1
    assert read_baseline("another", path) == {}


@pytest.mark.parametrize("name", sorted(read_baseline("builtin")))
def test_the_committed_baseline_counts_its_own_letters(name: str) -> None:
    kept = read_baseline("builtin", BASELINE)[name]
    letters = "".join(kept.cases.values())
    assert (letters.count("e"), letters.count("w"), letters.count("r")) == (kept.exact, kept.wrong, kept.refused)
