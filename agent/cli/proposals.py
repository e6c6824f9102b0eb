"""`outlay proposals`: what is to be changed, by whom it was approved, and what came of it."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated

import typer

from agent.cli.context import CliContext, shared
from agent.cli.deciding import approved, show
from agent.cli.pairs import pairs, values

if TYPE_CHECKING:
    from agent.remediations import Remediations
    from tools.domain.remediation import ProposalView

app = typer.Typer(help="Changes that were proposed: look at them, decide on them, have them applied or undone.")

AsJson = Annotated[bool, typer.Option("--json", help="One JSON object on stdout.")]
Id = Annotated[str, typer.Argument(metavar="ID", help="Its id, such as p-12.")]
Fingerprint = Annotated[
    str | None,
    typer.Option(
        metavar="HEX", help="The start of the plan's fingerprint, as shown: the plan that you mean.", show_default=False
    ),
]


@app.command("list")
def list_(
    context: typer.Context,
    everything: Annotated[bool, typer.Option("--all", help="Also those that are over.")] = False,
    as_json: AsJson = False,
) -> None:
    """List what waits for approval, or to be applied.

    Example: outlay proposals list --all
    """
    from agent.answer.plan_text import list_lines

    cli, desk = _desk(context)
    views = [one for one in desk.proposals() if everything or one.is_open]
    if as_json:
        _print({"proposals": [desk.as_json(one) for one in views]})
        return
    if not views:
        cli.out.print("nothing waits for approval" if not everything else "nothing was proposed yet")
    for line in list_lines(views):
        cli.out.print(line, markup=False, highlight=False, soft_wrap=True)


@app.command("show")
def show_(context: typer.Context, proposal: Id, as_json: AsJson = False) -> None:
    """Show a plan whole: every target before and after, what it saves, its risk, how it is undone, who decided.

    Example: outlay proposals show p-12
    """
    cli, desk = _desk(context)
    _shown(cli, desk, desk.view(proposal), as_json)


@app.command("make")
def make(
    context: typer.Context,
    action: Annotated[str, typer.Argument(help="The action, such as ec2_stop; `outlay proposals actions` lists them.")],
    targets: Annotated[list[str], typer.Argument(metavar="TARGET…", help="Ids in the target's own system.")],
    place: Annotated[
        list[str] | None, typer.Option(metavar="KEY=VALUE", help="Where they are, such as region=us-west-2; repeat it.")
    ] = None,
    set_: Annotated[
        list[str] | None, typer.Option("--set", metavar="KEY=VALUE", help="A parameter of the action; repeat it.")
    ] = None,
    notice: Annotated[int, typer.Option(metavar="HOURS", help="Announce it, and act only after these hours.")] = 0,
    as_json: AsJson = False,
) -> None:
    """Propose an action on targets. They are read and nothing is changed.

    Example: outlay proposals make ec2_stop i-0a41cc2e8 --place region=us-west-2
    """
    from tools.operate.remediation.propose import ProposeRequest

    request = ProposeRequest(
        action=action,
        targets=tuple(targets),
        place=pairs(place, "--place"),
        parameters=values(set_),
        notice_hours=notice,
    )
    _propose(context, request, as_json)


@app.command("from")
def from_(
    context: typer.Context,
    recommendation: Annotated[str, typer.Argument(metavar="RECOMMENDATION", help="Its id in `outlay savings`, r-….")],
    notice: Annotated[int, typer.Option(metavar="HOURS", help="Announce it, and act only after these hours.")] = 0,
    as_json: AsJson = False,
) -> None:
    """Propose what a recommendation advises, where an action can do it.

    Example: outlay proposals from r-0123456789
    """
    from tools.operate.remediation.propose import ProposeRequest

    _propose(context, ProposeRequest(recommendation=recommendation, notice_hours=notice), as_json)


@app.command("actions")
def actions(context: typer.Context, as_json: AsJson = False) -> None:
    """List the actions that a plan can be made of, with the permissions that each needs.

    Example: outlay proposals actions
    """
    from tools.operate.remediation.actions import ACTIONS

    cli = shared(context)
    if as_json:
        kinds = [
            {"name": one.name, "title": one.title, "system": one.system, "reads": sorted(one.reads),
             "writes": sorted(one.writes), "undoes": sorted(one.undoes), "most_targets": one.most_targets}
            for one in ACTIONS
        ]  # fmt: skip
        _print({"actions": kinds})
        return
    for one in ACTIONS:
        cli.out.print(f"{one.name}  {one.title} ({one.system})", markup=False, highlight=False, soft_wrap=True)
        needs = ", ".join(sorted(one.writes | one.undoes))
        cli.out.print(f"  needs {needs}; {one.rollback}", markup=False, highlight=False, soft_wrap=True)


@app.command("approve")
def approve(
    context: typer.Context,
    proposal: Id,
    fingerprint: Fingerprint = None,
    reason: Annotated[str, typer.Option(help="A word on why, for the trail.")] = "",
    as_json: AsJson = False,
) -> None:
    """Approve exactly the plan that is shown, as the user you are logged in as. Nothing is applied by it yet.

    Example: outlay proposals approve p-12
    """
    cli, desk = _desk(context)
    after = approved(cli, desk, proposal, fingerprint, reason, quiet=as_json)
    if as_json:
        _print(desk.as_json(after))


@app.command("edit")
def edit(
    context: typer.Context,
    proposal: Id,
    set_: Annotated[list[str], typer.Option("--set", metavar="KEY=VALUE", help="Another parameter; repeat it.")],
    as_json: AsJson = False,
) -> None:
    """Plan the same targets anew with other parameters. It is another proposal, whose approvals begin from nothing.

    Example: outlay proposals edit p-12 --set instance_type=g6e.2xlarge
    """
    cli, desk = _desk(context)
    made = desk.edit(proposal, values(set_))
    _shown(cli, desk, desk.view(made.id), as_json)


@app.command("reject")
def reject(
    context: typer.Context,
    proposal: Id,
    reason: Annotated[str, typer.Option(help="Why; the trail keeps it.")],
    as_json: AsJson = False,
) -> None:
    """Reject a plan, or object to one that is announced; it is over then.

    Example: outlay proposals reject p-12 --reason "the endpoint is needed for the launch"
    """
    cli, desk = _desk(context)
    after = desk.decide(proposal, "reject", desk.view(proposal).proposal.plan.fingerprint, reason)
    _print(desk.as_json(after)) if as_json else cli.out.print(f"{proposal} is rejected", highlight=False)


@app.command("apply")
def apply(
    context: typer.Context,
    proposal: Id,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only read, and say what would be done.")] = False,
    as_json: AsJson = False,
) -> None:
    """Apply an approved plan, once. Every target must still be what the plan saw.

    Example: outlay proposals apply p-12
    """
    cli, desk = _desk(context)
    if dry_run:
        _rehearse(cli, desk, proposal, as_json)
        return
    _shown(cli, desk, desk.apply(proposal), as_json)


@app.command("rollback")
def rollback(context: typer.Context, proposal: Id, as_json: AsJson = False) -> None:
    """Bring what a plan changed back to what it was before.

    Example: outlay proposals rollback p-12
    """
    cli, desk = _desk(context)
    _shown(cli, desk, desk.roll_back(proposal), as_json)


@app.command("settle")
def settle(context: typer.Context, proposal: Id, as_json: AsJson = False) -> None:
    """Find out what became of a plan whose process died, or of a step whose end was not seen, by reading the targets.

    Example: outlay proposals settle p-12
    """
    cli, desk = _desk(context)
    _shown(cli, desk, desk.settle(proposal), as_json)


def _desk(context: typer.Context) -> "tuple[CliContext, Remediations]":
    from agent.app import remediations

    cli = shared(context)
    return cli, remediations(cli.settings)


def _propose(context: typer.Context, request: "object", as_json: bool) -> None:
    from datetime import date

    from agent.app import answer_tool
    from agent.cli.ask import EXIT_CODES, show_answer
    from tools.operate.remediation.propose import ProposeRequest, propose_remediation

    assert isinstance(request, ProposeRequest)
    cli = shared(context)
    answer = answer_tool(cli.settings, "outlay proposals", propose_remediation, request, date.today())
    show_answer(cli, answer, as_json=as_json, sql=False)
    raise typer.Exit(EXIT_CODES[answer.status])


def _rehearse(cli: CliContext, desk: "Remediations", proposal: str, as_json: bool) -> None:
    found = desk.dry_run(proposal)
    if as_json:
        each = [{"target": one.target.key, "calls": one.calls, "problem": one.problem} for one in found.targets]
        _print({"proposal": proposal, "clear": found.is_clear, "against": found.against, "targets": each})
        return
    for against in found.against:
        cli.out.print(against, markup=False, highlight=False, soft_wrap=True)
    for one in found.targets:
        told = one.problem or f"would call {', '.join(one.calls)}"
        cli.out.print(f"{one.target.id}: {told}", markup=False, highlight=False, soft_wrap=True)
    cli.out.print("nothing was changed: this was a dry run", highlight=False)


def _print(value: Mapping[str, object]) -> None:
    import json

    print(json.dumps(value, ensure_ascii=False))


def _shown(cli: CliContext, desk: "Remediations", view: "ProposalView", as_json: bool) -> None:
    if as_json:
        _print(desk.as_json(view))
    else:
        show(cli, view)
