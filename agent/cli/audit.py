"""`outlay audit`: what was proposed, decided and done, in a trail that can't be changed unseen."""

from typing import Annotated

import typer

from agent.cli.context import shared

app = typer.Typer(help="The audit trail of changes: append-only, each event chained to the one before.")

AsJson = Annotated[bool, typer.Option("--json", help="One JSON object on stdout.")]


@app.command("show")
def show(
    context: typer.Context,
    subject: Annotated[
        str | None, typer.Argument(metavar="ID", help="A proposal or a standing approval; none: everything.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Print the trail, the oldest event first.

    Example: outlay audit show p-12
    """
    from agent.app import remediations
    from agent.cli.trail_text import event_line

    cli = shared(context)
    events = remediations(cli.settings).trail(subject)
    if as_json:
        import json

        print(json.dumps({"events": [one.model_dump(mode="json") for one in events]}))
        return
    if not events:
        cli.out.print(f"nothing is known of {subject}" if subject else "nothing was proposed yet", markup=False)
    for one in events:
        cli.out.print(event_line(one), markup=False, highlight=False, soft_wrap=True)


@app.command("verify")
def verify(context: typer.Context, as_json: AsJson = False) -> None:
    """Check the chain, the seals, and that everything else says what the trail says. Exit code 1 when not.

    Example: outlay audit verify
    """
    from agent.app import remediations

    cli = shared(context)
    report = remediations(cli.settings).desk.verify()
    if as_json:
        import json
        from dataclasses import asdict

        print(json.dumps({"holds": report.holds, **asdict(report)}))
    else:
        cli.out.print(f"{report.events} events: {'the trail holds' if report.holds else 'the trail does not hold'}")
        faults = {
            "broken": (report.first_break,) if report.first_break else (),
            "bad seal": report.bad_seals,
            "not in the trail": report.unknown,
            "missing": report.missing,
            "changed": report.different,
        }
        for what, which in faults.items():
            for one in which:
                cli.out.print(f"  {what}: {one}", markup=False, highlight=False, soft_wrap=True)
    if not report.holds:
        raise typer.Exit(1)
