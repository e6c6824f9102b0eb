"""`outlay chat`: where it starts. Nothing heavy is imported before the prompt is drawn."""

import sys
from datetime import datetime
from typing import Annotated

import typer

from agent.cli.chat.quick import ChatOptions
from agent.cli.context import CliContext, shared

WRONG_USE = 2


def chat(
    context: typer.Context,
    persona: Annotated[str | None, typer.Option(help="Whose words to use, such as finance or engineering.")] = None,
    thread: Annotated[str | None, typer.Option(help="Continue this conversation.", show_default="a new one")] = None,
    as_of: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Ask as if today were this day.", show_default="today")
    ] = None,
    model: Annotated[str | None, typer.Option(help="The model that plans.", show_default="builtin")] = None,
) -> None:
    """Hold a conversation; follow-ups carry on from the question before.

    /help lists the commands. Without a terminal, each line of standard input is one question or command, and the
    exit code is that of the worst answer.

    Example: outlay chat --persona finance
    """
    day = as_of.date() if as_of else None
    raise typer.Exit(hold(shared(context), ChatOptions(persona=persona, thread=thread, as_of=day, model=model)))


def hold(cli: CliContext, options: ChatOptions) -> int:
    """Converse in the terminal, or answer standard input where there is none; gives the exit code."""
    from agent.cli.chat.conversation import Conversation, new_thread

    if options.persona is not None and (fault := _unknown_persona(options.persona)):
        print(f"outlay: {fault}", file=sys.stderr)
        return WRONG_USE
    conversation = Conversation(
        cli,
        thread=options.thread or new_thread(),
        persona=options.persona,
        day=options.as_of,
        model=options.model,
    )
    if sys.stdin.isatty() and sys.stdout.isatty():
        from agent.cli.chat.terminal import converse

        converse(conversation)
        return 0
    from agent.cli.chat.piped import answer_lines

    return answer_lines(conversation, sys.stdin)


def _unknown_persona(name: str) -> str:
    """Why there is no such persona; "" where there is. Imported only for who names one: the prompt is not to wait."""
    from agent.personas import persona_named
    from tools.domain.errors import BadInput

    try:
        persona_named(name)
    except BadInput as fault:
        return str(fault)
    return ""
