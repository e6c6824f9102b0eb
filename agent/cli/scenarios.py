"""`outlay scenarios …`: what-ifs kept under a name, compared, and tracked against what happened."""

import json
from datetime import date
from typing import Annotated

import typer

from agent.cli.context import shared

app = typer.Typer(help="What-ifs that you keep, compare, and track against what happened.", no_args_is_help=True)
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object on stdout.")]


@app.command("save")
def save(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="What to call it.")],
    answer: Annotated[str, typer.Argument(help="The id of the what-if's answer, as in a-….")],
    as_json: AsJson = False,
) -> None:
    """Keep the what-if of an answer under a name.

    Example: outlay scenarios save double-traffic a-f3gxrnr6pcebm2fjxkziblan
    """
    from agent.app import save_scenario

    cli = shared(context)
    saved = save_scenario(cli.settings, name, answer, date.today())
    if as_json:
        print(json.dumps({"saved": saved.name, "question": saved.question}, ensure_ascii=False))
        return
    from rich.text import Text

    cli.out.print(Text(f"{saved.name} is kept: {saved.question}"))
    cli.out.print("[dim]Beside others, and beside what happened: outlay scenarios compare[/dim]")


@app.command("list")
def list_scenarios(context: typer.Context, as_json: AsJson = False) -> None:
    """List what was kept.

    Example: outlay scenarios list
    """
    from agent.app import saved_scenarios

    cli = shared(context)
    kept = saved_scenarios(cli.settings).all()
    if as_json:
        rows = [{"name": one.name, "saved": str(one.saved), "question": one.question} for one in kept]
        print(json.dumps({"scenarios": rows}, ensure_ascii=False))
        return
    from rich.text import Text

    for one in kept:
        cli.out.print(Text(f"{one.name}  {one.question}, kept {one.saved}"))
    if not kept:
        cli.out.print('No scenario yet. Ask one and keep it: outlay ask "what if traffic doubles"')


@app.command("compare")
def compare(
    context: typer.Context,
    names: Annotated[list[str] | None, typer.Argument(help="Which of them; none: all.", show_default=False)] = None,
    as_json: AsJson = False,
) -> None:
    """Set scenarios beside each other, and beside what happened after their base.

    Example: outlay scenarios compare double-traffic shorter-prompts
    """
    from agent.app import compare_saved
    from agent.cli.ask import EXIT_CODES, show_answer

    cli = shared(context)
    answer = compare_saved(cli.settings, names or (), date.today())
    show_answer(cli, answer, as_json=as_json, sql=False)
    raise typer.Exit(EXIT_CODES[answer.status])


@app.command("remove")
def remove(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="A name that outlay scenarios list shows.")],
    as_json: AsJson = False,
) -> None:
    """Forget a scenario.

    Example: outlay scenarios remove double-traffic
    """
    from agent.app import saved_scenarios

    cli = shared(context)
    saved_scenarios(cli.settings).remove(name)
    if as_json:
        print(json.dumps({"removed": name}))
    else:
        from rich.text import Text

        cli.out.print(Text(f"{name} is removed"))
