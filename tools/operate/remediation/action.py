"""Action: one kind of change to one kind of target, in steps that each make one call.

An action only knows its system. Approval, order, crashes, time-outs and rollback are the executor's.
"""

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import ClassVar, Literal

from pydantic import BaseModel, ConfigDict, JsonValue

from tools.domain.errors import BadRequest
from tools.domain.remediation import Change, Risk, Seen, State, TargetRef, canonical
from tools.operate.remediation.access import Access

Idempotency = Literal["key", "precondition", "none"]
"""What keeps a call from happening twice: `key`, the system drops a second call with the same mark; `precondition`, it
refuses when the target is not what the step expects any more; `none`, only reading the target tells."""


class NotApplicable(BadRequest):
    """The target is not in a state that the action can start from; the message says which would be."""


class Surprise(Exception):
    """The system answered something that the plan did not foresee: the change stops here, and says so."""


class CallRefused(Surprise):
    """The system is certain not to have done it: it refused the call. Anything less certain is no CallRefused."""


class Parameters(BaseModel):
    """What a person may choose about an action; few flat fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Step(BaseModel):
    """One call that changes something, and the states of the target before and after it."""

    model_config = ConfigDict(frozen=True)

    call: str
    """The permission that the call takes; one call a step."""
    expects: State
    leaves: State


class Action(ABC):
    """Read, foresee, perform. One object serves one use, over an access limited to what that use may call."""

    name: ClassVar[str]
    """`ec2_stop`: system, then verb and thing; stable, as policies name it."""
    title: ClassVar[str]
    """What it does, for people: "Stop EC2 instances"."""
    system: ClassVar[str]
    """Whose access it takes: aws, kubernetes, litellm, git, github, gitlab, jira, webhook."""
    parameters_type: ClassVar[type[Parameters]]
    reads: ClassVar[frozenset[str]]
    """Permissions of `read` and `rehearse`; a call that the system only rehearses is another one (`dry-run:…`)."""
    writes: ClassVar[frozenset[str]]
    """Permissions of the steps forward."""
    undoes: ClassVar[frozenset[str]]
    """Permissions of the steps back; empty where it can't be undone."""
    idempotency: ClassVar[Idempotency]
    most_targets: ClassVar[int]
    risk: ClassVar[Risk]
    rollback: ClassVar[str]
    """How it is undone, in one sentence."""
    settles_within_seconds: ClassVar[float] = 300
    """How long a step may take to show in the target's state."""

    def __init__(self, access: Access) -> None:
        self.access = access

    @property
    def reversible(self) -> bool:
        return bool(self.undoes)

    @abstractmethod
    def read(self, target: TargetRef, mark: str) -> Seen:
        """The target as it is now. `mark` names one change of one plan (`mark_of`): what a step creates carries it, and
        is found again by it; an idempotency key is made of it and of the step's call.

        Raises:
            NotApplicable: there is no such target.
        """

    @abstractmethod
    def foresee(self, seen: Seen, parameters: Parameters) -> State:
        """What the target would be afterwards; pure.

        Raises:
            NotApplicable: it can't be applied to a target in this state.
        """

    def rehearse(self, target: TargetRef, before: State, after: State) -> None:  # noqa: B027  # most systems have none
        """Ask the system whether it would do it, where it has a dry run of its own; changes nothing.

        Raises:
            CallRefused: it would not, such as for a missing permission.
        """

    @abstractmethod
    def steps(self, before: State, after: State) -> tuple[Step, ...]:
        """The way from one state to the other; the same function leads back (`steps(after, before)`), from half-way too
        (`steps(step.leaves, before)`). Each step expects what the one before it leaves. Pure."""

    @abstractmethod
    def perform(self, target: TargetRef, step: Step, mark: str) -> None:
        """Make the step's one call, and return as soon as the system took it; never repeats it.

        Raises:
            CallRefused: the system certainly did not do it.
            Surprise: it answered something else; it may or may not have happened. OSError counts as one.
        """

    def is_on_the_way(self, now: State, step: Step) -> bool:
        """Whether `now` is between the step's two states: "stopping", "pending". Not so: a surprise."""
        return now == step.expects


def typed_parameters(action: type[Action], given: Mapping[str, JsonValue]) -> Parameters:
    """The parameters as the action wants them. Raises BadRequest, naming the field and what would work."""
    from pydantic import ValidationError

    try:
        return action.parameters_type.model_validate(dict(given))
    except ValidationError as fault:
        known = ", ".join(action.parameters_type.model_fields) or "none"
        said = "; ".join(
            f"{'.'.join(map(str, one['loc'])) or 'parameters'}: {one['msg']}" for one in fault.errors()[:3]
        )
        raise BadRequest(f"{action.name}: {said} (its parameters: {known})") from None


def mark_of(nonce: str, target: TargetRef) -> str:
    """What names one change of one plan, for ever: 32 hex digits. By the plan's nonce, as it is known before the target
    is read for the first time."""
    return hashlib.sha256(f"{nonce}\0{target.key}".encode()).hexdigest()[:32]


def key_of(mark: str, step: Step) -> str:
    """The idempotency key of one step of one change: the same for the same step, another for every other, also for one
    on the way back that makes the same call. 32 hex digits."""
    named = [mark, step.call, dict(step.expects), dict(step.leaves)]
    return hashlib.sha256(canonical(named).encode()).hexdigest()[:32]


def changed_fields(change: Change) -> tuple[str, ...]:
    """The fields of the state that the change would alter, sorted."""
    names = change.before.keys() | change.after.keys()
    return tuple(sorted(name for name in names if change.before.get(name) != change.after.get(name)))
