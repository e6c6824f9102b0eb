"""make_plan: read every target, foresee what an action would do to it, and rehearse it. Changes nothing."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Protocol

from tools.domain.errors import BadRequest, Unreachable
from tools.domain.remediation import UNKNOWN_SAVING, Change, Moment, RemediationPlan, Seen, TargetRef, Wish
from tools.operate.remediation.action import (
    Action,
    CallRefused,
    NotApplicable,
    Parameters,
    mark_of,
    typed_parameters,
)
from tools.operate.remediation.obstacles import difference


class Doors(Protocol):
    """Opens actions: knows the systems that a home is connected to."""

    def open(self, action: str, permissions: frozenset[str]) -> Action:
        """The action over an access that lets these permissions through and no others.

        Raises:
            UnknownName: there is no such action.
            BadSetting: its system is not connected; says which setting would.
        """
        ...

    def kind(self, action: str) -> type[Action]:
        """Raises UnknownName."""
        ...


@dataclass(frozen=True)
class Planned:
    """The plan, and the targets left out of it with the reason."""

    plan: RemediationPlan
    left_out: Mapping[str, str]


def make_plan(doors: Doors, wish: Wish, now: Moment) -> Planned:
    """The plan of a wish. Targets that it does not apply to are left out and told.

    Raises:
        BadRequest: nothing is left to do, too many targets, a parameter that can't be used, or the system would refuse.
        BadSetting, Unreachable: the system is not connected, or does not answer.
    """
    kind = doors.kind(wish.action)
    if len(wish.targets) > kind.most_targets:
        raise BadRequest(
            f"{wish.action} changes {kind.most_targets} targets at most in one plan, not {len(wish.targets)}"
        )
    reading = _Reading(doors.open(wish.action, kind.reads), wish, typed_parameters(kind, wish.parameters))
    changes: list[Change] = []
    left_out: dict[str, str] = {}
    for target in {one.key: one for one in wish.targets}.values():
        try:
            changes.append(reading.change(target))
        except NotApplicable as fault:
            left_out[target.key] = str(fault)
    if not changes:
        told = "; ".join(f"{key}: {why}" for key, why in left_out.items())
        raise BadRequest(f"{wish.action}: nothing to do; {told}")
    plan = RemediationPlan(
        action=wish.action,
        parameters=reading.parameters.model_dump(mode="json"),
        changes=tuple(changes),
        only_in=wish.environments,
        left_out=left_out,
        permissions=tuple(sorted(kind.reads | kind.writes)),
        reversible=bool(kind.undoes),
        rollback=kind.rollback,
        risk=kind.risk,
        currency=wish.currency,
        reason=wish.reason,
        recommendations=wish.recommendations,
        proposed_by=wish.proposed_by,
        made_at=now,
        expires_at=now + wish.valid_for + (wish.notice or timedelta()),
        not_before=None if wish.notice is None else now + wish.notice,
        nonce=reading.nonce,
    )
    return Planned(plan, left_out)


@dataclass(frozen=True)
class _Reading:
    """The targets of one wish, read one by one."""

    action: Action
    wish: Wish
    parameters: Parameters
    nonce: str = field(default_factory=lambda: secrets.token_hex(16))

    def change(self, target: TargetRef) -> Change:
        """What would be done to a target. Raises NotApplicable, Unreachable, BadRequest where it would be refused."""
        try:
            seen = self.action.read(target, mark_of(self.nonce, target))
            after = self.action.foresee(_in(self.wish.environments, seen), self.parameters)
            self.action.rehearse(target, seen.state, after)
        except CallRefused as refusal:
            raise BadRequest(f"{target.id}: {self.action.system} would refuse it: {refusal}") from None
        except OSError as fault:
            raise Unreachable(f"{target.id} can't be read: {fault}") from None
        return Change(target=target, seen=seen, after=after, saving=self.wish.savings.get(target.key, UNKNOWN_SAVING))


def _in(environments: tuple[str, ...], seen: Seen) -> Seen:
    if environments and seen.environment not in environments:
        where = seen.environment or "no known environment"
        raise NotApplicable(f"it is in {where}, not in {' or '.join(environments)}")
    return seen


def drift(doors: Doors, plan: RemediationPlan) -> dict[str, str]:
    """Targets that are not any more what the plan saw, by key, with what is different; {} when all are. Reads only.

    Raises:
        OSError: a target can't be read.
    """
    action = doors.open(plan.action, doors.kind(plan.action).reads)
    found: dict[str, str] = {}
    for change in plan.changes:
        try:
            now = action.read(change.target, mark_of(plan.nonce, change.target))
        except NotApplicable as fault:
            found[change.target.key] = str(fault)
            continue
        why = difference(change, now)
        if why is not None:
            found[change.target.key] = why
    return found
