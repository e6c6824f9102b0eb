"""The graph's nodes: plan, tools, write, check, answer."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from langchain_core.messages import AIMessage, AnyMessage, HumanMessage, ToolCall, ToolMessage
from langgraph.runtime import Runtime

from agent.answer.check_draft import check_draft
from agent.answer.spoken import fault_result, no_data_result
from agent.answer.write import write_answer
from agent.graph.adapter import parsed, request_of, tool_named
from agent.graph.control import CONTROLS, UNSPOKEN, Vet, controlled
from agent.graph.messages import CHECK, question_at
from agent.graph.own_words import refuse_own_words
from agent.graph.planners import Planners
from agent.graph.state import Run, TurnState
from agent.graph.step import call_text
from agent.settings import BUILTIN
from prompts import load
from tools.domain.errors import BadRequest, NoData, NotPermitted, OperatorFault, ToolFault
from tools.domain.result import ToolResult
from tools.registry import Tool

MOST_ROUNDS = 6
"""Rounds of tool calls for one question; then the answer is written from what there is."""
MOST_FAULT_ROUNDS = 2
"""Rounds in which a call failed; the first goes back to the model to be mended."""
MOST_RESULTS = 24
"""Results of one question."""
LONGEST_FAULT = 600
"""Characters of a fault that go back to the model."""

Update = dict[str, Any]


class Nodes:
    """The nodes over one model and one set of tools. `trusted`: the model's own words may be shown, as it is ours."""

    def __init__(self, planners: Planners, tools: Sequence[Tool], *, trusted: bool, vet: Vet | None = None) -> None:
        self._planners, self._tools = planners, tuple(tools)
        self._trusted, self._vet = trusted, vet

    def plan(self, state: TurnState, runtime: Runtime[Run]) -> Update:
        """Ask the model for calls, or for the draft once it has results."""
        run = runtime.context
        run.tell("plan")
        before = run.fell_back
        reply = self._planners.reply(run, state["messages"])
        run.refused.update(reply.refused)
        took_over = run.fell_back != before
        message = reply.message
        if message.tool_calls and state["rounds"] >= MOST_ROUNDS and not took_over:
            message = AIMessage("")  # a call that is not run would stand in the thread without its result
        update: Update = {"messages": [message], "draft": "" if message.tool_calls else message.text}
        return update | {"rounds": 0, "handles": []} if took_over else update

    def tools(self, state: TurnState, runtime: Runtime[Run]) -> Update:
        """Run each call; results stay in the run, the state gets their handles."""
        run, last = runtime.context, state["messages"][-1]
        run.faults.clear()
        said = _said(state["messages"])
        replies = [self._run(run, call, said) for call in last.tool_calls] if isinstance(last, AIMessage) else []
        run.fault_rounds += bool(run.faults)
        return {"messages": replies, "handles": list(run.results), "rounds": state["rounds"] + 1}

    def write(self, state: TurnState, runtime: Runtime[Run]) -> Update:
        """Settle what the answer rests on, and its draft; where a model found nothing the built-in planner answers."""
        run = runtime.context
        run.tell("write")
        if not run.results and not self._is_trusted(run) and self._planners.can_fall_back:
            run.fall_back(
                f"the model {run.asked.model} made no call that could be run; the built-in planner answers instead"
            )
            return {"handles": [], "rounds": 0, "draft": ""}
        for fault in run.faults:
            run.keep(f"fault{len(run.results)}", fault_result(fault) if self._is_trusted(run) else UNSPOKEN)
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
        reasons = "\n".join(f"- {violation}"[:LONGEST_FAULT] for violation in wrong[:10])
        request = HumanMessage(load("revise").fill(reasons=reasons), name=CHECK)
        return {"messages": [request], "revisions": state["revisions"] + 1, "sent_back": True}

    def answer(self, state: TurnState, runtime: Runtime[Run]) -> Update:
        """Fill in the draft; the thread remembers the placeholders, not the figures."""
        run = runtime.context
        run.tell("answer")
        asked = replace(run.asked, model=BUILTIN) if run.fell_back else run.asked
        run.answer = write_answer(asked, run.told(), state["draft"])
        return {"messages": [AIMessage(run.answer.draft)]}

    def _is_trusted(self, run: Run) -> bool:
        return self._trusted or bool(run.fell_back)

    def _run(self, run: Run, call: ToolCall, said: Sequence[str]) -> ToolMessage:
        run.tell("tool", call_text(call["name"], call["args"]))
        call_id = call["id"] or f"call{len(run.handle_of_call)}"
        try:
            handle = run.keep(call_id, self._result(run, call, said))
        except ToolFault as fault:
            run.faults.append(fault)
            return ToolMessage(str(fault)[:LONGEST_FAULT], tool_call_id=call_id, name=call["name"], status="error")
        except (OperatorFault, NotPermitted) as fault:
            run.is_over = True
            handle = run.keep(call_id, fault_result(fault))
        found = f"{handle}: {run.results[handle].evidence.row_count} rows"
        return ToolMessage(found, tool_call_id=call_id, name=call["name"])

    def _result(self, run: Run, call: ToolCall, said: Sequence[str]) -> ToolResult:
        name, arguments = call["name"], call["args"]
        if (reason := run.refused.get(call["id"] or "")) is not None:
            raise BadRequest(reason)
        if len(run.results) >= MOST_RESULTS:
            raise BadRequest(
                f"{MOST_RESULTS} results are the most for one question; write the answer from those there are"
            )
        if name in CONTROLS:
            request = parsed(name, CONTROLS[name], arguments)
            run.is_over = True
            return controlled(request, run.asked, trusted=self._is_trusted(run), vet=self._vet)
        tool = tool_named(name, self._tools)
        try:
            return tool.run(run.context, self._request(run, tool, arguments, said))
        except NoData as fault:
            return no_data_result(name, fault, arguments)

    def _request(self, run: Run, tool: Tool, arguments: dict[str, Any], said: Sequence[str]) -> Any:
        request = request_of(tool, arguments)
        if not self._is_trusted(run):
            refuse_own_words(request, run, said)
        return request


def after_plan(state: TurnState, runtime: Runtime[Run]) -> str:
    last = state["messages"][-1]
    return "tools" if isinstance(last, AIMessage) and last.tool_calls and state["rounds"] < MOST_ROUNDS else "write"


def after_tools(state: TurnState, runtime: Runtime[Run]) -> str:
    run = runtime.context
    return "write" if run.is_over or run.fault_rounds >= MOST_FAULT_ROUNDS else "plan"


def after_write(state: TurnState, runtime: Runtime[Run]) -> str:
    """Back to the plan only when the built-in planner has just taken over and nothing is settled yet."""
    return "check" if runtime.context.results else "plan"


def after_check(state: TurnState, runtime: Runtime[Run]) -> str:
    return "plan" if state["sent_back"] else "answer"


def _said(messages: Sequence[AnyMessage]) -> list[str]:
    """What the person has asked in this thread."""
    start = question_at(messages)
    return [
        message.text for message in messages[: start + 1] if isinstance(message, HumanMessage) and message.name != CHECK
    ]
