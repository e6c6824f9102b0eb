"""Desk: where one person's calls are answered, over what they may see."""

from collections.abc import Mapping
from datetime import date
from functools import cached_property
from threading import Lock
from typing import Any, NamedTuple, TypeVar

from pydantic import BaseModel

from agent.answer.spoken import no_data_result
from agent.app import (
    build_agent,
    open_store,
    passage_finder,
    tool_context,
    tools_of,
)
from agent.graph.adapter import parsed
from agent.graph.agent import Agent
from agent.identity import Asker
from agent.mcp.offer import ASK, AskRequest, Day, Offered, offered
from agent.mcp.reply import answer_reply, tool_reply
from agent.remediation_home import RemediationsWhenAsked
from agent.settings import Settings
from tools.domain.errors import BadRequest, NoData, UnknownName
from tools.domain.result import ToolResult
from tools.registry import Tool, ToolContext

Request = TypeVar("Request", bound=BaseModel)


class NotOffered(UnknownName):
    """A tool that is not on offer."""


class Reply(NamedTuple):
    """What a call gave, as JSON; `failed` says that the answer is no answer."""

    content: dict[str, Any]
    failed: bool = False


class Desk:
    """Answers one person's calls, one after another; `as_of` is the day they are made as of, unless a call says."""

    def __init__(self, settings: Settings, asker: Asker, as_of: date | None = None) -> None:
        self._settings, self._asker, self._as_of = settings, asker, as_of
        self._store = open_store(settings, asker)
        self._passages = passage_finder(settings)
        self._tools = {tool.name: tool for tool in tools_of(settings)}
        self._offers = {one.name: one for one in offered(tuple(self._tools.values()))}
        self._remediations = RemediationsWhenAsked(settings, asker)
        self._lock = Lock()

    def call(self, name: str, arguments: Mapping[str, Any]) -> Reply:
        """Run one of the tools on offer.

        Raises:
            NotOffered: no such tool is offered.
            OutlayError: the call can't be made; says what would work.
        """
        if name not in self._offers:
            raise NotOffered("tool", name, list(self._offers))
        day = _read(self._offers[name], Day, {"as_of": arguments.get("as_of")}).as_of or self._as_of or date.today()
        own = {key: value for key, value in arguments.items() if key != "as_of"}
        with self._lock:
            return self._ask(own, day) if name == ASK else self._run(self._tools[name], own, day)

    def _ask(self, arguments: dict[str, Any], as_of: date) -> Reply:
        request = _read(self._offers[ASK], AskRequest, arguments)
        answer = self._agent.ask(request.question, as_of=as_of, thread=request.thread)
        return Reply(answer_reply(answer), failed=answer.status == "failed")

    def _run(self, tool: Tool, arguments: dict[str, Any], as_of: date) -> Reply:
        request = _read(self._offers[tool.name], tool.request, arguments)
        return Reply(tool_reply(self._result(tool, request, as_of)).model_dump(mode="json"))

    def _result(self, tool: Tool, request: BaseModel, as_of: date) -> ToolResult:
        try:
            return tool.run(self._context(as_of), request)
        except NoData as fault:
            return no_data_result(tool.name, fault, request.model_dump(mode="json"))

    def _context(self, as_of: date) -> ToolContext:
        return tool_context(
            self._settings, self._store, as_of, passages=self._passages, remediations=self._remediations
        )

    @cached_property
    def _agent(self) -> Agent:
        return build_agent(self._settings, self._asker)


class Desks:
    """The desks of whoever has called; somebody whose scope has changed gets a new one."""

    def __init__(self, settings: Settings, as_of: date | None = None) -> None:
        self._settings, self._as_of = settings, as_of
        self._desks: dict[str, tuple[Asker, Desk]] = {}
        self._lock = Lock()

    def of(self, asker: Asker) -> Desk:
        key = asker.id or ""
        with self._lock:
            known = self._desks.get(key)
            if known is None or known[0] != asker:
                known = self._desks[key] = asker, Desk(self._settings, asker, self._as_of)
            return known[1]


def _read(offer: Offered, request: type[Request], arguments: dict[str, Any]) -> Request:
    try:
        read = parsed(offer.name, request, arguments)
    except BadRequest as fault:
        raise BadRequest(f"{fault}; {offer.name} takes {', '.join(offer.arguments)}") from None
    assert isinstance(read, request)
    return read
