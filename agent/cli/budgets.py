"""`outlay budgets`: how budgets stand, without a question."""

from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Annotated

import typer

from agent.cli.ask import EXIT_CODES, refusal, show_answer
from agent.cli.context import shared
from tools.domain.errors import NotPermitted


def budgets(
    context: typer.Context,
    over: Annotated[bool, typer.Option("--over", help="Only those over budget, or heading there.")] = False,
    threshold: Annotated[
        list[str] | None,
        typer.Option(metavar="PERCENT", help="A soft threshold of your own; repeat it.", show_default="50, 80, 100"),
    ] = None,
    as_of: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="As if today were this day.", show_default="today")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object on stdout.")] = False,
) -> None:
    """Show the budgets in force: spent, projected end with interval, remaining, the day they are used up.

    Example: outlay budgets --over
    """
    from agent.app import answer_tool
    from tools.operate.budgets import BudgetRequest, budget_status

    cli, day = shared(context), as_of.date() if as_of else date.today()
    request = BudgetRequest(which="over" if over else "all")
    if threshold:
        request = request.model_copy(update={"thresholds": tuple(_fraction(one) for one in threshold)})
    try:
        answer = answer_tool(cli.settings, "outlay budgets", budget_status, request, day)
    except NotPermitted as fault:
        answer = refusal("outlay budgets", day, fault)
    show_answer(cli, answer, as_json=as_json, sql=False)
    raise typer.Exit(EXIT_CODES[answer.status])


def _fraction(percent: str) -> Decimal:
    try:
        value = Decimal(percent.rstrip("% "))
    except InvalidOperation:
        value = Decimal(-1)
    if not 0 < value <= 1000:
        raise typer.BadParameter(f"--threshold {percent!r} is no percentage; write 80")
    return value / 100
