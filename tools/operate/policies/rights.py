"""Rights: whether a plan may be applied at all now, and whether a person may approve it.

Pure, and asked again at execution.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from tools.domain.remediation import Moment, RemediationPlan
from tools.operate.policies.approvals import ROLE, Approvals, Freeze, Grant, Protected, effect_of

_CENT = Decimal("0.01")


@dataclass(frozen=True)
class Rights:
    """The part of policies.yaml that approvals are held to."""

    approvals: Approvals = field(default_factory=Approvals)
    roles: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    protected: tuple[Protected, ...] = ()
    freezes: tuple[Freeze, ...] = ()

    def obstacles(self, plan: RemediationPlan, now: Moment) -> tuple[str, ...]:
        """What stands against the plan, whoever approves it; () when nothing does."""
        return (*self._too_many(plan), *self.protected_by(plan), *self._frozen(plan, now))

    def protected_by(self, plan: RemediationPlan) -> tuple[str, ...]:
        """The protected tags that its targets carry, as the plan saw them; () for none."""
        return tuple(
            f"{change.target.id} is protected by its tag {one.tag}={change.seen.tags[one.tag]}"
            for change in plan.changes
            for one in self.protected
            if one.covers(dict(change.seen.tags))
        )

    def objection(self, person: str, plan: RemediationPlan) -> str | None:
        """Why this person may not approve this plan; None: they may."""
        if person == plan.proposed_by and not self.approvals.proposer_may_approve:
            return f"{person} proposed it, and policies.yaml lets nobody approve what they proposed"
        mine = self._grants_of(person)
        if not mine:
            return f"policies.yaml grants {person} no approvals; a grant under approvals.grants names who may"
        if not any(one.covers(plan) for one in mine):
            where = ", ".join(one or "environment unknown" for one in plan.environments)
            return f"no grant of {person} covers {plan.action} in {where} with an effect of {_told(plan)}"
        return None

    def approvers(self, people: tuple[str, ...], plan: RemediationPlan) -> tuple[str, ...]:
        """Those of `people` who may approve the plan."""
        return tuple(one for one in people if self.objection(one, plan) is None)

    def may_grant(self, person: str, action: str, environments: tuple[str, ...], currency: str) -> bool:
        """Whether one grant of theirs names the action in all these environments: what a standing approval takes to be
        given. Each plan that it is used for is held to `objection` again."""
        return any(one.names(action, environments, currency) for one in self._grants_of(person))

    def _grants_of(self, person: str) -> list[Grant]:
        return [one for one in self.approvals.grants if self._is_among(person, one.who)]

    def _is_among(self, person: str, who: tuple[str, ...]) -> bool:
        return any(
            person in self.roles.get(one.removeprefix(ROLE), ()) if one.startswith(ROLE) else one == person
            for one in who
        )

    def _too_many(self, plan: RemediationPlan) -> tuple[str, ...]:
        most = self.approvals.most_targets
        found = len(plan.changes)
        return (f"{found} targets; policies.yaml allows {most} in one plan",) if found > most else ()

    def _frozen(self, plan: RemediationPlan, now: Moment) -> tuple[str, ...]:
        return tuple(
            f"frozen until {one.end:%Y-%m-%d %H:%M} UTC ({one.name})" for one in self.freezes if one.covers(plan, now)
        )


def _told(plan: RemediationPlan) -> str:
    effect = effect_of(plan)
    return "unknown size" if effect is None else f"{effect.quantize(_CENT)} {plan.currency} a month"
