"""One call of a tool, made by a person rather than planned, as an answer like any other."""

from decimal import Decimal
from time import perf_counter

from pydantic import BaseModel

from agent.answer.spoken import fault_result, no_data_result
from agent.answer.write import Asked, write_answer
from tools.domain.answer import Answer
from tools.domain.errors import NoData, ToolFault
from tools.domain.result import ToolResult
from tools.registry import Tool, ToolContext


def answer_called(tool: Tool, request: BaseModel, context: ToolContext, asked: str) -> Answer:
    """Run one call; one that is refused gives an answer that says why. `asked` is what stands for the question."""
    started = perf_counter()
    answer = write_answer(
        Asked(asked, context.as_of, scope=context.store.scope), {"r1": _result(tool, request, context)}
    )
    return answer.model_copy(update={"seconds": round(Decimal(perf_counter() - started), 3)})


def _result(tool: Tool, request: BaseModel, context: ToolContext) -> ToolResult:
    try:
        return tool.run(context, request)
    except NoData as fault:
        return no_data_result(tool.name, fault, request.model_dump(mode="json"))
    except ToolFault as fault:
        return fault_result(fault)
