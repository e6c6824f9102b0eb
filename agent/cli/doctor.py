"""`outlay doctor`: is everything in order, and if not, what to do."""

from typing import Annotated

import typer

from agent.cli.context import shared

MARKS = {
    "ok": "[green]ok[/green]     ",
    "warning": "[yellow]look[/yellow]   ",
    "fault": "[red]fault[/red]  ",
    "off": "[dim]off[/dim]    ",
}


def doctor(
    context: typer.Context,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object on stdout.")] = False,
) -> None:
    """Check settings, store, state, prices, knowledge, model, Slack, GPU and clock; say what to do about each fault.

    Exit code 1 when there is a fault.

    Example: outlay doctor
    """
    from agent.doctor import examine

    cli = shared(context)
    checks = examine(cli.home)
    if as_json:
        import json

        print(json.dumps({"checks": [check.model_dump() for check in checks]}))
    else:
        from rich.markup import escape

        for check in checks:
            cli.out.print(f"{MARKS[check.status]} {check.name:<10} {escape(check.finding)}")
            if check.remedy:
                cli.out.print(f"{'':19}[dim]→ {escape(check.remedy)}[/dim]")
    raise typer.Exit(1 if any(check.status == "fault" for check in checks) else 0)
