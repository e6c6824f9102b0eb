"""A rule of policies.yaml: what it is about, which of that it picks, and what follows."""

from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, model_validator

Severity = Literal["low", "medium", "high", "critical"]
SEVERITIES: tuple[Severity, ...] = ("critical", "high", "medium", "low")
Window = Literal["month", "last_month", "week", "day"]
"""`month`: from the first of the month to today; `last_month`: the whole month before; `week`: the last seven whole
days; `day`: yesterday. UTC."""
OPERATORS = ("is", "is_not", "contains", "missing", "above")
Name = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,63}$")]
ActionName = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_]{0,63}$")]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]


def _listed(written: Any) -> Any:
    """One value may stand without brackets."""
    return (written,) if isinstance(written, str) else written


Values = Annotated[tuple[Text, ...], BeforeValidator(_listed)]


class RuleFilter(BaseModel):
    """One condition on a column, by exactly one of OPERATORS; all of a rule's filters have to hold.

    `is`, `is_not` and `contains` compare without regard to case. `above` compares a number, strictly; of money it
    names the currency.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    column: Text
    is_in: Values | None = Field(default=None, alias="is")
    is_not: Values | None = None
    contains: Values | None = None
    missing: bool | None = None
    above: Decimal | None = Field(default=None, ge=0)
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")] | None = None

    @model_validator(mode="after")
    def _has_one_operator(self) -> "RuleFilter":
        given = [one for one in (self.is_in, self.is_not, self.contains, self.missing, self.above) if one is not None]
        if len(given) != 1:
            raise ValueError(f"the filter on {self.column} takes exactly one of {', '.join(OPERATORS)}")
        if self.currency is not None and self.above is None:
            raise ValueError(f"the filter on {self.column} has a currency, which goes with above: AMOUNT only")
        return self

    def holds(self, value: str | None) -> bool:
        """Whether a text passes. Not for `above`."""
        if self.missing is not None:
            return (value is None) == self.missing
        lowered = (value or "").lower()
        if self.is_in is not None:
            return value is not None and lowered in {one.lower() for one in self.is_in}
        if self.is_not is not None:
            return lowered not in {one.lower() for one in self.is_not}
        return any(one.lower() in lowered for one in self.contains or ())


class Action(BaseModel):
    """What follows: `finding` tells it; `block` also stops a plan in `outlay check`; `propose` names a remediation."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["finding", "block", "propose"]
    propose: ActionName | None = None

    @property
    def told(self) -> str:
        return f"propose {self.propose}" if self.propose else self.kind


def _read_action(written: Any) -> Any:
    if written in ("finding", "block"):
        return Action(kind=written)
    if isinstance(written, dict) and list(written) == ["propose"]:
        name = written["propose"]
        if isinstance(name, str) and name:
            return {"kind": "propose", "propose": name}
    if isinstance(written, Action) or (isinstance(written, dict) and "kind" in written):
        return written
    raise ValueError(f"action={written!r} is not known; write finding, block, or {{propose: NAME OF AN ACTION}}")


class Rule(BaseModel):
    """A rule as written. Whether its columns exist is told by `tools.operate.policies.rule_check`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Name
    resource: Text
    """The kind of thing it is about; see RESOURCES."""
    filters: tuple[RuleFilter, ...] = ()
    by: Annotated[tuple[Text, ...], BeforeValidator(_listed)] | None = None
    """What is judged each by itself, such as x_Team; none: what fits the resource."""
    period: Window = "month"
    action: Annotated[Action, BeforeValidator(_read_action)] = Action(kind="finding")
    severity: Severity = "medium"
    message: Text | None = None

    @model_validator(mode="after")
    def _has_one_limit(self) -> "Rule":
        if sum(one.above is not None for one in self.filters) > 1:
            raise ValueError(f"{self.name} has several filters with above; a rule has one, so make it two rules")
        return self

    @property
    def limit(self) -> RuleFilter | None:
        """The filter with `above`; None where anything that the others pick is a violation."""
        return next((one for one in self.filters if one.above is not None), None)

    @property
    def conditions(self) -> tuple[RuleFilter, ...]:
        """The filters on text."""
        return tuple(one for one in self.filters if one.above is None)
