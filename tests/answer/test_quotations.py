"""Passages of documents: quoted word for word, bound to their cell, and never mixed with figures."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.answer.check import check_answer, check_content
from agent.answer.check_draft import check_draft
from agent.answer.markdown import to_markdown
from agent.answer.quotation import quotation_text
from agent.answer.render import to_json
from agent.answer.verify import verify
from agent.answer.write import Asked, write_answer
from tests.answer.results import AS_OF, top_models
from tests.graph.fakes import context
from tools.domain.result import Evidence, ToolResult
from tools.inform.playbooks import COLUMNS, PlaybookRequest
from tools.registry import Tool

SPOT = "Spot saves up to 90 %.\n\n- It stops.\n- It is <b>cheap</b>."
POLICY = "1. Ask.\n2. Wait for 3 days."
HEADLINE, FIRST, SECOND = "{{r1.headline}}.", "{{r1.0.File}}, {{r1.0.Heading}}: ", "{{r1.1.File}}, {{r1.1.Heading}}: "


def passages(spot: str = SPOT) -> ToolResult:
    return ToolResult(
        tool="search_playbooks",
        columns=COLUMNS,
        rows=(
            ("playbooks/spot.md", "Risks", spot, Decimal("0.71")),
            ("company/policy 2026.md", "Approval", POLICY, Decimal("0.52")),
        ),
        evidence=Evidence(sql="", arguments={"query": "spot?", "limit": 3}, row_count=2, caveats=("quoted",)),
    )


def searching(result: ToolResult) -> Tool:
    return Tool("search_playbooks", PlaybookRequest, lambda ctx, request: result)


def test_a_passage_stands_below_its_file_and_heading_as_a_quotation() -> None:
    answer = write_answer(Asked("spot?", AS_OF), {"r1": passages()})
    assert check_answer(answer) == ()
    assert "From the playbooks and your own documents:" in answer.text
    assert "playbooks/spot.md, Risks: \n\n> Spot saves up to 90 %.\n>\n> - It stops." in answer.text
    assert "company/policy 2026.md, Approval: \n\n> 1. Ask.\n> 2. Wait for 3 days.\n" in answer.text


def test_the_quotation_is_bound_to_its_cell_word_for_word() -> None:
    answer = write_answer(Asked("spot?", AS_OF), {"r1": passages()})
    quoted = [figure for figure in answer.figures if figure.column == "Passage"]
    assert [(figure.row, figure.value, figure.unit) for figure in quoted] == [(0, SPOT, None), (1, POLICY, None)]


def test_json_gives_the_passages_apart_from_the_figures_of_the_data() -> None:
    answer = to_json(write_answer(Asked("spot?", AS_OF), {"r1": passages()}))
    assert answer["quotations"][0] == {
        "result": "r1", "row": 0, "column": "Passage", "text": SPOT, "File": "playbooks/spot.md", "Heading": "Risks",
    }  # fmt: skip
    assert to_json(write_answer(Asked("?", AS_OF), {"r1": top_models()}))["quotations"] == []


def test_no_table_repeats_what_is_quoted() -> None:
    assert "| ---" not in to_markdown(write_answer(Asked("spot?", AS_OF), {"r1": passages()}))


@pytest.mark.parametrize(
    ("draft", "reason"),
    [
        (f"{FIRST}{{{{r1.0.Passage}}}}", "needs {{r1.headline}} before it"),
        (f"{HEADLINE}\n{{{{r1.0.Passage}}}}", "after that row's whole name"),
        (f"{HEADLINE}\n{{{{r1.0.File}}}}: {{{{r1.0.Passage}}}}", "after that row's whole name"),
        (f"{HEADLINE}\n{SECOND}{{{{r1.0.Passage}}}}", "after that row's whole name"),
        (f"{HEADLINE}\n{FIRST}{{{{r1.0.Passage}}}}.", "nothing follows a quotation"),
        (f"{HEADLINE}\n{FIRST}{{{{r1.0.Passage}}}} and so it is.", "nothing follows a quotation"),
        (f"{HEADLINE}\n- {FIRST}{{{{r1.0.Passage}}}}", "not in a list"),
        (f"{HEADLINE}\n{FIRST}{{{{r1.0.Passage}}}}, {SECOND}{{{{r1.1.Passage}}}}", "the last thing"),
        (f"{HEADLINE}\n{SECOND}{{{{r1.1.Passage}}}}\n{FIRST}{{{{r1.0.Passage}}}}", "quoted after passage 1"),
        (f"{HEADLINE}\n{FIRST}{{{{r1.0.Score}}}}", "needs {{r1.label.Score}}"),
        (f"{HEADLINE}\nSpot saves 90 %.", "may not stand outside a placeholder"),
    ],
)
def test_a_draft_that_quotes_otherwise_is_sent_back(draft: str, reason: str) -> None:
    assert any(reason in violation.reason for violation in check_draft(draft, {"r1": passages()}))


@pytest.mark.parametrize("change", [("90", "95"), ("> - It stops.\n", ""), ("Risks", "Steps"), ("> Spot", "Spot")])
def test_a_quotation_that_was_changed_is_found(change: tuple[str, str]) -> None:
    answer = write_answer(Asked("spot?", AS_OF), {"r1": passages()})
    forged = answer.model_copy(update={"text": answer.text.replace(*change)})
    assert forged.text != answer.text
    assert check_content(forged)


def test_verifying_runs_the_search_again_and_compares_the_passages() -> None:
    answer = write_answer(Asked("spot?", AS_OF), {"r1": passages()})
    assert verify(answer, context(AS_OF), context(AS_OF), (searching(passages()),)).holds
    report = verify(answer, context(AS_OF), context(AS_OF), (searching(passages(SPOT.replace("90", "70"))),))
    assert not report.holds
    assert [difference.column for difference in report.results[0].differences] == ["Passage"]


def test_figures_of_the_data_beside_a_quotation_stay_bound_to_the_data() -> None:
    answer = write_answer(Asked("spot?", AS_OF), {"r1": passages(), "r2": top_models()})
    assert check_answer(answer) == ()
    assert {figure.result for figure in answer.figures if figure.unit == "USD"} == {"r2"}


@given(st.text(max_size=400))
def test_nothing_in_a_passage_can_leave_the_quotation(passage: str) -> None:
    lines = quotation_text(passage).split("\n")
    assert all(line.startswith(">") for line in lines)
    assert not any(mark in line.replace("\\" + mark, "") for line in lines for mark in ("<", "`", "[", "|"))


@given(st.text(max_size=400))
def test_an_answer_that_quotes_anything_passes_its_check(passage: str) -> None:
    answer = write_answer(Asked("spot?", AS_OF), {"r1": passages(passage)})
    assert check_answer(answer) == ()
