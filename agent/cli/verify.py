"""`outlay verify`: run the queries behind a stored answer again."""

from typing import Annotated

import typer

from agent.cli.context import shared


def verify(
    context: typer.Context,
    answer_id: Annotated[str, typer.Argument(metavar="ANSWER_ID", help="An answer's id, such as a-1b2c3d.")],
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object on stdout.")] = False,
) -> None:
    """Run every query behind a stored answer again, on the data it saw, and compare the figures.

    Then the same on today's data, to show what has changed since. Exit code 0: every figure holds; 1: one does not.

    Example: outlay verify a-1b2c3d
    """
    from agent.app import verify_answer
    from agent.cli.terminal import print_verification

    cli = shared(context)
    report = verify_answer(cli.settings, answer_id)
    if as_json:
        print(report.model_dump_json())
    else:
        print_verification(cli.out, report)
    raise typer.Exit(0 if report.holds else 1)
