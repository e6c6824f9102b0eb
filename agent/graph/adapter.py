"""Our tools as a chat model is told of them: the one adapter to LangChain."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from langchain_core.language_models import BaseChatModel, LanguageModelInput
from langchain_core.messages import AIMessage
from langchain_core.runnables import Runnable
from pydantic import BaseModel, ValidationError

from agent.graph.control import CONTROLS
from tools.domain.errors import BadRequest, UnknownName
from tools.registry import Tool


def with_tools(model: BaseChatModel, tools: Sequence[Tool]) -> Runnable[LanguageModelInput, AIMessage]:
    """The model, told of the tools and the control calls; one that takes no tools knows them by itself."""
    try:
        return model.bind_tools(schemas(tools))
    except NotImplementedError:
        return model


def schemas(tools: Sequence[Tool]) -> list[dict[str, Any]]:
    """What a model is told of the tools and the control calls, in OpenAI's form."""
    told = [_schema(tool.name, tool.description, tool.request) for tool in tools]
    return told + [_schema(name, request.__doc__ or "", request) for name, request in CONTROLS.items()]


def request_of(tool: Tool, arguments: dict[str, Any]) -> BaseModel:
    """The tool's request. Raises BadRequest, in words a model can act on."""
    return parsed(tool.name, tool.request, arguments)


def parsed(name: str, request: type[BaseModel], arguments: dict[str, Any]) -> BaseModel:
    """Arguments as a request. Raises BadRequest."""
    try:
        return request.model_validate(arguments)
    except ValidationError as fault:
        wrong = "; ".join(_sentence(error["loc"], error["msg"], error.get("input")) for error in fault.errors()[:5])
        raise BadRequest(f"{name} can't be called like this: {wrong}") from fault


def tool_named(name: str, tools: Sequence[Tool]) -> Tool:
    """Raises UnknownName."""
    for tool in tools:
        if tool.name == name:
            return tool
    raise UnknownName("tool", name, [*(tool.name for tool in tools), *CONTROLS])


def _schema(name: str, description: str, request: type[BaseModel]) -> dict[str, Any]:
    function = {"name": name, "description": description.strip(), "parameters": _parameters(request)}
    return {"type": "function", "function": function}


@cache
def _parameters(request: type[BaseModel]) -> dict[str, Any]:
    """Kept, as a conversation's graph is built for each question, and a schema takes milliseconds."""
    return request.model_json_schema()


def _sentence(location: tuple[int | str, ...], message: str, value: object) -> str:
    place = ".".join(str(part) for part in location)
    return f"{place}={value!r:.80}: {message}" if place else message
