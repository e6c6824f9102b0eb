"""A tool called by a person's command rather than by a question, as an answer like any other."""

from collections.abc import Mapping
from decimal import Decimal
from time import perf_counter
from typing import Any

from pydantic import ValidationError

from agent.answer.spoken import fault_result, no_data_result
from agent.answer.write import Asked, write_answer
from tools.domain.answer import Answer
from tools.domain.errors import BadRequest, NoData, ToolFault
from tools.domain.result import ToolResult
from tools.registry import Tool, ToolContext


def answer_call(command: str, tool: Tool, arguments: Mapping[str, Any], context: ToolContext) -> Answer:
    """Call the tool once; a call that is refused gives an answer that says why. `command` stands as the question."""
    started = perf_counter()
    asked = Asked(command, context.as_of, scope=context.store.scope)
    answer = write_answer(asked, {"r1": _result(tool, arguments, context)})
    return answer.model_copy(update={"seconds": round(Decimal(perf_counter() - started), 3)})


def _result(tool: Tool, arguments: Mapping[str, Any], context: ToolContext) -> ToolResult:
    try:
        return tool.run(context, tool.request.model_validate(arguments))
    except ValidationError as fault:
        first = fault.errors()[0]
        return fault_result(BadRequest(f"{'.'.join(str(part) for part in first['loc'])}: {first['msg']}"))
    except NoData as fault:
        return no_data_result(tool.name, fault, dict(arguments))
    except ToolFault as fault:
        return fault_result(fault)
