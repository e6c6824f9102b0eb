"""propose_remediation: plans against the real systems, kept for a person's approval. It changes nothing."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, JsonValue, StringConstraints

from tools.domain.errors import BadRequest, NoData, NotPermitted, UnknownName
from tools.domain.recommendation import Recommendation
from tools.domain.remediation import Change, Proposal, State, TargetRef, Wish
from tools.domain.result import Cell, Column, Evidence, ToolResult
from tools.inform.listing import amount, name
from tools.inform.unread import unread, without_data
from tools.operate.remediation.target_cost import recent_cost
from tools.operate.remediation.wishes import deed_of, wishes
from tools.optimize.levers import LEVERS
from tools.optimize.search import savings
from tools.registry import ProposalDesk, ToolContext, tool

TOOL = "propose_remediation"
MOST_TARGETS = 50
Name = Annotated[str, StringConstraints(min_length=1, max_length=500, pattern=r"^[^\x00-\x1f\x7f]+$")]


class ProposeRequest(BaseModel):
    """What to propose: what recommendations advise, or an action on named targets."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    recommendation: str | None = Field(
        default=None, pattern=r"^r-[0-9a-f]{1,64}$", description="one recommendation's id, r-…"
    )
    lever: str | None = Field(default=None, description="all recommendations of a lever, such as idle_gpu")
    owner: str | None = Field(default=None, description="only this team's recommendations")
    environment: str | None = Field(default=None, description="only targets tagged with this environment")
    action: str | None = Field(default=None, description="an action by name, such as ec2_stop, for `targets`")
    targets: tuple[Name, ...] = Field(default=(), max_length=MOST_TARGETS, description="ids in the target's own system")
    place: Mapping[Name, Name] = Field(
        default_factory=dict, description="where the targets are: {region: us-west-2}, {cluster: …, namespace: …}"
    )
    parameters: Mapping[str, JsonValue] = Field(default_factory=dict, description="the action's own, {replicas: 2}")
    notice_hours: int = Field(default=0, ge=0, le=720, description="announce it, and act only after these hours")


@tool(ProposeRequest)
def propose_remediation(ctx: ToolContext, request: ProposeRequest) -> ToolResult:
    """Propose a change for a person to approve: stop idle machines, resize one, scale a deployment, set a budget.

    Use it when somebody wants something done: "stop the idle ones in staging", "fix it", "resize i-0abc". It reads the
    targets and keeps a plan; nothing is changed, and no call can approve it. Name either recommendations (one id, or a
    lever with owner and environment) or an action with targets and their place. What can be saved without doing
    anything yet is find_savings.

    The result has a row for each target: what it is now, what it would be, and what that saves a month.
    """
    desk = ctx.remediations
    if desk is None:
        raise NotPermitted("nothing can be proposed from here")
    try:
        evidence, wanted = _wanted(ctx, request)
    except NoData as nothing:
        return without_data(TOOL, nothing, unread(ctx, request))
    return _result(_kept(desk, wanted, request), evidence)


def _wanted(ctx: ToolContext, request: ProposeRequest) -> tuple[Evidence, Sequence[Wish]]:
    if (request.action is None) == (request.recommendation is None and request.lever is None):
        raise BadRequest("name either a recommendation or lever, or an action with its targets")
    return _named(ctx, request) if request.action is not None else _advised(ctx, request)


def _named(ctx: ToolContext, request: ProposeRequest) -> tuple[Evidence, Sequence[Wish]]:
    """An action on targets that somebody named."""
    if not request.targets or request.action is None:
        raise BadRequest(f"{request.action} needs targets: ids in their own system, with their place")
    cost = recent_cost(ctx, request.action, [TargetRef(id=one, place=request.place) for one in request.targets])
    wish = Wish(
        action=request.action,
        targets=tuple(TargetRef(id=one, place=request.place) for one in request.targets),
        proposed_by="",
        currency=cost.currency,
        parameters=request.parameters,
        savings=cost.estimates,
        environments=_environments(request),
        notice=_notice(request),
    )
    evidence = unread(ctx, request).model_copy(update={"sql": cost.sql, "parameters": cost.parameters})
    return evidence, (wish,)


def _advised(ctx: ToolContext, request: ProposeRequest) -> tuple[Evidence, Sequence[Wish]]:
    """What recommendations advise. Raises NoData when there are none, or no action does what they say."""
    known = sorted(one.name for one in LEVERS)
    if request.lever is not None and request.lever not in known:
        raise UnknownName("lever", request.lever, known)
    found = savings(ctx, lever=request.lever)
    chosen = [one for one in found.everything if one.status == "open" and _is_meant(one, request)]
    if request.recommendation is not None and not chosen:
        raise UnknownName("recommendation", request.recommendation, [one.id for one in found.everything])
    deeds = [deed for one in chosen if (deed := deed_of(one)) is not None]
    if not deeds:
        raise NoData(_why_none(chosen, request), "absent")
    made = wishes(deeds, "", _environments(request))
    evidence = unread(ctx, request, found.ledger.period).model_copy(
        update={"sql": found.ledger.sql, "parameters": found.ledger.parameters}
    )
    return evidence, made


def _is_meant(one: Recommendation, request: ProposeRequest) -> bool:
    by_id = request.recommendation is None or one.id == request.recommendation
    return by_id and (request.owner is None or (one.owner or "").casefold() == request.owner.casefold())


def _why_none(chosen: Sequence[Recommendation], request: ProposeRequest) -> str:
    if not chosen:
        return f"no open recommendation of {request.lever or request.recommendation} was found for that"
    told = "; ".join(one.description for one in chosen[:3])
    return f"no action does this by itself, so it takes a ticket (action jira_ticket, github_issue or webhook): {told}"


def _environments(request: ProposeRequest) -> tuple[str, ...]:
    return (request.environment,) if request.environment else ()


def _notice(request: ProposeRequest) -> timedelta | None:
    return timedelta(hours=request.notice_hours) if request.notice_hours else None


def _kept(desk: ProposalDesk, wanted: Sequence[Wish], request: ProposeRequest) -> list[Proposal]:
    """Each wish as a proposal. What can't be planned leaves the others; raises its reason when none can."""
    kept: list[Proposal] = []
    faults: list[BadRequest] = []
    for wish in wanted:
        try:
            kept.append(desk.propose(wish))
        except BadRequest as fault:
            faults.append(fault)
    if not kept:
        raise faults[0]
    return kept


COLUMNS = (
    name("Proposal", "proposal", "proposals"),
    name("Target", "target", "targets"),
    Column(name="Action", kind="detail", label="action"),
    Column(name="Environment", kind="detail", label="environment"),
    Column(name="Before", kind="detail", label="is"),
    Column(name="After", kind="detail", label="would be"),
)


def _result(kept: Sequence[Proposal], evidence: Evidence) -> ToolResult:
    currency = kept[0].plan.currency
    rows = [row for one in kept for row in _rows(one)]
    columns = (
        *COLUMNS,
        amount("MonthlySaving", "saving a month", currency),
        amount("LowSaving", "low", currency),
        amount("HighSaving", "high", currency),
    )
    known = [one.plan.saving for one in kept if one.plan.saving.is_known]
    total = sum((one.amount for one in known), start=known[0].amount * 0) if len(known) == len(kept) else None
    ids = " ".join(one.id for one in kept)
    told = (
        f"nothing is changed yet: a person approves with outlay proposals approve {ids}",
        *(f"{one.id} is undone so: {one.plan.rollback}" for one in kept),
        *(f"left out: {key}: {why}" for one in kept for key, why in one.plan.left_out.items()),
    )
    return ToolResult(
        tool=TOOL,
        columns=columns,
        rows=tuple(rows),
        totals={"MonthlySaving": total},
        evidence=evidence.model_copy(update={"row_count": len(rows), "caveats": told}),
    )


def _rows(proposal: Proposal) -> Iterator[tuple[Cell, ...]]:
    for change in proposal.plan.changes:
        saving = change.saving
        figures = (saving.amount, saving.low, saving.high) if saving.is_known else (None, None, None)
        yield (
            proposal.id,
            (change.seen.name and f"{change.target.id} ({change.seen.name})") or change.target.id,
            proposal.plan.action,
            change.seen.environment,
            *_difference(change),
            *figures,
        )


def _difference(change: Change) -> tuple[str, str]:
    return state_text(change.before, change.after), state_text(change.after, change.before)


def state_text(state: State, beside: State) -> str:
    """What of a state is different from another: `State stopped`."""
    names = sorted(key for key in state if state[key] != beside.get(key))
    return ", ".join(f"{key} {_value(state[key])}" for key in names) or "-"


def _value(value: JsonValue) -> str:
    import json

    return value if isinstance(value, str) else json.dumps(value, sort_keys=True)
