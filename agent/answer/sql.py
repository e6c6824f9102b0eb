"""Ad hoc SQL of a person, as an answer like any other."""

from decimal import Decimal
from time import perf_counter

from agent.answer.spoken import fault_result, no_data_result
from agent.answer.write import Asked, write_answer
from tools.domain.answer import Answer
from tools.domain.errors import NoData, ToolFault
from tools.domain.result import ToolResult
from tools.inform.sql import TOOL, SqlRequest, run_sql
from tools.registry import ToolContext


def answer_statement(sql: str, context: ToolContext) -> Answer:
    """Run one statement; one that is refused gives an answer that says why."""
    started = perf_counter()
    asked = Asked(sql, context.as_of, scope=context.store.scope)
    answer = write_answer(asked, {"r1": _result(sql, context)})
    return answer.model_copy(update={"seconds": round(Decimal(perf_counter() - started), 3)})


def _result(sql: str, context: ToolContext) -> ToolResult:
    try:
        return run_sql.run(context, SqlRequest(sql=sql))
    except NoData as fault:
        return no_data_result(TOOL, fault, {"sql": sql})
    except ToolFault as fault:
        return fault_result(fault)
