"""Saved scenarios beside each other, as an answer like any other."""

from collections.abc import Sequence
from decimal import Decimal
from time import perf_counter

from agent.answer.spoken import fault_result, no_data_result
from agent.answer.write import Asked, write_answer
from tools.domain.answer import Answer
from tools.domain.errors import NoData, ToolFault
from tools.domain.result import ToolResult
from tools.inform.scenario.compare import TOOL, ComparisonRequest, NamedScenario, compare_scenarios
from tools.registry import ToolContext


def answer_scenarios(scenarios: Sequence[NamedScenario], context: ToolContext) -> Answer:
    """Compare scenarios; where one can't be told any more the answer says why."""
    started = perf_counter()
    request = ComparisonRequest(scenarios=tuple(scenarios))
    question = f"compare the scenarios {', '.join(one.name for one in scenarios)}"
    answer = write_answer(Asked(question, context.as_of, scope=context.store.scope), {"r1": _result(request, context)})
    return answer.model_copy(update={"seconds": round(Decimal(perf_counter() - started), 3)})


def _result(request: ComparisonRequest, context: ToolContext) -> ToolResult:
    try:
        return compare_scenarios.run(context, request)
    except NoData as fault:
        return no_data_result(TOOL, fault, request.model_dump(mode="json"))
    except ToolFault as fault:
        return fault_result(fault)
