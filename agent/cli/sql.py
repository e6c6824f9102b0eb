"""`outlay sql`: ad hoc SQL by a person, on the guarded path that a model's takes."""

from datetime import date
from typing import Annotated

import typer

from agent.cli.ask import EXIT_CODES, refusal, show_answer
from agent.cli.context import shared
from tools.domain.errors import NotPermitted


def sql(
    context: typer.Context,
    statement: Annotated[str, typer.Argument(metavar="SELECT", help="One SELECT over the table daily, in quotes.")],
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object on stdout.")] = False,
) -> None:
    """Run one SELECT over the daily rollup of what you may see, locked and limited, for what `ask` can't say.

    The table daily has ChargeDay, the FOCUS and x_ dimensions, the costs and quantities, and x_CountsForCost.

    Example: outlay sql "SELECT x_Team, SUM(EffectiveCost) AS spend FROM daily WHERE x_CountsForCost GROUP BY 1"
    """
    from agent.app import answer_sql

    cli = shared(context)
    try:
        answer = answer_sql(cli.settings, statement, date.today())
    except NotPermitted as fault:
        answer = refusal(statement, date.today(), fault)
    show_answer(cli, answer, as_json=as_json, sql=False)
    raise typer.Exit(EXIT_CODES[answer.status])
