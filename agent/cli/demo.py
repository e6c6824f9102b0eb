"""`outlay demo`: the demo company, and its first question."""

from datetime import date, datetime
from typing import Annotated

import typer

from agent.cli.context import shared


def demo(
    context: typer.Context,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object on stdout: the first answer.")] = False,
    as_of: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="Build it as if today were this day.", show_default="today"),
    ] = None,
) -> None:
    """Build the demo company in the home (seconds; again: nothing to do) and answer a first question.

    Example: outlay --home ./demo demo
    """
    from agent.app import open_store
    from agent.cli.ask import EXIT_CODES, answer_question, show_answer
    from agent.cli.progress import load_progress
    from agent.price_lists import keep_price_list
    from tools.demo import FIRST_QUESTION, ensure_demo

    cli = shared(context)
    day = as_of.date() if as_of else date.today()
    with load_progress(cli.err) as progress:
        world = ensure_demo(open_store(cli.settings), cli.settings.home / "demo", today=day, progress=progress)
    keep_price_list(cli.settings, world.folder / "price_list.yaml")
    if not as_json:
        cli.out.print(f"[bold]{world.headline}[/bold]\n")
        cli.out.print(f'[dim]$[/dim] outlay ask "{FIRST_QUESTION}" --sql\n')
    answer = answer_question(cli, FIRST_QUESTION, as_of=as_of)
    show_answer(cli, answer, as_json=as_json, sql=True)
    if not as_json:
        cli.out.print('[dim]Ask your own: outlay ask "spend last month by team"[/dim]')
    raise typer.Exit(EXIT_CODES[answer.status])
