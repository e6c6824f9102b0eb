"""Policies carried out: what violates a rule that proposes an action is proposed, and done where a person granted that
beforehand. Everything else waits for a person."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from agent.remediations import Remediations
from tools.domain.errors import BadRequest
from tools.domain.remediation import ProposalView, Wish
from tools.operate.policies.evaluate import judge
from tools.operate.policies.policy_file import PolicyFile
from tools.operate.policies.violation import Violation
from tools.operate.remediation.wishes import deed_of, wishes
from tools.optimize.search import savings
from tools.registry import ToolContext


@dataclass(frozen=True)
class CarriedOut:
    """What one evaluation of the rules came to."""

    violations: tuple[Violation, ...]
    proposals: tuple[ProposalView, ...]
    """As they stand now: applied where a standing approval covers them, waiting for a person where not."""
    left: tuple[str, ...]
    """Violations whose action could not be proposed, each with the reason."""


def carry_out(ctx: ToolContext, policies: PolicyFile, desk: Remediations) -> CarriedOut:
    """Judge every rule, and propose what the violated ones ask for. Raises NoData, NotPermitted."""
    violations = judge(ctx, policies).violations
    proposing = [one for one in violations if one.action.propose is not None]
    proposals: list[ProposalView] = []
    left: list[str] = []
    for wish in _wishes(ctx, proposing, left) if proposing else ():
        try:
            proposal = desk.propose(wish)
        except BadRequest as fault:
            left.append(str(fault))
            continue
        proposals.append(desk.apply_if_granted(proposal.id))
    return CarriedOut(tuple(violations), tuple(proposals), tuple(left))


def _wishes(ctx: ToolContext, violations: Sequence[Violation], left: list[str]) -> tuple[Wish, ...]:
    """A machine is acted on only when a lever advises it too: by joint evidence, and with what it would save."""
    deeds = [deed for one in savings(ctx, lever="idle_gpu").everything if (deed := deed_of(one)) is not None]
    wanted = {(one.target, one.action.propose): one for one in violations}
    chosen = [one for one in deeds if (one.recommendation.resource_id, one.action) in wanted]
    done = {(one.recommendation.resource_id, one.action) for one in chosen}
    left.extend(_unmet(key, wanted[key]) for key in wanted if key not in done)
    return wishes(chosen, "")


def _unmet(key: tuple[str, str | None], violation: Violation) -> str:
    return f"{violation.rule}: no lever finds that {key[1]} would help {key[0]}, so it stays a finding"


def told(done: CarriedOut) -> Iterator[str]:
    """A line a proposal, a line for what is left; plain text."""
    yield f"{len(done.violations)} violations"
    for view in done.proposals:
        targets = ", ".join(one.target.id for one in view.proposal.plan.changes)
        yield f"{view.proposal.id}  {view.proposal.plan.action} {targets}: {view.standing}"
    yield from done.left
