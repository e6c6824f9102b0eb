"""Over standard input and output, for an assistant that starts `outlay mcp` itself."""

import os
import signal
from datetime import date
from types import FrameType

import anyio
from mcp.server.stdio import stdio_server

from agent.app import asker_of
from agent.mcp.desk import Desks
from agent.mcp.server import build_server
from agent.settings import Settings


def serve_stdio(settings: Settings, as_of: date | None) -> None:
    """Serve the user that this process runs as, until standard input ends or a signal comes."""
    server = build_server(settings, Desks(settings, as_of), lambda _context: asker_of(settings))

    async def serve() -> None:
        async with stdio_server() as (incoming, outgoing):
            await server.run(incoming, outgoing, server.create_initialization_options())

    for one in (signal.SIGTERM, signal.SIGINT):
        signal.signal(one, _leave)
    anyio.run(serve)


def _leave(_signal: int, _frame: FrameType | None) -> None:
    """Leave at once: standard input is read in a thread that nothing can wake, and every write here is one
    transaction."""
    os._exit(0)
