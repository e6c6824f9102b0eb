"""Over HTTP on this machine: loopback only, no web page, and a token for each person where people are told apart."""

import os
import signal
import socket
import sys
from collections.abc import Callable
from datetime import date
from types import FrameType

import anyio
import uvicorn
from mcp.server.auth.settings import AuthSettings
from mcp.server.transport_security import TransportSecuritySettings
from pydantic import AnyHttpUrl
from starlette.applications import Starlette
from starlette.requests import Request

from agent.app import asker_of
from agent.identity import ANYBODY, Asker
from agent.mcp.desk import Desks
from agent.mcp.server import Context, build_server
from agent.mcp.tokens import PeoplesTokens, are_tokens_needed
from agent.people import PEOPLE_FILE, load_people
from agent.settings import Settings
from tools.domain.errors import BadInput, NotPermitted

LOOPBACK = "127.0.0.1"
PATH = "/mcp"
LARGEST_REQUEST_BYTES = 256 * 1024
GRACE_SECONDS = 2
"""For calls under way when a signal comes."""


def serve_http(settings: Settings, port: int, as_of: date | None, announce: Callable[[str], None]) -> None:
    """Serve until a signal comes; port 0 is any free one, and `announce` is told the address.

    Raises:
        BadInput: the port is taken, or may not be used.
        BadSetting: people.yaml gives nobody a token.
    """
    with_tokens = are_tokens_needed(settings)
    with _bound(port) as listener:
        bound = listener.getsockname()[1]
        app = http_app(settings, bound, as_of, with_tokens=with_tokens)
        config = uvicorn.Config(
            app, log_level="warning", access_log=False, timeout_graceful_shutdown=GRACE_SECONDS, lifespan="on"
        )
        for one in (signal.SIGTERM, signal.SIGINT):  # uvicorn stops with grace, then hands the signal on to this
            signal.signal(one, _leave)
        announce(f"http://{LOOPBACK}:{bound}{PATH}")
        anyio.run(uvicorn.Server(config).serve, [listener])


def http_app(settings: Settings, port: int, as_of: date | None, *, with_tokens: bool) -> Starlette:
    """The application behind one port. A request has to name that port of this machine as its host, which a page that
    rebinds its own name can't, and may come from no page at all."""
    server = build_server(settings, Desks(settings, as_of), _by_token(settings) if with_tokens else _anybody(settings))
    address = f"http://{LOOPBACK}:{port}"
    return server.streamable_http_app(
        streamable_http_path=PATH,
        json_response=True,
        stateless_http=True,
        max_request_body_size=LARGEST_REQUEST_BYTES,
        transport_security=TransportSecuritySettings(
            allowed_hosts=[f"{LOOPBACK}:{port}", f"localhost:{port}"], allowed_origins=[]
        ),
        auth=AuthSettings(issuer_url=AnyHttpUrl(address), resource_server_url=None) if with_tokens else None,
        token_verifier=PeoplesTokens(settings) if with_tokens else None,
    )


def _by_token(settings: Settings) -> Callable[[Context], Asker]:
    def who(context: Context) -> Asker:
        request = context.request
        assert isinstance(request, Request)
        return asker_of(settings, "token_sha256", request.user.display_name)

    return who


def _anybody(settings: Settings) -> Callable[[Context], Asker]:
    def who(_context: Context) -> Asker:
        if load_people(settings.home) is not None:
            raise NotPermitted(
                f"this home has a {PEOPLE_FILE} now; start outlay mcp --http again, so that it asks for tokens"
            )
        return ANYBODY

    return who


def _bound(port: int) -> socket.socket:
    try:
        return socket.create_server((LOOPBACK, port))
    except OSError as fault:
        raise BadInput(
            f"port {port} can't be used ({os.strerror(fault.errno or 0)}); --http 0 takes any free one"
        ) from None


def _leave(_signal: int, _frame: FrameType | None) -> None:
    sys.exit(0)
