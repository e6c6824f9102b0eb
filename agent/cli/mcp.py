"""`outlay mcp`: the reading tools and checked answers for other assistants."""

import sys
from datetime import datetime
from typing import Annotated

import typer

from agent.cli.context import shared


def mcp(
    context: typer.Context,
    http: Annotated[
        int | None,
        typer.Option(
            metavar="PORT", min=0, max=65535, help="Serve on this port of this machine instead (0: any free one)."
        ),
    ] = None,
    as_of: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Ask as if today were this day.", show_default="today")
    ] = None,
    new_token: Annotated[
        bool, typer.Option("--new-token", help="Print a token for --http and its line for people.yaml, and stop.")
    ] = False,
) -> None:
    """Serve the tools that read, and checked answers, to other assistants, by the Model Context Protocol.

    Over stdio the caller is the user that runs this. Over HTTP it serves this machine only: in a home with people.yaml
    callers prove who they are with a bearer token, in one without it everybody on this machine sees everything.

    Example: outlay mcp --http 8765
    """
    if new_token:
        _print_token()
        return
    settings = shared(context).settings
    day = as_of.date() if as_of else None
    if http is None:
        from agent.mcp.stdio import serve_stdio

        serve_stdio(settings, day)
        return
    from agent.mcp.http import serve_http

    serve_http(settings, http, day, lambda address: print(f"outlay: serving {address}", file=sys.stderr, flush=True))


def _print_token() -> None:
    from agent.mcp.tokens import new_token

    made = new_token()
    print(f"token, for its owner's assistant:  {made.token}")
    print(f"line of that person in people.yaml:  token_sha256: {made.digest}")
