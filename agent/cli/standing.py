"""`outlay standing`: changes that a person grants beforehand, up to an amount and a date."""

from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Annotated

import typer

from agent.cli.context import shared
from agent.cli.pairs import pairs, values
from tools.domain.errors import BadInput

if TYPE_CHECKING:
    from tools.operate.remediation.case import StandingState

app = typer.Typer(help="Standing approvals: what policies may do by themselves, in whose name, up to how much.")

AsJson = Annotated[bool, typer.Option("--json", help="One JSON object on stdout.")]


@app.command("grant")
def grant(
    context: typer.Context,
    action: Annotated[str, typer.Argument(help="The action, such as ec2_stop.")],
    environment: Annotated[list[str], typer.Option(help="An environment that targets are tagged with; repeat it.")],
    up_to: Annotated[str, typer.Option(metavar="AMOUNT", help="What all uses of a month may move, up or down.")],
    until: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="The day it ends, exclusive, UTC.")],
    tag: Annotated[list[str] | None, typer.Option(metavar="KEY=VALUE", help="Targets carry this; repeat it.")] = None,
    set_: Annotated[
        list[str] | None, typer.Option("--set", metavar="KEY=VALUE", help="A parameter that is fixed; repeat it.")
    ] = None,
    most_targets: Annotated[int, typer.Option(min=1, help="Of one use.")] = 5,
    currency: Annotated[str, typer.Option(help="Of the amount.")] = "USD",
    as_json: AsJson = False,
) -> None:
    """Grant an action beforehand, in your own name. Each use is logged, counted, and can be undone.

    Example: outlay standing grant ec2_stop --environment development --up-to 5000 --until 2027-01-01
    """
    from agent.app import remediations
    from agent.state.remediation.standing import Terms
    from tools.operate.remediation.doors import action_kind

    cli = shared(context)
    terms = Terms(
        action=action_kind(action).name,
        environments=tuple(environment),
        most_targets=most_targets,
        monthly_amount=_amount(up_to),
        currency=currency,
        until=until.replace(tzinfo=UTC),
        tags=pairs(tag, "--tag"),
        parameters=values(set_),
    )
    made = remediations(cli.settings).grant(terms)
    if as_json:
        print(made.model_dump_json())
        return
    end = f"outlay standing withdraw {made.id} ends it"
    cli.out.print(f"{made.id}: granted by {made.granted_by}; {end}", markup=False, highlight=False, soft_wrap=True)


@app.command("list")
def list_(context: typer.Context, as_json: AsJson = False) -> None:
    """List standing approvals, with what was used of each this month.

    Example: outlay standing list
    """
    from agent.app import remediations

    cli = shared(context)
    now = datetime.now(UTC)
    states = remediations(cli.settings).desk.standing(now)
    if as_json:
        import json

        told = [
            {
                **one.approval.model_dump(mode="json"),
                "used": str(one.used),
                "withdrawn_at": one.withdrawn_at.isoformat() if one.withdrawn_at else None,
            }
            for one in states
        ]
        print(json.dumps({"standing": told}))
        return
    if not states:
        cli.out.print("nothing is granted beforehand; outlay standing grant does")
    for one in states:
        cli.out.print(_line(one, now), markup=False, highlight=False, soft_wrap=True)


@app.command("withdraw")
def withdraw(
    context: typer.Context, standing: Annotated[str, typer.Argument(metavar="ID", help="Such as s-1.")]
) -> None:
    """End a standing approval at once; what runs by it stops before its next target.

    Example: outlay standing withdraw s-1
    """
    from agent.app import remediations

    cli = shared(context)
    remediations(cli.settings).withdraw(standing)
    cli.out.print(f"{standing} is withdrawn", highlight=False)


def _line(state: "StandingState", now: datetime) -> str:
    granted = state.approval
    over = "over" if now >= granted.until else f"until {granted.until:%Y-%m-%d}"
    stands = "withdrawn" if state.withdrawn_at else over
    used = f"{state.used:,.2f} of {granted.monthly_amount:,.2f} {granted.currency} used this month"
    where = ", ".join(granted.environments)
    return f"{granted.id}  {granted.action} in {where}  {used}  {stands}  (granted by {granted.granted_by})"


def _amount(text: str) -> Decimal:
    try:
        amount = Decimal(text)
    except InvalidOperation:
        amount = Decimal(0)
    if not amount > 0:
        raise BadInput(f"--up-to {text!r} is no amount above 0, such as 5000")
    return amount
