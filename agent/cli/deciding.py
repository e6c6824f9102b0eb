"""Approving at a terminal: the plan is shown, and the person repeats how its fingerprint starts."""

import sys
from typing import TYPE_CHECKING

from agent.cli.context import CliContext
from tools.domain.errors import BadInput

if TYPE_CHECKING:
    from agent.remediations import Remediations
    from tools.domain.remediation import ProposalView

LEAST_HEX = 8
"""Hex digits of a fingerprint that a person has to repeat."""


def show(cli: CliContext, view: "ProposalView") -> None:
    """Print a proposal whole."""
    from agent.answer.plan_text import proposal_lines

    for line in proposal_lines(view):
        cli.out.print(line, markup=False, highlight=False, soft_wrap=True)


def approved(
    cli: CliContext, desk: "Remediations", proposal: str, fingerprint: str | None, reason: str, *, quiet: bool = False
) -> "ProposalView":
    """Approve the plan of which the person has named the fingerprint, or names it now; say what comes next.

    Raises:
        BadInput: it is not this plan's fingerprint, or nobody is there to ask; nothing was approved.
        NotPermitted: they may not.
    """
    view = desk.view(proposal)
    meant = _repeated(cli, view, quiet) if fingerprint is None else fingerprint
    after = desk.decide(proposal, "approve", _whole(view, meant), reason)
    if not quiet:
        rest = (
            f"{after.missing} more to approve" if after.missing else f"to apply it: outlay proposals apply {proposal}"
        )
        told = f"{proposal} is approved by {', '.join(after.approved_by)}; {rest}"
        cli.out.print(told, markup=False, highlight=False, soft_wrap=True)
    return after


def _repeated(cli: CliContext, view: "ProposalView", quiet: bool) -> str:
    """The fingerprint as the person types it, having seen the plan. Raises BadInput without a terminal."""
    from agent.answer.plan_text import fingerprint_text

    if quiet or not sys.stdin.isatty():
        proposal, start = view.proposal.id, fingerprint_text(view.proposal.plan)
        raise BadInput(
            f"without a terminal an approval names its plan: outlay proposals approve {proposal} --fingerprint {start} "
            f"(read it first: outlay proposals show {proposal})"
        )
    show(cli, view)
    cli.out.print(f"To approve this, type the first {LEAST_HEX} characters of its fingerprint: ", end="")
    return sys.stdin.readline().strip()


def _whole(view: "ProposalView", meant: str) -> str:
    """The plan's fingerprint, if it starts with what the person said. Raises BadInput."""
    own = view.proposal.plan.fingerprint
    if len(meant) < LEAST_HEX or not own.startswith(meant.casefold()):
        raise BadInput(
            f"{meant!r} is not how the fingerprint of {view.proposal.id} starts (at least {LEAST_HEX} characters); "
            f"nothing was approved. Look at it again: outlay proposals show {view.proposal.id}"
        )
    return own
