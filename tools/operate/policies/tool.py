"""policy_violations: what violates the company's own rules today."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from pydantic import BaseModel, ConfigDict, Field

from tools.domain.errors import BadRequest, NoData, UnknownName
from tools.domain.result import Cell, Column, Evidence, ToolResult
from tools.inform.listing import amount, name
from tools.inform.unread import unread, without_data
from tools.operate.policies.evaluate import Judged, judge
from tools.operate.policies.policy_file import PolicyFile, load_policies
from tools.operate.policies.resources import RESOURCES
from tools.operate.policies.violation import Violation
from tools.registry import ToolContext, tool

TOOL = "policy_violations"


class PolicyRequest(BaseModel):
    """Which rules, and of whom."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    rule: str | None = Field(default=None, description="only this rule of policies.yaml, such as gpu-quota")
    owner: str | None = Field(default=None, description="only what this team owns")
    quotas: bool = Field(default=False, description="only rules with a limit on money, GPU-hours, tokens or requests")
    on: date | None = Field(default=None, description="as it stood on this day; none: today")
    limit: int = Field(default=50, ge=1, le=500, description="how many violations, the most severe first")
    policies: str | None = Field(default=None, description="leave it out: the fingerprint of policies.yaml as judged")


@tool(PolicyRequest)
def policy_violations(ctx: ToolContext, request: PolicyRequest) -> ToolResult:
    """What violates the company's policies (policies.yaml): quotas, forbidden cards, untagged spend, idle time, models.

    Use it for "which policies are violated?", "who is over quota?", "any policy violations?". A row says what is over
    which limit of which rule, whose it is, how severe that is and what the rule asks for. Each rule has its own period.
    Rules that can't be judged for lack of data are named in the caveats: they are neither kept nor violated. For
    budgets by themselves use budget_status; for what to save find_savings. It changes nothing.
    """
    if request.on is not None:
        ctx = replace(ctx, as_of=min(request.on, ctx.as_of))
    resolved = request.model_copy(update={"on": ctx.as_of, "policies": fingerprint(ctx)})
    if request.policies not in (None, resolved.policies):
        raise BadRequest("policies.yaml has changed since: these rules can't be judged again")
    try:
        policies = _chosen(ctx, request)
        judged = judge(ctx, policies)
    except NoData as nothing:
        return without_data(TOOL, nothing, unread(ctx, resolved))
    found = [one for one in judged.violations if request.owner in (None, one.owner)]
    return ToolResult(
        tool=TOOL,
        columns=_columns(found),
        rows=tuple(_row(one) for one in found[: request.limit]),
        evidence=_evidence(ctx, resolved, policies, judged, len(found)),
    )


def fingerprint(ctx: ToolContext) -> str | None:
    """The same for files that hold the same bytes; None without a file."""
    if ctx.policies is None or not ctx.policies.exists():
        return None
    return hashlib.sha256(ctx.policies.read_bytes()).hexdigest()[:16]


def _chosen(ctx: ToolContext, request: PolicyRequest) -> PolicyFile:
    """Raises NoData without rules or charges, UnknownName for a rule that there is not."""
    policies = load_policies(ctx.policies) if ctx.policies else PolicyFile()
    if not policies.rules:
        raise NoData("no rules are written: outlay policies example prints a policies.yaml to begin with", "not_loaded")
    if ctx.store.loaded_through is None and ctx.store.gpu_span is None:
        raise NoData("nothing is loaded yet, so no rule can be judged", "not_loaded")
    names = [one.name for one in policies.rules]
    if request.rule is not None and request.rule not in names:
        raise UnknownName("rule", request.rule, names)
    rules = [one for one in policies.rules if request.rule in (None, one.name)]
    if request.quotas:
        rules = [one for one in rules if one.limit is not None and one.resource in _WITH_QUOTAS]
    return policies.model_copy(update={"rules": tuple(rules)})


_WITH_QUOTAS = ("gpu_machine", "llm_usage", "charge", "budget")


def _columns(found: Sequence[Violation]) -> tuple[Column, ...]:
    """What is over which limit, then what is to be done. One unit for all rows is the columns' own."""
    units = {one.unit for one in found}
    unit = units.pop() if len(units) == 1 else None
    return (
        name("Rule", "rule", "violations"), name("Target", "target", "targets"), name("Limited", "what is limited"),
        amount("Observed", "observed", unit), amount("Limit", "allowed", unit),
        *(Column(name=key, kind="detail", label=label) for key, label in _DETAILS.items()),
    )  # fmt: skip


_DETAILS = {
    "Owner": "owner", "Severity": "severity", "Action": "action", "Period": "period", "Message": "message",
    "Seen": "seen", "Unit": "unit", "Currency": "currency", "Resource": "resource", "Column": "column",
}  # fmt: skip


def _row(one: Violation) -> tuple[Cell, ...]:
    limited = f"{one.label} in {one.currency}" if one.currency else one.label
    return (
        one.rule, one.target, limited, one.observed, one.limit, one.owner, one.severity, one.action.told,
        f"{one.period.start} to {one.period.last_day}", one.message, "; ".join(one.facts) or None, one.unit,
        one.currency, one.resource, one.column,
    )  # fmt: skip


def _evidence(ctx: ToolContext, request: PolicyRequest, policies: PolicyFile, judged: Judged, count: int) -> Evidence:
    read = [one for reading in judged.readings.values() for one in reading.evidence if one.sql]
    return Evidence(
        sql=";\n\n".join(one.sql for one in read),
        parameters=tuple(value for one in read for value in one.parameters),
        arguments=request.model_dump(mode="json"),
        generation=ctx.store.generation,
        row_count=count,
        loaded_through=ctx.store.loaded_through,
        sources=ctx.store.sources,
        caveats=_caveats(ctx, policies, judged),
    )


def _caveats(ctx: ToolContext, policies: PolicyFile, judged: Judged) -> tuple[str, ...]:
    judged_rules = [one for one in policies.rules if RESOURCES[one.resource].read is not None]
    caveats = [f"{len(judged.held)} of {len(judged_rules)} rules kept; each goes by its own period"]
    if not ctx.store.scope.is_whole:
        caveats.append("judged over what you may see: for the company as a whole a rule may stand otherwise")
    plans = len(policies.rules) - len(judged_rules)
    if plans:
        caveats.append(f"{plans} of {len(policies.rules)} rules about plans, which outlay check judges")
    caveats += [f"could not judge {rule}: {lack}" for rule, lack in judged.unjudged.items()]
    notes = ((rule, note) for rule, reading in judged.readings.items() for note in reading.notes)
    return tuple(dict.fromkeys([*caveats, *(f"{rule}: {note}" for rule, note in notes)]))
