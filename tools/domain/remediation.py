"""RemediationPlan: what would be changed, target by target, and the fingerprint that an approval is bound to."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, JsonValue

Risk = Literal["low", "medium", "high"]
State = Mapping[str, JsonValue]
"""The part of a target that an action touches, as its system reads: {"State": "running"}."""


def _in_utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC)


Moment = Annotated[AwareDatetime, AfterValidator(_in_utc)]


class TargetRef(BaseModel):
    """Where a target is found: its id in its system, and the place (region, namespace, repository) it lives in."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(min_length=1, max_length=500)
    place: Mapping[str, str] = Field(default_factory=dict)

    @property
    def key(self) -> str:
        """One text for one target: two refs with the same key are the same thing."""
        return "/".join([*(f"{name}={value}" for name, value in sorted(self.place.items())), self.id])


class Seen(BaseModel):
    """A target as its system shows it at one moment."""

    model_config = ConfigDict(frozen=True)

    state: State
    name: str = ""
    environment: str | None = None
    owner: str | None = None
    tags: Mapping[str, str] = Field(default_factory=dict)


class Estimate(BaseModel):
    """What a change is thought to save a month at the rates that are paid; negative: it costs more."""

    model_config = ConfigDict(frozen=True)

    amount: Decimal = Decimal(0)
    low: Decimal = Decimal(0)
    high: Decimal = Decimal(0)
    is_known: bool = True
    """False: nothing tells what it would save, which is not the same as nothing."""


UNKNOWN_SAVING = Estimate(is_known=False)


class Change(BaseModel):
    """One target: what it is now, what it would be."""

    model_config = ConfigDict(frozen=True)

    target: TargetRef
    seen: Seen
    after: State
    saving: Estimate = UNKNOWN_SAVING

    @property
    def before(self) -> State:
        return self.seen.state


class RemediationPlan(BaseModel):
    """Exactly what a person is asked to approve. Nothing in it may change without another fingerprint."""

    model_config = ConfigDict(frozen=True)

    action: str
    parameters: Mapping[str, JsonValue]
    changes: tuple[Change, ...] = Field(min_length=1)
    only_in: tuple[str, ...] = ()
    """The environments that were asked for; targets elsewhere are left out. (): anywhere."""
    left_out: Mapping[str, str] = Field(default_factory=dict)
    """Targets that were asked for and are not changed, by key, with the reason."""
    permissions: tuple[str, ...]
    """What applying it needs in the target's system, reading included."""
    reversible: bool
    rollback: str
    """How it is undone, in words."""
    risk: Risk
    currency: str
    reason: str = ""
    recommendations: tuple[str, ...] = ()
    """Those it came from, `r-…`."""
    proposed_by: str
    made_at: Moment
    expires_at: Moment
    not_before: Moment | None = None
    """Announced, and applied only from then on, so that those who are concerned can object (mark for operation)."""
    nonce: str
    """Random: two plans that say the same are still two, so that an approval of one is none of the other."""

    @property
    def saving(self) -> Estimate:
        """A month's saving over all targets; the range adds up as if all ends came together."""
        each = [one.saving for one in self.changes]
        return Estimate(
            amount=sum((one.amount for one in each), Decimal(0)),
            low=sum((one.low for one in each), Decimal(0)),
            high=sum((one.high for one in each), Decimal(0)),
            is_known=all(one.is_known for one in each),
        )

    @property
    def environments(self) -> tuple[str | None, ...]:
        return tuple(sorted({one.seen.environment for one in self.changes}, key=lambda one: one or ""))

    @property
    def fingerprint(self) -> str:
        """SHA-256 over the whole plan, written in one way only (sorted keys, no spaces).

        A field that has its default is left out, so that a plan of today keeps its fingerprint when plans get another.
        """
        return hashlib.sha256(canonical(self.model_dump(mode="json", exclude_defaults=True)).encode()).hexdigest()


Status = Literal[
    "waiting", "rejected", "replaced", "applying", "applied", "stopped", "unknown", "rolling_back", "rolled_back"
]
"""`waiting` for approvals, or to be applied; `stopped`: a surprise ended it, the trail says where; `unknown`: a step
may or may not have happened, and reading the target settles it. Expiry is told by the clock: it is no status."""


class Proposal(BaseModel):
    """A plan, and where it stands."""

    model_config = ConfigDict(frozen=True)

    id: str
    plan: RemediationPlan
    status: Status
    thread: str
    """The graph's thread that waits for the decision."""
    replaced_by: str | None = None

    def is_open(self, now: Moment) -> bool:
        """Whether it can still be decided on."""
        return self.status == "waiting" and now < self.plan.expires_at


@dataclass(frozen=True)
class Wish:
    """What somebody wants done, before anything was read."""

    action: str
    targets: Sequence[TargetRef]
    proposed_by: str
    currency: str
    parameters: Mapping[str, JsonValue] = field(default_factory=dict)
    savings: Mapping[str, Estimate] = field(default_factory=dict)
    """A month's saving by the target's key."""
    reason: str = ""
    recommendations: tuple[str, ...] = ()
    environments: tuple[str, ...] = ()
    """Targets elsewhere are left out; (): none is."""
    valid_for: timedelta = timedelta(hours=72)
    notice: timedelta | None = None
    """How long it is announced before it may be applied."""


@dataclass(frozen=True)
class AppliedChange:
    """A plan that was carried out, as far as proving its saving needs it."""

    proposal: str
    plan: RemediationPlan
    applied_at: Moment
    """When its execution began."""
    undone_at: Moment | None = None
    """When it was rolled back; None: it is in force."""
    done: frozenset[str] | None = None
    """Keys of the targets that were changed; None: all of the plan's. Those a stop left out have saved nothing."""

    @property
    def changed(self) -> tuple[Change, ...]:
        """The plan's changes that were made."""
        return tuple(one for one in self.plan.changes if self.done is None or one.target.key in self.done)


class ProposalView(BaseModel):
    """A proposal with all that people ask about it."""

    model_config = ConfigDict(frozen=True)

    proposal: Proposal
    standing: str
    """Where it stands now, in words: waiting for approval, approved, expired, applied, rolled back, …"""
    is_open: bool
    """Whether somebody can still approve it or have it applied."""
    approved_by: tuple[str, ...] = ()
    missing: int = 0
    """How many more have to approve."""
    rejected_by: str | None = None
    reason: str = ""
    """Of the rejection."""
    applied_by: str | None = None
    applied_at: Moment | None = None
    undone_by: str | None = None
    undone_at: Moment | None = None
    detail: str = ""
    """What ended it before its end."""
    done: tuple[str, ...] = ()
    """Keys of the targets that were changed whole."""


def canonical(value: object) -> str:
    """JSON that is the same text for the same value: sorted keys, no spaces, ASCII."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)
