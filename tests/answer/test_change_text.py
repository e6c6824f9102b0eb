"""A change told with its reasons: every figure bound, nothing netted away, candidates called candidates."""

import pytest

from agent.answer.check import check_answer
from agent.answer.check_draft import check_draft
from agent.answer.markdown import to_markdown
from agent.answer.table import display_table
from agent.answer.write import Asked, write_answer
from tests.answer.results import AS_OF, change_result, top_models
from tools.domain.result import ToolResult

PROJECT = "x_Project"


def told(result: ToolResult) -> str:
    answer = write_answer(Asked("why?", AS_OF), {"r1": result})
    assert check_answer(answer) == ()
    return answer.text


def test_a_rise_is_told_with_its_reasons_by_size_and_with_what_stands_against_each_other() -> None:
    assert told(change_result()) == (
        "Effective cost rose by $300.00 (30.0 %), from $1,000.00 in September 2026 to $1,300.00 in October 2026. "
        "The largest reasons: requests added $400.00 (m-large 2 alone $410.00); token price took off $100.00 (all of "
        "it m-mid). In single lines, rises of $450.00 stand against falls of $150.00. Candidates that fit in time and "
        "place, not proof: token price: price change on 2026-10-05: m-mid output from 15 to 12 USD per million."
    )


def test_a_slice_is_told_beside_the_other_one() -> None:
    one, other = ({"dimension": PROJECT, "operator": "in", "values": [name]} for name in ("copilot", "docs-2"))
    text = told(change_result(filters=[one], compare_filters=[other]))
    assert text.startswith(
        "Effective cost, only project copilot, October 2026, is $300.00 (30.0 %) higher than for project docs-2: "
        "$1,300.00 against $1,000.00."
    )


def test_a_change_of_nothing_is_told_as_such() -> None:
    result = change_result()
    same = {**result.totals, "EffectiveCost": result.totals["EffectiveCost_previous"], "EffectiveCost_change": None}
    text = told(result.model_copy(update={"rows": (), "totals": same}))
    assert text == "Effective cost is the same in September 2026 and October 2026: $1,000.00."


def test_by_kind_every_kind_that_shows_is_told() -> None:
    assert "taxes" not in told(change_result(by="kind"))
    assert "token price" in told(change_result(by="kind"))


def test_the_table_leaves_out_what_is_the_same_in_each_row_and_shows_crumbs_as_about_nothing() -> None:
    table = display_table(change_result())
    assert table.headings[:3] == ("reason", "contribution", "contribution, share")
    assert table.rows[2] == ("taxes", "~$0.00", "0.0 %", "$0.00", "~$0.00", "", "$0.00")
    assert "| token price | -$100.00 |" in to_markdown(write_answer(Asked("why?", AS_OF), {"r1": change_result()}))


@pytest.mark.parametrize(
    "draft", ["{{r1.reasons}} and {{r1.total.Raised}}.", "{{r1.0.name}}: {{r1.0.Candidates}}.", "{{r2.reasons}}."]
)
def test_reasons_stand_alone_and_only_where_there_are_some(draft: str) -> None:
    assert check_draft(draft, {"r1": change_result(), "r2": top_models()})


def test_a_draft_of_a_model_may_tell_the_reasons() -> None:
    assert check_draft("{{r1.reasons}}.", {"r1": change_result()}) == ()
