"""`outlay forecast`: what a metric will come to, for scripts and for people who know what they want."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from agent.cli.context import CliContext, shared
from tools.domain.errors import BadInput

if TYPE_CHECKING:
    from tools.domain.answer import Answer

MONTHS = 3


def forecast(
    context: typer.Context,
    metric: Annotated[str, typer.Option(help="What to foresee, as `outlay ask` calls it.")] = "EffectiveCost",
    by: Annotated[list[str] | None, typer.Option(help="A breakdown, such as x_Team; twice at most.")] = None,
    months: Annotated[
        int, typer.Option(help="Full months after the running one; 0 for its own end.", min=0, max=18)
    ] = MONTHS,
    where: Annotated[
        list[str] | None, typer.Option(metavar="DIMENSION=VALUE", help="Only these charges; may be given again.")
    ] = None,
    granularity: Annotated[str | None, typer.Option(help="day, week, month or quarter.", show_default="month")] = None,
    change: Annotated[
        list[str] | None,
        typer.Option(
            metavar="DATE:PER_DAY:NAME", help="A launch or an ending commitment: what it adds a day from DATE on."
        ),
    ] = None,
    as_of: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="As if today were this day.", show_default="today")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object on stdout.")] = False,
) -> None:
    """Foresee a metric, with its interval, its back-tested error and the seasonal-naive baseline.

    Example: outlay forecast --by x_Team --months 3
    """
    from agent.cli.ask import EXIT_CODES, show_answer

    cli = shared(context)
    day = as_of.date() if as_of else date.today()
    arguments: dict[str, Any] = {
        "metric": metric,
        "period": _period(day, months),
        "granularity": granularity,
        "group_by": by or [],
        "filters": [_filter(one) for one in where or []],
        "changes": [_change(one) for one in change or []],
    }
    answer = _answer(cli, arguments, day)
    show_answer(cli, answer, as_json=as_json, sql=False)
    raise typer.Exit(EXIT_CODES[answer.status])


def _answer(cli: CliContext, arguments: dict[str, Any], day: date) -> "Answer":
    from agent.app import answer_tool
    from tools.inform.forecast.tool import forecast_costs

    request = forecast_costs.request.model_validate(arguments)
    return answer_tool(cli.settings, "outlay forecast", forecast_costs, request, day)


def _period(day: date, months: int) -> dict[str, str] | None:
    """The months asked for; None for the running month."""
    if not months:
        return None
    from tools.domain.period import shift_months

    first = day.replace(day=1)
    return {"start": shift_months(first, 1).isoformat(), "end": shift_months(first, months + 1).isoformat()}


def _filter(text: str) -> dict[str, Any]:
    dimension, equals, value = text.partition("=")
    if not (dimension and equals and value):
        raise BadInput(f"--where {text!r} is not DIMENSION=VALUE, such as HostProviderName=AWS")
    return {"dimension": dimension, "values": [value]}


def _change(text: str) -> dict[str, Any]:
    start, _, rest = text.partition(":")
    per_day, _, name = rest.partition(":")
    if not (start and per_day and name):
        raise BadInput(f"--change {text!r} is not DATE:PER_DAY:NAME, such as 2026-12-15:400:launch")
    return {"name": name, "start": start, "per_day": per_day}
