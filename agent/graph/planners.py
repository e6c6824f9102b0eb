"""Who plans a question: a configured model within its caps, and where it fails the built-in planner."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, AnyMessage, SystemMessage, ToolMessage

from agent.graph.adapter import schemas, with_tools
from agent.graph.messages import for_model, question_at
from agent.graph.reply import Reply, sound
from agent.graph.state import Run
from agent.models.client import ModelClient
from agent.models.faults import ModelFault
from tools.registry import Tool


@dataclass(frozen=True)
class Deputy:
    """A configured model's client, and the built-in planner that stands in for the model when it fails."""

    client: ModelClient
    planner: BaseChatModel


class Planners:
    """Asks the model; without a deputy the model is asked directly, as the built-in planner is."""

    def __init__(self, model: BaseChatModel, tools: Sequence[Tool], deputy: Deputy | None) -> None:
        self._model = with_tools(model, tools)
        self._deputy = deputy
        self._tools_characters = len(json.dumps(schemas(tools))) if deputy else 0

    @property
    def can_fall_back(self) -> bool:
        return self._deputy is not None

    def reply(self, run: Run, messages: Sequence[AnyMessage]) -> Reply:
        """The next reply to this question's messages; a model that fails is replaced for the rest of the question."""
        if self._deputy is None:
            return sound(self._model.invoke(for_model(run, messages)))
        if not run.fell_back:
            try:
                return sound(self._asked(self._deputy.client, run, messages))
            except ModelFault as fault:
                run.fall_back(f"the model {run.asked.model} {fault}; the built-in planner answers instead")
        return self._stand_in(self._deputy.planner, run, messages)

    def _asked(self, client: ModelClient, run: Run, messages: Sequence[AnyMessage]) -> AIMessage:
        run.spending = run.spending or client.open_account()
        shown = for_model(run, messages, client.caps.context_characters)
        return client.reply(self._model, shown, run.spending, self._tools_characters, run.heard)

    def _stand_in(self, planner: BaseChatModel, run: Run, messages: Sequence[AnyMessage]) -> Reply:
        """The built-in planner sees the question; once its own calls are answered, nothing is left to say."""
        if run.results or run.faults or run.fault_rounds:
            return Reply(AIMessage(""), {})
        asked = messages[: question_at(messages) + 1]
        return sound(planner.invoke([SystemMessage(run.system), *_without_failed_calls(asked)]))


def _without_failed_calls(messages: Sequence[AnyMessage]) -> list[AnyMessage]:
    """A model's call that was sent back is nothing to go on from: it may hold words of the model's own."""
    failed = {one.tool_call_id for one in messages if isinstance(one, ToolMessage) and one.status == "error"}
    return [
        one.model_copy(update={"tool_calls": [call for call in one.tool_calls if call["id"] not in failed]})
        if isinstance(one, AIMessage)
        else one
        for one in messages
    ]
