"""Other assistants: the SDK's own client, over a real `outlay mcp`."""

import os
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple, Protocol, TypeVar

import anyio
import httpx2
from mcp import Client, StdioServerParameters
from mcp.client.streamable_http import streamable_http_client
from mcp.shared.exceptions import MCPError
from mcp_types import CallToolResult, TextContent, Tool

from tests.paths import CHECKOUT

COMMAND = (sys.executable, "-c", "from agent.cli.main import main; main()")
LONGEST_WAIT_SECONDS = 120
T = TypeVar("T")


class Told(NamedTuple):
    """What an assistant got for a call."""

    is_error: bool
    json: Any
    text: str


class Assistant(Protocol):
    """Reaches one server; each use is a connection of its own."""

    def talk(self, conversation: Callable[[Client], Awaitable[T]]) -> T: ...


def call(assistant: Assistant, tool: str, **arguments: Any) -> Told:
    return assistant.talk(lambda client: told(client, tool, arguments))


async def told(client: Client, tool: str, arguments: dict[str, Any]) -> Told:
    result = await client.call_tool(tool, arguments)
    assert isinstance(result, CallToolResult)
    (content,) = result.content
    assert isinstance(content, TextContent)
    return Told(result.is_error, result.structured_content, content.text)


def refusal(assistant: Assistant, tool: str) -> str:
    """The protocol's error for a tool that is not on offer."""

    async def refused(client: Client) -> str:
        try:
            await client.call_tool(tool, {})
        except MCPError as fault:
            return str(fault)
        raise AssertionError(f"{tool} was called")

    return assistant.talk(refused)


def tools(assistant: Assistant) -> dict[str, Tool]:
    async def listed(client: Client) -> dict[str, Tool]:
        return {tool.name: tool for tool in (await client.list_tools()).tools}

    return assistant.talk(listed)


class OverStdio(NamedTuple):
    """Starts the server itself."""

    home: Path
    options: tuple[str, ...] = ()

    def talk(self, conversation: Callable[[Client], Awaitable[T]]) -> T:
        command, *before = COMMAND
        server = StdioServerParameters(
            command=command,
            args=[*before, "--home", str(self.home), "mcp", *self.options],
            env={"PYTHONPATH": str(CHECKOUT)},
        )

        async def connected() -> T:
            async with Client(server) as client:
                return await conversation(client)

        return anyio.run(connected)


class OverHttp(NamedTuple):
    """Calls a server that runs already."""

    address: str
    token: str = ""
    mode: str = "auto"
    """legacy: with the handshake of the protocol's versions before 2026."""

    def talk(self, conversation: Callable[[Client], Awaitable[T]]) -> T:
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}

        async def connected() -> T:
            async with (
                httpx2.AsyncClient(headers=headers, timeout=LONGEST_WAIT_SECONDS) as http,
                Client(streamable_http_client(self.address, http_client=http), mode=self.mode) as client,
            ):
                return await conversation(client)

        return anyio.run(connected)


def start(home: Path, *options: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [*COMMAND, "--home", str(home), "mcp", *options],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(CHECKOUT)},
    )


def address_of(server: "subprocess.Popen[str]") -> str:
    """Where a server over HTTP has said that it can be called."""
    assert server.stderr is not None
    return server.stderr.readline().removeprefix("outlay: serving ").strip()


@contextmanager
def http_server(home: Path, *options: str) -> Iterator[str]:
    """The address of a server on a free port."""
    with start(home, "--http", "0", *options) as server:
        try:
            yield address_of(server)
        finally:
            server.terminate()
