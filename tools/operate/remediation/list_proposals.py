"""list_proposals: what waits for whom, who approved what, what was done and what was undone."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from tools.domain.errors import NotPermitted
from tools.domain.remediation import ProposalView
from tools.domain.result import Cell, Column, ToolResult
from tools.inform.listing import Listing, amount, listed, name
from tools.registry import ToolContext, tool

TOOL = "list_proposals"
Which = Literal["open", "all"]


class ListProposalsRequest(BaseModel):
    """Which proposals."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    proposal: str | None = Field(default=None, pattern=r"^p-[1-9][0-9]{0,8}$", description="one of them, p-12")
    which: Which = Field(default="open", description="open: those that wait for approval or to be applied")


@tool(ListProposalsRequest)
def list_proposals(ctx: ToolContext, request: ListProposalsRequest) -> ToolResult:
    """Proposed changes and where they stand: what waits for approval, who approved or rejected, what was applied.

    Use it for "what is waiting for me", "who approved p-3", "what was changed this month", "was it rolled back".
    It approves nothing and changes nothing. To propose something is propose_remediation.
    """
    if ctx.remediations is None:
        raise NotPermitted("proposals can't be seen from here")
    views = [one for one in ctx.remediations.proposals() if _is_meant(one, request)]
    currencies = {one.proposal.plan.currency for one in views}
    unit = currencies.pop() if len(currencies) == 1 else None
    columns = (
        name("Proposal", "proposal", "proposals"),
        name("Status", "status"),
        Column(name="Action", kind="detail", label="action"),
        Column(name="Targets", kind="detail", label="targets"),
        Column(name="Environment", kind="detail", label="environment"),
        amount("MonthlySaving", "saving a month", unit, "limit"),
        *(Column(name=key, kind="detail", label=label) for key, label in _PEOPLE.items()),
    )
    return listed(ctx, TOOL, request, Listing(columns, [_row(one) for one in views], empty=_nothing(request)))


_PEOPLE = {
    "ProposedBy": "proposed by",
    "ApprovedBy": "approved by",
    "AppliedBy": "applied by",
    "RejectedBy": "rejected by",
    "UndoneBy": "rolled back by",
    "Expires": "expires",
    "Detail": "detail",
}


def _nothing(request: ListProposalsRequest) -> str:
    if request.proposal is not None:
        return f"there is no proposal {request.proposal}"
    return "nothing waits for approval" if request.which == "open" else "nothing was proposed yet"


def _is_meant(view: ProposalView, request: ListProposalsRequest) -> bool:
    if request.proposal is not None:
        return view.proposal.id == request.proposal
    return request.which == "all" or view.is_open


def _stands(view: ProposalView) -> str:
    """`rolled back: approved by ada, applied by ada, rolled back by ben`."""
    people = (
        ("approved by", ", ".join(view.approved_by)),
        ("rejected by", view.rejected_by),
        ("applied by", view.applied_by),
        ("rolled back by", view.undone_by),
    )
    told = ", ".join(f"{what} {who}" for what, who in people if who)
    return f"{view.standing}: {told}" if told else view.standing


def _row(view: ProposalView) -> tuple[Cell, ...]:
    plan = view.proposal.plan
    return (
        view.proposal.id,
        _stands(view),
        plan.action,
        ", ".join(one.target.id for one in plan.changes),
        ", ".join(one or "unknown" for one in plan.environments),
        plan.saving.amount if plan.saving.is_known else None,
        plan.proposed_by,
        ", ".join(view.approved_by) or None,
        view.applied_by,
        view.rejected_by,
        view.undone_by,
        f"{plan.expires_at:%Y-%m-%d %H:%M} UTC",
        view.reason or view.detail or None,
    )
