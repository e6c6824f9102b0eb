from pathlib import Path

import pytest
from langchain_core.messages import AIMessage, HumanMessage, ToolMessage

from agent.answer.check import check_answer
from agent.graph.agent import Agent
from agent.state.answers import AnswerStore
from tests.answer.results import AS_OF, nothing_there, top_models
from tests.graph.fakes import ScriptedModel, call, calls, context, costs, text_of
from tools.domain.errors import NoData, StoreFault, UnknownName
from tools.domain.query import CostQuery
from tools.domain.result import ToolResult
from tools.registry import ToolContext

GOOD = "{{r1.headline}}:\n\n{{r1.0.rank}} {{r1.0.x_Model}}: {{r1.0.EffectiveCost}}"
SILENT = AIMessage("")


def agent_of(model: ScriptedModel, answer: object = None, **options: object) -> Agent:
    return Agent(model, (costs(answer or top_models()),), context, **options)  # type: ignore[arg-type]


def test_a_question_becomes_calls_and_a_checked_answer() -> None:
    model = ScriptedModel(script=[calls(call("query_costs", limit=5)), SILENT])
    answer = agent_of(model).ask("top 5 costly models", as_of=AS_OF)
    assert answer.status == "answered"
    assert "1. m-large: $269,195.32" in answer.text
    assert "There are only 3 models, not the 5 asked for." in answer.text
    assert check_answer(answer) == ()


def test_a_good_draft_of_the_model_is_shown() -> None:
    model = ScriptedModel(script=[calls(call("query_costs", limit=5)), AIMessage(GOOD)])
    answer = agent_of(model).ask("the costliest model", as_of=AS_OF)
    assert answer.draft == GOOD
    assert answer.text.endswith("1. m-large: $269,195.32")


def test_a_draft_with_a_number_goes_back_once_with_the_reason() -> None:
    script = [calls(call("query_costs", limit=5)), AIMessage("m-large cost $269,195.32"), AIMessage(GOOD)]
    model = ScriptedModel(script=script)
    answer = agent_of(model).ask("the costliest model", as_of=AS_OF)
    assert answer.draft == GOOD
    sent_back = model.seen[2][-1]
    assert isinstance(sent_back, HumanMessage)
    assert "may not stand outside a placeholder" in str(sent_back.content)


def test_a_second_bad_draft_is_replaced_by_the_plain_rendering() -> None:
    script = [calls(call("query_costs", limit=5)), AIMessage("It doubled."), AIMessage("It doubled again.")]
    model = ScriptedModel(script=script)
    answer = agent_of(model).ask("the costliest model", as_of=AS_OF)
    assert "doubled" not in answer.text
    assert "m-large: $269,195.32" in answer.text


def test_a_fault_goes_back_to_the_model_which_mends_its_call() -> None:
    def known_only(ctx: ToolContext, request: CostQuery) -> ToolResult:
        if request.group_by == ("x_Modell",):
            raise UnknownName("group_by", "x_Modell", ["x_Model", "x_Team"])
        return top_models()

    script = [
        calls(call("query_costs", group_by=["x_Modell"])),
        calls(call("query_costs", 2, group_by=["x_Model"])),
        SILENT,
    ]
    model = ScriptedModel(script=script)
    answer = agent_of(model, known_only).ask("?", as_of=AS_OF)
    assert answer.status == "answered"
    fault = model.seen[1][-1]
    assert isinstance(fault, ToolMessage)
    assert "use one of x_Model" in str(fault.content)


def test_a_fault_that_nobody_mends_becomes_the_answer_with_the_near_names() -> None:
    def unknown(ctx: ToolContext, request: CostQuery) -> ToolResult:
        raise UnknownName("group_by", "x_Modell", ["x_Model", "x_Team"])

    model = ScriptedModel(script=[calls(call("query_costs", group_by=["x_Modell"])), SILENT])
    answer = agent_of(model, unknown).ask("?", as_of=AS_OF)
    assert answer.status == "not_understood"
    assert "x_Modell" in answer.text
    assert answer.suggestions == ("x_Model",)
    assert check_answer(answer) == ()


def test_bad_arguments_are_a_fault_that_names_the_argument() -> None:
    model = ScriptedModel(script=[calls(call("query_costs", limit=0)), SILENT])
    answer = agent_of(model).ask("?", as_of=AS_OF)
    assert answer.status == "not_understood"
    assert "limit=0" in answer.text


def test_an_unknown_tool_is_a_fault_that_names_the_known_ones() -> None:
    model = ScriptedModel(script=[calls(call("delete_everything")), SILENT])
    assert "query_costs" in agent_of(model).ask("?", as_of=AS_OF).text


def test_an_operators_fault_ends_the_run_as_failed() -> None:
    def damaged(ctx: ToolContext, request: CostQuery) -> ToolResult:
        raise StoreFault("the store is damaged; load the month again")

    model = ScriptedModel(script=[calls(call("query_costs"))])
    answer = agent_of(model, damaged).ask("?", as_of=AS_OF)
    assert answer.status == "failed"
    assert answer.text == "The store is damaged; load the month again."


def test_nothing_in_the_store_is_no_data_with_the_reason() -> None:
    def absent(ctx: ToolContext, request: CostQuery) -> ToolResult:
        raise NoData("x_Team is in no loaded file", "missing_column", column="x_Team", available=("cost by model",))

    for nothing in (nothing_there(), absent):
        model = ScriptedModel(script=[calls(call("query_costs")), SILENT])
        answer = agent_of(model, nothing).ask("?", as_of=AS_OF)
        assert answer.status == "no_data"
        assert check_answer(answer) == ()


def test_asking_back_is_a_clarify_with_the_readings() -> None:
    options = ["effective cost in October 2026", "billed cost in October 2026"]
    model = ScriptedModel(script=[calls(call("ask_back", question="Which cost do you mean?", options=options))])
    answer = agent_of(model).ask("cost?", as_of=AS_OF)
    assert (answer.status, answer.text, list(answer.suggestions)) == ("clarify", "Which cost do you mean?", options)


@pytest.mark.parametrize("kind", ["refused", "not_understood", "no_data"])
def test_declining_gives_its_status(kind: str) -> None:
    model = ScriptedModel(script=[calls(call("decline", kind=kind, reason="No.", suggestions=["top 5 models"]))])
    answer = agent_of(model).ask("write a poem", as_of=AS_OF)
    assert (answer.status, answer.text) == (kind, "No.")


def test_a_model_that_calls_nothing_is_not_understood() -> None:
    answer = agent_of(ScriptedModel(script=[AIMessage("The cost is $5.")])).ask("cost?", as_of=AS_OF)
    assert answer.status == "not_understood"
    assert "$5" not in answer.text


def test_a_model_that_never_stops_calling_is_stopped() -> None:
    model = ScriptedModel(script=[calls(call("query_costs", n, limit=5)) for n in range(20)])
    assert agent_of(model).ask("?", as_of=AS_OF).status == "answered"
    assert len(model.seen) == 7


def test_an_empty_question_is_not_understood_without_a_model() -> None:
    assert agent_of(ScriptedModel(script=[])).ask("  ", as_of=AS_OF).status == "not_understood"


def test_an_answer_is_kept_as_it_was_given(tmp_path: Path) -> None:
    answers = AnswerStore(tmp_path)
    model = ScriptedModel(script=[calls(call("query_costs", limit=5)), SILENT])
    answer = agent_of(model, answers=answers).ask("top 5 costly models", as_of=AS_OF)
    assert answers.get(answer.id) == answer


def test_the_model_sees_the_day_and_the_head_of_a_result() -> None:
    model = ScriptedModel(script=[calls(call("query_costs", limit=5)), SILENT])
    agent_of(model).ask("top 5 costly models", as_of=AS_OF)
    assert "As of: 2026-10-10" in text_of(model.seen[0])
    assert '"m-large", "269195.3201536"' in text_of(model.seen[1])


def test_the_words_of_another_model_are_never_shown_unbound() -> None:
    options = ["why did m-large rise to $5,000", "top 5 models", "spend by team"]
    script = [calls(call("ask_back", question="Do you mean the $5,000 of m-large?", options=options))]
    answer = agent_of(ScriptedModel(script=script), model_name="gpt").ask("top 5 of what?", as_of=AS_OF)
    assert answer.status == "clarify"
    assert "5,000" not in answer.text
    assert answer.suggestions == ("top 5 models", "spend by team")
