"""`outlay chargeback`: what each payer owes for a period, on the screen or as a file."""

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from agent.cli.ask import EXIT_CODES, refusal, show_answer
from agent.cli.context import CliContext, shared
from tools.domain.errors import NotPermitted

if TYPE_CHECKING:
    from tools.domain.answer import Answer

Format = Literal["text", "csv", "parquet", "json"]


def chargeback(
    context: typer.Context,
    period: Annotated[
        str | None, typer.Option(help="The month, such as 2026-10.", show_default="the last full month")
    ] = None,
    by: Annotated[str, typer.Option(help="Who pays: x_Team, x_Project, x_UseCase, tag:KEY …")] = "x_Team",
    payer: Annotated[list[str] | None, typer.Option(help="Only this one; repeat it.", show_default=False)] = None,
    detail: Annotated[bool, typer.Option("--detail", help="A row per part, rule, provider and service.")] = False,
    form: Annotated[str, typer.Option("--format", metavar="text|csv|parquet|json", help="How it is given.")] = "text",
    out: Annotated[
        Path | None, typer.Option(help="Write it to this file; its ending says the format.", show_default=False)
    ] = None,
    replace: Annotated[bool, typer.Option("--replace", help="Replace the file if it is there.")] = False,
    as_of: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="As if today were this day.", show_default="today")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="The same as --format json.")] = False,
) -> None:
    """Showback and chargeback by team (or another payer): direct, shared and fallback cost, and what has changed.

    allocation.yaml in the home says how shared cost is split. A month that is closed is given as it was issued.

    Example: outlay chargeback --period 2026-10 --by x_Team --out chargeback-2026-10.csv
    """
    cli = shared(context)
    chosen = _format("json" if as_json else form, out)
    day = as_of.date() if as_of else date.today()
    arguments: dict[str, Any] = {"by": by, "payers": tuple(payer or ()), "detail": detail}
    if period is not None:
        from agent.cli.close import month_of
        from tools.domain.period import Period

        arguments["period"] = Period.month_of(month_of(period))
    answer = _answer(cli, arguments, day)
    if chosen in ("csv", "parquet") and answer.status == "answered":
        _write(cli, answer, chosen, out, replace=replace)
    else:
        show_answer(cli, answer, as_json=chosen == "json", sql=False)
        if chosen == "json" and out is not None:
            raise typer.BadParameter("JSON goes to stdout; write `--json > FILE`", param_hint="--out")
    raise typer.Exit(EXIT_CODES[answer.status])


def _format(form: str, out: Path | None) -> str:
    """What is asked for; a file's ending says it where no format does."""
    ending = (out.suffix.lower().removeprefix(".") if out else "") or form
    chosen = ending if form == "text" else form
    if chosen not in ("text", "csv", "parquet", "json"):
        raise typer.BadParameter(f"{chosen!r} is no format; use text, csv, parquet or json", param_hint="--format")
    if out is not None and chosen == "json":
        raise typer.BadParameter("JSON goes to stdout; write `--json > FILE`", param_hint="--out")
    if chosen == "parquet" and out is None:
        raise typer.BadParameter("Parquet needs a file: --out chargeback.parquet", param_hint="--out")
    if out is not None and chosen != out.suffix.lower().removeprefix("."):
        raise typer.BadParameter(f"{out.name!r} does not end in .{chosen}", param_hint="--out")
    return chosen


def _answer(cli: CliContext, arguments: dict[str, Any], day: date) -> "Answer":
    from agent.app import answer_tool
    from tools.inform.allocation.tool import allocate

    try:
        return answer_tool(cli.settings, "outlay chargeback", allocate, allocate.request.model_validate(arguments), day)
    except NotPermitted as fault:
        return refusal("outlay chargeback", day, fault)


def _write(cli: CliContext, answer: "Answer", form: str, out: Path | None, *, replace: bool) -> None:
    if out is None:
        from agent.export.csv_file import csv_text
        from agent.export.table import exported

        print(csv_text(exported(answer)[1]), end="")
        return
    from agent.export.write import export

    cli.err.print(f"{export(answer, out, replace=replace)}; outlay verify {answer.id}")
