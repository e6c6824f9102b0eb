"""The graph's nodes: plan, tools, write, check, answer."""

from collections.abc import Sequence
from typing import Any

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, HumanMessage, ToolCall, ToolMessage
from langgraph.runtime import Runtime

from agent.answer.check_draft import check_draft
from agent.answer.spoken import fault_result, no_data_result
from agent.answer.write import write_answer
from agent.graph.adapter import parsed, request_of, tool_named, with_tools
from agent.graph.control import CONTROLS, controlled
from agent.graph.messages import for_model
from agent.graph.state import Run, TurnState
from agent.graph.step import call_text
from prompts import load
from tools.domain.errors import BadRequest, NoData, OperatorFault, ToolFault
from tools.domain.result import ToolResult
from tools.registry import Tool

MOST_ROUNDS = 6
"""Rounds of tool calls for one question; then the answer is written from what there is."""
MOST_FAULT_ROUNDS = 2
"""Rounds in which a call failed; the first goes back to the model to be mended."""

Update = dict[str, Any]


class Nodes:
    """The nodes over one model and one set of tools. `trusted`: the model's own words may be shown, as it is ours."""

    def __init__(self, model: BaseChatModel, tools: Sequence[Tool], *, trusted: bool) -> None:
        self._model = with_tools(model, tools)
        self._tools = tuple(tools)
        self._trusted = trusted

    def plan(self, state: TurnState, runtime: Runtime[Run]) -> Update:
        """Ask the model for calls, or for the draft once it has results."""
        runtime.context.tell("plan")
        reply = self._model.invoke(for_model(runtime.context, state["messages"]))
        return {"messages": [reply], "draft": "" if _calls(reply) else reply.text}

    def tools(self, state: TurnState, runtime: Runtime[Run]) -> Update:
        """Run each call; results stay in the run, the state gets their handles."""
        run, last = runtime.context, state["messages"][-1]
        run.faults.clear()
        replies = [self._run(run, call) for call in last.tool_calls] if isinstance(last, AIMessage) else []
        if isinstance(last, AIMessage):
            replies += [
                _unreadable(run, call.get("id") or "", call.get("name") or "") for call in last.invalid_tool_calls
            ]
        run.fault_rounds += bool(run.faults)
        return {"messages": replies, "handles": list(run.results), "rounds": state["rounds"] + 1}

    def write(self, state: TurnState, runtime: Runtime[Run]) -> Update:
        """Settle what the answer rests on, and its draft."""
        run = runtime.context
        run.tell("write")
        for fault in run.faults:
            run.keep(f"fault{len(run.results)}", fault_result(fault))
        run.faults.clear()
        if not run.results:
            run.keep("nothing", fault_result(BadRequest(load("nothing_called").text.strip())))
            return {"handles": list(run.results), "draft": ""}
        return {"handles": list(run.results), "draft": "" if run.is_over else state["draft"].strip()}

    def check(self, state: TurnState, runtime: Runtime[Run]) -> Update:
        """Send a draft that fails back once, with the reasons; after that the plain rendering takes its place."""
        runtime.context.tell("check")
        wrong = check_draft(state["draft"], runtime.context.results) if state["draft"] else ()
        if not wrong:
            return {"sent_back": False}
        if state["revisions"]:
            return {"draft": "", "sent_back": False}
        reasons = "\n".join(f"- {violation}" for violation in wrong[:10])
        request = HumanMessage(load("revise").fill(reasons=reasons), name="check")
        return {"messages": [request], "revisions": state["revisions"] + 1, "sent_back": True}

    def answer(self, state: TurnState, runtime: Runtime[Run]) -> Update:
        """Fill in the draft; the thread remembers the placeholders, not the figures."""
        run = runtime.context
        run.tell("answer")
        run.answer = write_answer(run.asked, run.results, state["draft"])
        return {"messages": [AIMessage(run.answer.draft)]}

    def _run(self, run: Run, call: ToolCall) -> ToolMessage:
        run.tell("tool", call_text(call["name"], call["args"]))
        call_id = call["id"] or f"call{len(run.handle_of_call)}"
        try:
            handle = run.keep(call_id, self._result(run, call["name"], call["args"]))
        except ToolFault as fault:
            run.faults.append(fault)
            return ToolMessage(str(fault), tool_call_id=call_id, name=call["name"], status="error")
        except OperatorFault as fault:
            run.is_over = True
            handle = run.keep(call_id, fault_result(fault))
        found = f"{handle}: {run.results[handle].evidence.row_count} rows"
        return ToolMessage(found, tool_call_id=call_id, name=call["name"])

    def _result(self, run: Run, name: str, arguments: dict[str, Any]) -> ToolResult:
        if name in CONTROLS:
            request = parsed(name, CONTROLS[name], arguments)
            run.is_over = True
            return controlled(request, run.asked.question, trusted=self._trusted)
        tool = tool_named(name, self._tools)
        try:
            return tool.run(run.context, request_of(tool, arguments))
        except NoData as fault:
            return no_data_result(name, fault, arguments)


def after_plan(state: TurnState, runtime: Runtime[Run]) -> str:
    last = state["messages"][-1]
    return "tools" if isinstance(last, AIMessage) and _calls(last) and state["rounds"] < MOST_ROUNDS else "write"


def after_tools(state: TurnState, runtime: Runtime[Run]) -> str:
    run = runtime.context
    return "write" if run.is_over or run.fault_rounds >= MOST_FAULT_ROUNDS else "plan"


def after_check(state: TurnState, runtime: Runtime[Run]) -> str:
    return "plan" if state["sent_back"] else "answer"


def _calls(message: AIMessage) -> bool:
    return bool(message.tool_calls or message.invalid_tool_calls)


def _unreadable(run: Run, call_id: str, name: str) -> ToolMessage:
    fault = BadRequest(f"the arguments of {name or 'a call'} are not JSON")
    run.faults.append(fault)
    return ToolMessage(str(fault), tool_call_id=call_id, name=name, status="error")
