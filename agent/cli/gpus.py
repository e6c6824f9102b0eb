"""`outlay gpus`: the GPU fleet without a question."""

from datetime import date, datetime
from typing import Annotated, get_args

import typer

from agent.cli.context import shared

AsJson = Annotated[bool, typer.Option("--json", help="One JSON object on stdout.")]


def gpus(
    context: typer.Context,
    measure: Annotated[
        str, typer.Option(help="activity, utilization, memory, power or cost.", metavar="MEASURE")
    ] = "activity",
    by: Annotated[
        str | None, typer.Option(help="gpu, host, model, owner, team or fleet.", show_default="what fits the measure")
    ] = None,
    state: Annotated[
        list[str] | None, typer.Option(help="Only GPUs that are idle, zombie, waiting or working; repeat it.")
    ] = None,
    model: Annotated[str | None, typer.Option(help="Only GPUs whose model name holds this.")] = None,
    since: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="From this day on.", show_default="7 days ago")
    ] = None,
    as_of: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Ask as if today were this day.", show_default="today")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many rows.")] = 50,
    as_json: AsJson = False,
) -> None:
    """Show what GPUs do, hold, draw and cost, from the telemetry that is loaded.

    Example: outlay gpus --state idle --state zombie
    """
    from agent.app import answer_tool
    from agent.cli.ask import EXIT_CODES, refusal, show_answer
    from tools.domain.errors import BadInput, NotPermitted
    from tools.domain.period import Period
    from tools.inform.gpus.fleet import gpu_fleet
    from tools.inform.gpus.request import GpuFleetRequest, Group, Measure, State

    day = as_of.date() if as_of else date.today()
    _known("--measure", measure, get_args(Measure))
    _known("--by", by, get_args(Group))
    for one in state or ():
        _known("--state", one, get_args(State))
    if since is not None and since.date() >= day:
        raise BadInput(f"--since {since:%Y-%m-%d} is not before {day}; name an earlier day")
    period = Period(start=since.date(), end=day) if since else None
    request = GpuFleetRequest.model_validate(
        {"measure": measure, "group_by": by, "states": state or (), "model": model, "period": period, "limit": limit}
    )
    cli = shared(context)
    try:
        answer = answer_tool(cli.settings, "outlay gpus", gpu_fleet, request, day)
    except NotPermitted as fault:
        answer = refusal("outlay gpus", day, fault)
    show_answer(cli, answer, as_json=as_json, sql=False)
    raise typer.Exit(EXIT_CODES[answer.status])


def _known(option: str, value: str | None, known: tuple[str, ...]) -> None:
    from tools.domain.errors import BadInput

    if value is not None and value not in known:
        raise BadInput(f"{option} {value} is not known; use one of {', '.join(known)}")
