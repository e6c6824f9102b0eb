"""The scripted model in this process: the same scripts without HTTP."""

from collections.abc import Iterator, Sequence
from typing import Any

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessageChunk, BaseMessage, HumanMessageChunk, convert_to_openai_messages
from langchain_core.outputs import ChatGenerationChunk, ChatResult
from langchain_core.runnables import Runnable
from langchain_openai.chat_models.base import _convert_delta_to_message_chunk, _create_usage_metadata

from evals.hostile.script import Script, Step
from evals.hostile.server import ENDLESS
from evals.hostile.wire import events


class ScriptedChat(BaseChatModel):
    """Streams what the script says; transport's troubles are errors, content's troubles are content."""

    script: Any
    seen: list[dict[str, Any]] = []  # noqa: RUF012 - pydantic copies it

    @property
    def _llm_type(self) -> str:
        return "scripted"

    def bind_tools(self, tools: Sequence[Any], **kwargs: Any) -> Runnable[Any, Any]:
        return self

    def _generate(self, messages: list[BaseMessage], *args: Any, **kwargs: Any) -> ChatResult:
        raise NotImplementedError("only streamed")

    def _stream(self, messages: list[BaseMessage], *args: Any, **kwargs: Any) -> Iterator[ChatGenerationChunk]:
        request = {"model": "scripted", "messages": convert_to_openai_messages(messages)}
        self.seen.append(request)
        script: Script = self.script
        yield from (ChatGenerationChunk(message=one) for one in _messages(script(request)))


def _messages(step: Step) -> Iterator[AIMessageChunk]:
    match step.trouble:
        case None | "no_finish":
            yield from _told(step, finishes=step.trouble is None)
        case "endless_text":
            for _ in range(ENDLESS):
                yield AIMessageChunk((step.text or "more ") * 20)
        case "endless_calls":
            for number in range(ENDLESS):
                part = {"name": "query_costs", "args": "{}", "id": f"c{number}", "index": number}
                yield AIMessageChunk("", tool_call_chunks=[part])  # type: ignore[list-item]
        case "empty_choices" | "no_choices" | "not_sse":
            return
        case "wrong_role":
            yield HumanMessageChunk(step.text)  # type: ignore[misc]
        case "cut" | "drop":
            yield from list(_told(step, finishes=False))[:2]
            raise ConnectionError("cut off")
        case _:
            raise ConnectionError(step.trouble)


def _told(step: Step, *, finishes: bool) -> Iterator[AIMessageChunk]:
    for event in events(step, "scripted"):
        yield _chunk(event, finishes)


def _chunk(event: dict[str, Any], finishes: bool) -> AIMessageChunk:
    if "usage" in event:
        return AIMessageChunk("", usage_metadata=_create_usage_metadata(event["usage"]))
    choice = event["choices"][0]
    message = _convert_delta_to_message_chunk(choice["delta"], AIMessageChunk)
    assert isinstance(message, AIMessageChunk)
    if finishes and choice["finish_reason"]:
        message.response_metadata = {"finish_reason": choice["finish_reason"]}
    return message
