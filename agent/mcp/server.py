"""The protocol's server over a home's desks; a transport says who calls."""

import json
import logging
from collections.abc import Callable
from functools import partial
from importlib.metadata import version
from typing import Any

from anyio import to_thread
from mcp.server.context import ServerRequestContext
from mcp.server.lowlevel import Server
from mcp.shared.exceptions import MCPError
from mcp_types import (
    INVALID_PARAMS,
    CallToolRequestParams,
    CallToolResult,
    ListToolsResult,
    PaginatedRequestParams,
    TextContent,
    Tool,
    ToolAnnotations,
)

from agent.answer.compose import PROPOSED
from agent.app import tools_of
from agent.identity import Asker
from agent.mcp.desk import Desks, NotOffered, Reply
from agent.mcp.offer import ASK, Offered, offered
from agent.settings import Settings
from prompts import load
from tools.domain.errors import OutlayError

Context = ServerRequestContext[Any, Any]
WhoCalls = Callable[[Context], Asker]
"""Raises NotPermitted for somebody whom the home does not know."""

LOG = logging.getLogger("outlay.mcp")
_READS = ToolAnnotations(read_only_hint=True, destructive_hint=False, open_world_hint=False)
_PROPOSES = ToolAnnotations(read_only_hint=False, destructive_hint=False, idempotent_hint=True, open_world_hint=True)
"""These may keep a proposal, and read the systems that its targets live in; they change nothing there."""


def build_server(settings: Settings, desks: Desks, who_calls: WhoCalls) -> Server[Any]:
    """A server that lists what the home offers, and answers calls with what the caller may see."""

    async def list_tools(_context: Context, _params: PaginatedRequestParams | None) -> ListToolsResult:
        return ListToolsResult(tools=[_described(one) for one in offered(tools_of(settings))])

    async def call_tool(context: Context, params: CallToolRequestParams) -> CallToolResult:
        return await to_thread.run_sync(partial(_called, desks, who_calls, context, params), abandon_on_cancel=True)

    return Server(
        "outlay",
        version=version("outlay"),
        title="Outlay",
        instructions=load("mcp").text.strip(),
        on_list_tools=list_tools,
        on_call_tool=call_tool,
    )


def _described(one: Offered) -> Tool:
    return Tool(
        name=one.name,
        description=one.description,
        input_schema=one.input_schema,
        output_schema=one.output_schema,
        annotations=_PROPOSES if one.name in (ASK, PROPOSED) else _READS,
    )


def _called(desks: Desks, who_calls: WhoCalls, context: Context, params: CallToolRequestParams) -> CallToolResult:
    try:
        return _told(desks.of(who_calls(context)).call(params.name, params.arguments or {}))
    except NotOffered as fault:
        raise MCPError(INVALID_PARAMS, str(fault)) from None
    except OutlayError as fault:
        return _refused(str(fault))
    except Exception as fault:
        LOG.exception("a call of %s broke", params.name)
        return _refused(f"this should not happen ({type(fault).__name__}); the log of outlay mcp has more")


def _told(reply: Reply) -> CallToolResult:
    text = json.dumps(reply.content, ensure_ascii=False)
    return CallToolResult(
        content=[TextContent(type="text", text=text)], structured_content=reply.content, is_error=reply.failed
    )


def _refused(reason: str) -> CallToolResult:
    return CallToolResult(content=[TextContent(type="text", text=reason)], is_error=True)
