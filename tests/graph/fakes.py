"""Fakes for the graph: a model that follows a script, tools over results made by hand, a reader of nothing."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatResult
from pydantic import BaseModel, Field

from tools.domain.query import CostQuery
from tools.domain.result import ToolResult
from tools.domain.scope import Scope
from tools.registry import Tool, ToolContext


class ScriptedModel(BaseChatModel):
    """Replies as scripted, and remembers what it was shown."""

    script: list[AIMessage]
    seen: list[list[BaseMessage]] = Field(default_factory=list)

    @property
    def _llm_type(self) -> str:
        return "scripted"

    def _generate(self, messages: list[BaseMessage], *args: Any, **kwargs: Any) -> ChatResult:
        self.seen.append(messages)
        return ChatResult(generations=[ChatGeneration(message=self.script[len(self.seen) - 1])])


class Describe(BaseModel):
    about: str = "overview"


class NoStore:
    """A CostReader that no test reads."""

    generation, scope, loaded_through = 1, Scope(), None

    def __getattr__(self, name: str) -> Any:
        raise AssertionError(f"the store's {name} was read")


def call(name: str, number: int = 1, /, **arguments: Any) -> dict[str, Any]:
    return {"name": name, "args": arguments, "id": f"call-{number}", "type": "tool_call"}


def calls(*wanted: dict[str, Any]) -> AIMessage:
    return AIMessage("", tool_calls=list(wanted))


def costs(answer: ToolResult | Callable[[ToolContext, CostQuery], ToolResult]) -> Tool:
    """A query_costs that gives one result, or what a function makes of the request."""

    def query_costs(context: ToolContext, request: CostQuery) -> ToolResult:
        """Cost by anything."""
        return answer(context, request) if callable(answer) else answer

    return Tool("query_costs", CostQuery, query_costs)


def context(as_of: date) -> ToolContext:
    return ToolContext(store=NoStore(), as_of=as_of)  # type: ignore[arg-type]


def text_of(messages: Sequence[BaseMessage]) -> str:
    return "\n".join(str(message.content) for message in messages)
