"""`outlay anomalies`: what is unusual, what one anomaly is made of, and what people said of it."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from agent.cli.context import CliContext, shared
from tools.domain.errors import NotPermitted

if TYPE_CHECKING:
    from pydantic import BaseModel

    from tools.registry import Tool

app = typer.Typer(help="Unusual costs: spikes, drops, shifts, drifts, new and vanished spend.")

AsJson = Annotated[bool, typer.Option("--json", help="One JSON object on stdout.")]
AsOf = Annotated[
    datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Ask as if today were this day.", show_default="today")
]


@app.callback(invoke_without_command=True)
def anomalies(
    context: typer.Context,
    as_json: AsJson = False,
    since: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="From this day on.", show_default="30 days ago")
    ] = None,
    as_of: AsOf = None,
    limit: Annotated[int, typer.Option(min=1, max=200, help="How many, most money first.")] = 10,
    everything: Annotated[bool, typer.Option("--all", help="Also those called planned or no anomaly.")] = False,
) -> None:
    """List what is unusual in the daily costs, each incident once, most money first.

    Example: outlay anomalies --since 2026-10-01
    """
    if context.invoked_subcommand is not None:
        return
    from tools.domain.errors import BadInput
    from tools.domain.period import Period
    from tools.inform.anomalies.find import AnomaliesRequest, find_anomalies

    day = as_of.date() if as_of else date.today()
    if since is not None and since.date() >= day:
        raise BadInput(f"--since {since:%Y-%m-%d} is not before {day}; name an earlier day")
    period = Period(start=since.date(), end=day) if since else None
    request = AnomaliesRequest(period=period, limit=limit, show_all=everything)
    _answer(shared(context), find_anomalies, request, day, "outlay anomalies", as_json)


@app.command("explain")
def explain(
    context: typer.Context,
    anomaly: Annotated[str, typer.Argument(metavar="ID", help="Its id, such as A-1b2c3d4.")],
    as_json: AsJson = False,
    as_of: AsOf = None,
) -> None:
    """Show what one anomaly is made of, by every dimension.

    Example: outlay anomalies explain A-1b2c3d4
    """
    from tools.inform.anomalies.explain import ExplainAnomalyRequest, explain_anomaly

    day = as_of.date() if as_of else date.today()
    request = ExplainAnomalyRequest(anomaly=anomaly)
    _answer(shared(context), explain_anomaly, request, day, f"explain anomaly {anomaly}", as_json)


@app.command("feedback")
def feedback(
    context: typer.Context,
    anomaly: Annotated[str, typer.Argument(metavar="ID", help="Its id, such as A-1b2c3d4.")],
    verdict: Annotated[str, typer.Argument(metavar="VERDICT", help="yes, no or planned.")],
    as_json: AsJson = False,
    as_of: AsOf = None,
) -> None:
    """Say whether an anomaly is one: `no` and `planned` are left out from then on.

    Example: outlay anomalies feedback A-1b2c3d4 planned
    """
    from agent.app import give_anomaly_feedback

    cli = shared(context)
    give_anomaly_feedback(cli.settings, anomaly, verdict, as_of.date() if as_of else date.today())
    if as_json:
        import json

        print(json.dumps({"anomaly": anomaly, "feedback": verdict}))
    else:
        cli.out.print(f"{anomaly}: {verdict}. outlay anomalies --all shows every anomaly with its feedback.")


def _answer(cli: CliContext, tool: "Tool", request: "BaseModel", day: date, asked: str, as_json: bool) -> None:
    from agent.app import answer_tool
    from agent.cli.ask import EXIT_CODES, refusal, show_answer

    try:
        answer = answer_tool(cli.settings, asked, tool, request, day)
    except NotPermitted as fault:
        answer = refusal(asked, day, fault)
    show_answer(cli, answer, as_json=as_json, sql=False)
    raise typer.Exit(EXIT_CODES[answer.status])
