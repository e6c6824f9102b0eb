"""`outlay savings`: what can be saved, and what was decided on it."""

from datetime import date, datetime
from typing import Annotated

import typer

from agent.cli.context import shared
from tools.domain.errors import NotPermitted

app = typer.Typer(help="What can be saved: every lever over all data, no dollar counted twice.")

AsJson = Annotated[bool, typer.Option("--json", help="One JSON object on stdout.")]
AsOf = Annotated[
    datetime | None, typer.Option(formats=["%Y-%m-%d"], help="As if today were this day.", show_default="today")
]


@app.callback(invoke_without_command=True)
def savings(
    context: typer.Context,
    lever: Annotated[str | None, typer.Option(help="Only this lever, such as batch.")] = None,
    owner: Annotated[str | None, typer.Option(help="Only what this team owns.")] = None,
    provider: Annotated[str | None, typer.Option(help="Only what this provider bills.")] = None,
    by: Annotated[str | None, typer.Option(help="Sums by owner or by lever.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=500, help="How many, the best first.")] = 10,
    focus: Annotated[bool, typer.Option("--focus", help="Rows as the FOCUS 1.5 draft has them.")] = False,
    everything: Annotated[bool, typer.Option("--all", help="Also alternatives, and those decided on.")] = False,
    as_of: AsOf = None,
    as_json: AsJson = False,
) -> None:
    """List what can be saved a month, ranked by saving × confidence ÷ effort.

    Example: outlay savings --by owner
    """
    if context.invoked_subcommand is not None:
        return
    from agent.app import answer_tool
    from agent.cli.ask import EXIT_CODES, refusal, show_answer
    from tools.optimize.find_savings import find_savings
    from tools.optimize.request import SavingsRequest

    cli, day = shared(context), _day(as_of)
    request = SavingsRequest(
        lever=lever, owner=owner, provider=provider, by=by, limit=limit, focus=focus, show_all=everything
    )
    try:
        answer = answer_tool(cli.settings, "outlay savings", find_savings, request, day)
    except NotPermitted as fault:
        answer = refusal("outlay savings", day, fault)
    show_answer(cli, answer, as_json=as_json, sql=False)
    raise typer.Exit(EXIT_CODES[answer.status])


@app.command("decide")
def decide(
    context: typer.Context,
    recommendation: Annotated[str, typer.Argument(metavar="ID", help="Its id, such as r-0123456789.")],
    status: Annotated[str, typer.Argument(metavar="DECISION", help="accepted, dismissed, done, or open again.")],
    reason: Annotated[str, typer.Option(help="Why; a dismissal needs one.")] = "",
    as_of: AsOf = None,
    as_json: AsJson = False,
) -> None:
    """Keep what was decided on a recommendation; it is left out of the list from then on.

    Example: outlay savings decide r-0123456789 dismissed --reason "the endpoint has to stay up"
    """
    from agent.app import decide_recommendation

    cli = shared(context)
    made = decide_recommendation(cli.settings, recommendation, status, reason, _day(as_of))
    if as_json:
        import json

        print(json.dumps({"recommendation": made.recommendation, "status": made.status, "reason": made.reason}))
    else:
        cli.out.print(f"{made.recommendation}: {made.status}. outlay savings decisions lists what was decided.")


@app.command("decisions")
def decisions(context: typer.Context, as_of: AsOf = None, as_json: AsJson = False) -> None:
    """List what was decided, and whether today's data still show it.

    Example: outlay savings decisions
    """
    from agent.app import recommendations_checked

    cli = shared(context)
    checked = recommendations_checked(cli.settings, _day(as_of))
    if as_json:
        import json

        print(json.dumps({"decisions": [one.as_json() for one in checked]}))
        return
    if not checked:
        cli.out.print("nothing was decided yet; outlay savings lists what can be saved")
    for one in checked:
        cli.out.print(one.told(), markup=False, highlight=False)


def _day(as_of: datetime | None) -> date:
    return as_of.date() if as_of else date.today()
