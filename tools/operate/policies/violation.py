"""Violation: that something is over what a rule allows, by how much, and how that is known."""

from decimal import Decimal

from pydantic import BaseModel, ConfigDict

from tools.domain.period import Period
from tools.domain.result import Evidence
from tools.operate.policies.rule import Action, Severity


class Violation(BaseModel):
    """`observed` is above `limit`, in `unit`: a currency for money, else GPU-hours, tokens, ratio, …

    Of a rule without a limit anything is too much: its limit is 0.
    """

    model_config = ConfigDict(frozen=True)

    rule: str
    resource: str
    target: str
    owner: str | None
    period: Period
    column: str
    """What is limited: GpuHours, EffectiveCost."""
    label: str
    observed: Decimal
    limit: Decimal
    unit: str
    currency: str | None
    severity: Severity
    action: Action
    message: str
    facts: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    """The queries that told it, each to be run again."""
