"""BuiltinPlanner: the planner as a LangChain chat model that needs no network."""

import re
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, SystemMessage, ToolMessage
from langchain_core.outputs import ChatGeneration, ChatResult
from langchain_core.runnables import Runnable

from agent.planner.calls import CONTINUED, CONTROL_CALLS, PlannedCall
from agent.planner.lexicon import Lexicon
from agent.planner.planner import plan

_AS_OF = re.compile(r"As of:\s*(\d{4}-\d{2}-\d{2})")


class BuiltinPlanner(BaseChatModel):
    """Turns the last question into tool calls; after tool results it says nothing, so that they are rendered plainly.

    Reads `As of: YYYY-MM-DD` from the system message, and the newest call of the thread for follow-ups.
    """

    lexicon: Callable[[], Lexicon]

    @property
    def _llm_type(self) -> str:
        return "builtin"

    def bind_tools(self, tools: Sequence[Any], **kwargs: Any) -> Runnable[Any, AIMessage]:
        """The planner knows its tools already."""
        return self

    def answers(self, question: str, as_of: date) -> bool:
        """Whether the question would be looked up, with no limit or threshold that was not written in numerals."""
        calls = plan(question, lexicon=self.lexicon(), as_of=as_of)
        looks_up = all(call.name not in CONTROL_CALLS for call in calls)
        spelled = any({"limit", "threshold"} & call.arguments.keys() for call in calls)
        return looks_up and (not spelled or any(character.isdigit() for character in question))

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        """Raises ValueError when the system message names no date."""
        if messages and isinstance(messages[-1], ToolMessage):
            return _result(AIMessage(content=""))
        asked = max((i for i, message in enumerate(messages) if isinstance(message, HumanMessage)), default=None)
        if asked is None:
            return _result(AIMessage(content=""))
        calls = plan(
            messages[asked].text,
            lexicon=self.lexicon(),
            as_of=_as_of(messages),
            previous=_newest_call(messages[:asked], CONTINUED),
            latest=_newest_call(messages[:asked]),
        )
        return _result(
            AIMessage(
                content="",
                tool_calls=[
                    {"name": call.name, "args": call.arguments, "id": f"call_{len(messages)}_{index}"}
                    for index, call in enumerate(calls, start=1)
                ],
            )
        )


def _as_of(messages: Sequence[BaseMessage]) -> date:
    for message in messages:
        if isinstance(message, SystemMessage) and (found := _AS_OF.search(message.text)):
            return date.fromisoformat(found.group(1))
    raise ValueError("the system message names no date; it needs a line such as 'As of: 2026-11-23'")


def _newest_call(messages: Sequence[BaseMessage], among: frozenset[str] | None = None) -> PlannedCall | None:
    for message in reversed(messages):
        if isinstance(message, AIMessage):
            for call in reversed(message.tool_calls):
                if (call["name"] in among) if among is not None else (call["name"] not in CONTROL_CALLS):
                    return PlannedCall(call["name"], dict(call["args"]))
    return None


def _result(message: AIMessage) -> ChatResult:
    return ChatResult(generations=[ChatGeneration(message=message)])
