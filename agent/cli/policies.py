"""`outlay policies`: what violates the home's own rules, and what the rules mean."""

from datetime import date, datetime
from typing import Annotated

import typer

from agent.cli.context import shared
from tools.domain.errors import NotPermitted

app = typer.Typer()

AsJson = Annotated[bool, typer.Option("--json", help="One JSON object on stdout.")]


@app.callback(invoke_without_command=True)
def policies(
    context: typer.Context,
    rule: Annotated[str | None, typer.Option(help="Only this rule.")] = None,
    team: Annotated[str | None, typer.Option(help="Only what this team owns.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=500, help="How many violations, the most severe first.")] = 50,
    as_of: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="As if today were this day.", show_default="today")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Judge every rule of policies.yaml over the loaded data, and list what violates one.

    Example: outlay policies --team search
    """
    if context.invoked_subcommand is not None:
        return
    from agent.app import answer_tool
    from agent.cli.ask import EXIT_CODES, refusal, show_answer
    from tools.operate.policies.tool import PolicyRequest, policy_violations

    cli, day = shared(context), as_of.date() if as_of else date.today()
    request = PolicyRequest(rule=rule, owner=team, limit=limit)
    try:
        answer = answer_tool(cli.settings, "outlay policies", policy_violations, request, day)
    except NotPermitted as fault:
        answer = refusal("outlay policies", day, fault)
    show_answer(cli, answer, as_json=as_json, sql=False)
    raise typer.Exit(EXIT_CODES[answer.status])


@app.command("check")
def check(
    context: typer.Context,
    path: Annotated[
        str | None, typer.Argument(metavar="FILE", help="Another file than the home's policies.yaml.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Read the file, and say in one sentence what each rule means.

    Example: outlay policies check
    """
    from pathlib import Path

    from tools.domain.errors import BadInput
    from tools.operate.policies.explain import sentence
    from tools.operate.policies.policy_file import load_policies

    cli = shared(context)
    file = Path(path) if path else cli.settings.policies_path
    if not file.exists():
        raise BadInput(f"there is no {file}; outlay policies example prints one to begin with")
    rules = load_policies(file).rules
    if as_json:
        import json

        told = [{"rule": one.name, "resource": one.resource, "means": sentence(one)} for one in rules]
        print(json.dumps({"file": str(file), "rules": told}))
        return
    for one in rules:
        cli.out.print(f"{one.name}: {sentence(one)}", markup=False, highlight=False, soft_wrap=True)
    count = f"{len(rules)} {'rule' if len(rules) == 1 else 'rules'}"
    cli.out.print(f"{count} in {file.name} can be used", markup=False, highlight=False)


@app.command("run")
def run(
    context: typer.Context,
    as_of: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="As if today were this day.", show_default="today")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Judge every rule, and propose what violated ones ask for; a standing approval lets it be done at once.

    Example: outlay policies run
    """
    from agent.app import carry_out_policies
    from agent.governance import told

    cli = shared(context)
    done = carry_out_policies(cli.settings, as_of.date() if as_of else date.today())
    if as_json:
        import json

        proposals = [{"proposal": one.proposal.id, "standing": one.standing} for one in done.proposals]
        violations = [one.model_dump(mode="json", exclude={"evidence"}) for one in done.violations]
        print(json.dumps({"violations": violations, "proposals": proposals, "left": done.left}))
        return
    for line in told(done):
        cli.out.print(line, markup=False, highlight=False, soft_wrap=True)


@app.command("example")
def example() -> None:
    """Print a policies.yaml with a rule of each kind and what can be written.

    Example: outlay policies example > ~/.outlay/policies.yaml
    """
    import knowledge

    print(knowledge.read("policies_example.yaml"), end="")
