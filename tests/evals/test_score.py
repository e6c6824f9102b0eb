"""The scorer of evaluations: what counts as exact, wrong and refused."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from agent.answer.spoken import spoken
from agent.answer.write import Asked, write_answer
from evals.demo.score import score
from evals.demo.truth import Expected, Row, Spec, Truth
from evals.unanswerable.runner import Unanswerable, judge
from tests.answer.results import AS_OF, COST, MODEL, OCTOBER, TEAM, cost_result
from tools.domain.answer import Answer
from tools.domain.result import ToolResult

SPEC = Spec(measure="cost", period="2026-10", by=("model",))
ASKED = Expected(truth=SPEC)
TRUTH = Truth(
    start=date(2026, 10, 1),
    end=date(2026, 11, 1),
    unit="USD",
    rows=(Row(("m-1",), Decimal(30)), Row(("m-2",), Decimal("12.5"))),
    total=Decimal("42.5"),
    ordered=False,
    spec=SPEC,
)


def models(*rows: tuple[str | None, str], **more: object) -> ToolResult:
    return cost_result((MODEL, COST), rows, totals={"EffectiveCost": "42.5"}, **{"period": OCTOBER, **more})  # type: ignore[arg-type]


def answer(result: ToolResult) -> Answer:
    return write_answer(Asked("cost by model in October?", AS_OF), {"r1": result})


def declined(kind: str) -> Answer:
    return answer(spoken("decline", "That can't be answered.", (), {"kind": kind}))


def outcome(result: ToolResult, truth: Truth = TRUTH) -> str:
    return score(Expected(truth=truth.spec), truth, answer(result))[0]


RIGHT = models(("m-1", "30"), ("m-2", "12.5"))


def test_the_true_rows_of_the_true_period_are_exact() -> None:
    assert outcome(RIGHT) == "exact"


@pytest.mark.parametrize(
    "result",
    [
        models(("m-1", "30"), ("m-2", "12.51")),
        models(("m-1", "30")),
        models(("m-1", "30"), ("m-2", "12.5"), ("m-3", "1")),
        models(("m-1", "12.5"), ("m-2", "30")),
        models(("m-1", "30"), ("m-2", "12.5"), period=None),
        cost_result((TEAM, COST), [("a", "42.5")], period=OCTOBER),
    ],
    ids=["a cent off", "a row missing", "a row too many", "names swapped", "no period", "another breakdown"],
)
def test_an_answer_that_differs_anywhere_is_wrong(result: ToolResult) -> None:
    assert outcome(result) == "wrong"


def test_the_right_figures_in_the_wrong_order_are_wrong_where_a_rank_was_asked_for() -> None:
    ranked = replace(TRUTH, ordered=True)
    assert outcome(models(("m-2", "12.5"), ("m-1", "30")), ranked) == "wrong"
    assert outcome(models(("m-2", "12.5"), ("m-1", "30"))) == "exact"


def test_no_answer_where_there_is_one_is_refused_not_wrong() -> None:
    assert score(ASKED, TRUTH, declined("not_understood"))[0] == "refused"


def test_declining_is_exact_only_where_the_case_allows_it() -> None:
    assert score(Expected(truth=SPEC, may_decline=True), TRUTH, declined("not_understood"))[0] == "exact"
    assert score(Expected(truth=SPEC, may_decline=True), TRUTH, answer(models(("m-1", "1"))))[0] == "wrong"


def test_an_answer_where_a_refusal_is_due_is_wrong() -> None:
    assert score(Expected(status="declined"), None, answer(RIGHT))[0] == "wrong"
    assert score(Expected(status="declined"), None, declined("refused"))[0] == "exact"
    assert score(Expected(status="clarify"), None, declined("refused"))[0] == "refused"


def test_a_column_that_repeats_the_one_value_filtered_by_is_no_fault_but_a_second_value_is() -> None:
    spec = Spec(measure="cost", period="2026-10", by=("model",), where={"team": ("search",)})
    narrowed = replace(TRUTH, spec=spec)
    both = cost_result((MODEL, TEAM, COST), [("m-1", "search", "30"), ("m-2", "search", "12.5")], period=OCTOBER)
    assert outcome(both, narrowed) == "exact"
    other = cost_result((MODEL, TEAM, COST), [("m-1", "search", "30"), ("m-2", "ads", "12.5")], period=OCTOBER)
    assert outcome(other, narrowed) == "wrong"


UNANSWERABLE = Unanswerable(id="x", right=("no_data",), ask=("spend on Mars?",))


def test_a_figure_for_what_can_not_be_answered_is_wrong() -> None:
    assert judge(UNANSWERABLE, None, answer(RIGHT))[0] == "wrong"


def test_the_wrong_kind_of_refusal_is_told_apart_from_the_right_one() -> None:
    assert judge(UNANSWERABLE, None, declined("no_data"))[0] == "exact"
    assert judge(UNANSWERABLE, None, declined("refused"))[0] == "refused"


def test_a_question_in_another_language_may_be_answered_with_the_truth_only() -> None:
    case = Unanswerable(id="x", right=("not_understood",), ask=("Kosten je Modell im Oktober?",), truth=SPEC)
    assert judge(case, TRUTH, answer(RIGHT))[0] == "exact"
    assert judge(case, TRUTH, answer(models(("m-1", "1"), ("m-2", "2"))))[0] == "wrong"
