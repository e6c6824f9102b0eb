"""Who may approve which change, up to how much, and when nobody may: the `approvals` part of policies.yaml.

roles:
  platform: [ben, cyd]
approvals:
  grants:
    - who: [role:platform, ada]
      actions: ["ec2_*", k8s_scale]
      environments: [dev, staging]
      up_to: "5000"
      currency: USD
  second_person_above: "1000"
  proposer_may_approve: false
  most_targets: 20
  valid_for_hours: 72
protected:
  - {tag: do-not-touch, values: ["true"]}
freezes:
  - {name: year end, start: 2026-12-20T00:00:00Z, end: 2027-01-02T00:00:00Z, environments: [prod]}
"""

from collections.abc import Sequence
from decimal import Decimal
from fnmatch import fnmatchcase
from typing import Annotated, Any, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from tools.domain.remediation import Moment, RemediationPlan

ANY = "*"
ROLE = "role:"


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


def _as_written(amount: Any) -> Any:
    if isinstance(amount, float):
        raise ValueError(f'write the amount as text to keep it exact: "{amount}"')
    return amount


Amount = Annotated[Decimal, BeforeValidator(_as_written), Field(ge=0)]


class Grant(_Entry):
    """Some people may approve some actions in some environments, up to an amount a month."""

    who: tuple[str, ...] = Field(min_length=1)
    """People's keys, or role:NAME."""
    actions: tuple[str, ...] = Field(min_length=1)
    """Names of actions; * stands for any characters."""
    environments: tuple[str, ...] = Field(min_length=1)
    """`*` is any, also none: a target whose environment is not known is only covered by that."""
    up_to: Amount
    """The plan's monthly effect, up or down."""
    currency: str = "USD"
    unknown_effect: bool = False
    """Whether it also covers plans of which nothing tells what they would save or cost."""

    def covers(self, plan: RemediationPlan) -> bool:
        return self.names(plan.action, plan.environments, plan.currency) and self._is_within(effect_of(plan))

    def names(self, action: str, environments: Sequence[str | None], currency: str) -> bool:
        """Whether it is about such a change at all, however large."""
        return (
            any(fnmatchcase(action, one) for one in self.actions)
            and all(ANY in self.environments or one in self.environments for one in environments)
            and currency == self.currency
        )

    def _is_within(self, effect: Decimal | None) -> bool:
        return self.unknown_effect if effect is None else effect <= self.up_to


class Approvals(_Entry):
    """Who may approve what. Without a grant nobody may approve anything."""

    grants: tuple[Grant, ...] = ()
    second_person_above: Amount | None = None
    """A plan with a larger monthly effect, or one that is not known, takes two persons, each with the right."""
    proposer_may_approve: bool = False
    most_targets: int = Field(default=20, gt=0)
    """Of one plan; an action may allow fewer."""
    valid_for_hours: int = Field(default=72, gt=0)
    """How long a plan may be approved, and an approval be used."""

    def persons_needed(self, plan: RemediationPlan) -> int:
        above, effect = self.second_person_above, effect_of(plan)
        return 2 if above is not None and (effect is None or effect > above) else 1


class Protected(_Entry):
    """Targets with this tag are never changed. Keys and values are compared as written; no values: any value."""

    tag: str = Field(min_length=1)
    values: tuple[str, ...] = ()

    def covers(self, tags: "dict[str, str]") -> bool:
        return self.tag in tags and (not self.values or tags[self.tag] in self.values)


class Freeze(_Entry):
    """From `start` up to, not including, `end` nothing is changed; no environments: in none."""

    name: str
    start: Moment
    end: Moment
    environments: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.end <= self.start:
            raise ValueError(f"the freeze {self.name!r} ends after it starts; got {self.start} to {self.end}")
        return self

    def covers(self, plan: RemediationPlan, now: Moment) -> bool:
        touched = not self.environments or any(one is None or one in self.environments for one in plan.environments)
        return self.start <= now < self.end and touched


def effect_of(plan: RemediationPlan) -> Decimal | None:
    """The money a month that a plan moves, up or down: the most of what it is thought to do, target by target, so that
    a saving here can't hide a cost there. None: for one of its targets that is not known."""
    if not plan.saving.is_known:
        return None
    each = (one.saving for one in plan.changes)
    return sum((max(abs(one.amount), abs(one.low), abs(one.high)) for one in each), Decimal(0))
