"""A tool that a person called by a command, as an answer like any other."""

from collections.abc import Mapping
from decimal import Decimal
from time import perf_counter
from typing import Any

from agent.answer.spoken import fault_result, no_data_result
from agent.answer.write import Asked, write_answer
from tools.domain.answer import Answer
from tools.domain.errors import NoData, ToolFault
from tools.domain.result import ToolResult
from tools.registry import Tool, ToolContext


def answer_call(command: str, tool: Tool, arguments: Mapping[str, Any], context: ToolContext) -> Answer:
    """Run the tool once; a call that is refused gives an answer that says why. Raises ValueError for bad arguments."""
    started = perf_counter()
    asked = Asked(command, context.as_of, scope=context.store.scope)
    answer = write_answer(asked, {"r1": _result(tool, arguments, context)})
    return answer.model_copy(update={"seconds": round(Decimal(perf_counter() - started), 3)})


def _result(tool: Tool, arguments: Mapping[str, Any], context: ToolContext) -> ToolResult:
    request = tool.request.model_validate(dict(arguments))
    try:
        return tool.run(context, request)
    except NoData as fault:
        return no_data_result(tool.name, fault, dict(arguments))
    except ToolFault as fault:
        return fault_result(fault)
