"""`outlay health`: one page on how well the spend is in hand."""

from datetime import date, datetime
from typing import Annotated

import typer

from agent.cli.ask import EXIT_CODES, refusal, show_answer
from agent.cli.context import shared
from tools.domain.errors import NotPermitted


def health(
    context: typer.Context,
    as_of: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="As if today were this day.", show_default="today")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object on stdout.")] = False,
) -> None:
    """Score visibility, data quality, allocation, anomalies, waste, commitments and budgets of the last full month.

    Example: outlay health
    """
    from agent.app import answer_tool
    from tools.operate.health.tool import HealthRequest, health_check

    cli, day = shared(context), as_of.date() if as_of else date.today()
    try:
        answer = answer_tool(cli.settings, "outlay health", health_check, HealthRequest(), day)
    except NotPermitted as fault:
        answer = refusal("outlay health", day, fault)
    show_answer(cli, answer, as_json=as_json, sql=False)
    raise typer.Exit(EXIT_CODES[answer.status])
