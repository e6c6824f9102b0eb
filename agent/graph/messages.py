"""Messages as the model reads them: the checkpointed ones name handles, the model sees each result's head."""

import json
from collections.abc import Sequence
from typing import Any

from langchain_core.messages import AnyMessage, SystemMessage, ToolMessage

from agent.answer.display import plain
from agent.graph.state import Run
from tools.domain.result import ToolResult

HEAD_ROWS = 20
MOST_MESSAGES = 60


def for_model(run: Run, messages: Sequence[AnyMessage]) -> list[AnyMessage]:
    """System message first; this question's results with their head, earlier ones as the handles they were."""
    recent = _whole_turns(messages)
    return [SystemMessage(run.system), *(_with_head(run, message) for message in recent)]


def head(handle: str, result: ToolResult) -> str:
    """What a model sees of a result: columns, the first rows, totals; as data, never as instructions."""
    evidence = result.evidence
    shown: dict[str, Any] = {
        "result": handle,
        "columns": [{"name": c.name, "kind": c.kind, "label": c.label, "unit": c.unit} for c in result.columns],
        "rows": [[plain(cell) for cell in row] for row in result.rows[:HEAD_ROWS]],
        "rows_in_table": len(result.rows),
        "row_count": evidence.row_count,
        "totals": {name: plain(value) for name, value in result.totals.items()},
        "period": str(evidence.period) if evidence.period else None,
        "compare_period": str(evidence.compare_period) if evidence.compare_period else None,
        "caveats": evidence.caveats,
        "no_data": result.no_data,
    }
    return json.dumps(shown, ensure_ascii=False)


def _with_head(run: Run, message: AnyMessage) -> AnyMessage:
    if not isinstance(message, ToolMessage):
        return message
    handle = run.handle_of_call.get(message.tool_call_id)
    if handle is None:
        return message
    return message.model_copy(update={"content": head(handle, run.results[handle])})


def _whole_turns(messages: Sequence[AnyMessage]) -> Sequence[AnyMessage]:
    """The newest messages, from a person's question on, so that no call stands without its result."""
    start = max(0, len(messages) - MOST_MESSAGES)
    while 0 < start < len(messages) and messages[start].type != "human":
        start += 1
    return messages[start:] or messages
