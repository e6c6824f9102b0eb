from decimal import Decimal

import pytest

from agent.answer.check import check_answer
from agent.answer.verify import verification_lines, verify
from agent.answer.write import Asked, write_answer
from tests.answer.results import AS_OF, all_results, compared_models, top_models
from tests.graph.fakes import context, costs
from tools.domain.result import ToolResult
from tools.registry import ToolContext

THEN, NOW = context(AS_OF), context(AS_OF)


def giving(then: ToolResult, now: ToolResult) -> object:
    """A tool that gives one result on the recorded generation, another on today's."""
    return lambda ctx, request: now if ctx is NOW else then


def repriced(result: ToolResult, row: int, cost: str) -> ToolResult:
    rows = [list(cells) for cells in result.rows]
    rows[row][1] = Decimal(cost)
    return result.model_copy(update={"rows": tuple(tuple(cells) for cells in rows)})


def report_on(then: ToolResult, now: ToolResult, at: ToolContext | None = THEN) -> object:
    answer = write_answer(Asked("?", AS_OF), {"r1": top_models()})
    return verify(answer, at, NOW, (costs(giving(then, now)),))  # type: ignore[arg-type]


@pytest.mark.parametrize("name", sorted(all_results()))
def test_an_answer_whose_queries_give_the_same_again_holds(name: str) -> None:
    result = all_results()[name]
    answer = write_answer(Asked("?", AS_OF), {"r1": result})
    report = verify(answer, THEN, NOW, (costs(result),))
    assert report.holds, verification_lines(report)


def test_a_cell_that_comes_out_otherwise_is_named() -> None:
    report = report_on(repriced(top_models(), 1, "157684.05"), top_models())
    assert not report.holds
    assert [(d.row, d.column, d.found) for d in report.results[0].differences] == [(1, "EffectiveCost", "157684.05")]
    assert any("$157,684.05: was 157684.05020584, the query gives 157684.05" in x for x in verification_lines(report))


def test_other_sql_does_not_hold() -> None:
    other = top_models()
    other = other.model_copy(update={"evidence": other.evidence.model_copy(update={"sql": "SELECT 1"})})
    assert not report_on(other, other).holds


def test_drift_is_reported_by_name_though_the_ranking_changed() -> None:
    now = top_models()
    now = now.model_copy(update={"rows": (now.rows[1], (now.rows[0][0], Decimal("1.5")), now.rows[2])})
    report = report_on(top_models(), now)
    assert report.holds
    drifted = [(figure.text, figure.today) for figure in report.figures if figure.drifted]
    assert drifted == [("$269,195.32", "1.5")]
    assert "  $269,195.32 would be $1.50 today" in verification_lines(report)


def test_a_dropped_generation_proves_nothing_but_shows_the_drift() -> None:
    report = report_on(top_models(), top_models(), at=None)
    assert not report.holds
    assert "can't be proved" in verification_lines(report)[0]
    assert "today's data gives the same figures" in verification_lines(report)


def test_a_changed_answer_does_not_hold_though_its_queries_do() -> None:
    answer = write_answer(Asked("?", AS_OF), {"r1": compared_models()})
    forged = answer.model_copy(update={"text": answer.text.replace("fell", "rose")})
    report = verify(forged, THEN, NOW, (costs(compared_models()),))
    assert not report.holds
    assert check_answer(forged)
