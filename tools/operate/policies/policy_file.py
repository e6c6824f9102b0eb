"""policies.yaml in the home: the rules that spend and plans are held to, and who may approve which change.

`rules` are told here; `roles`, `approvals`, `protected` and `freezes` in tools.operate.policies.approvals.

rules:
  - name: research-gpu-quota
    resource: gpu_machine                      # or llm_usage, charge, run, budget, idle_gpu, planned
    filters:                                   # all of them have to hold for a violation
      - {column: x_Team, is: [ml-research]}
      - {column: GpuHours, above: 20000}       # strictly above; money also names its currency
    by: x_Team                                 # judged each by itself
    period: month                              # month (to date), last_month, week, day
    action: block                              # finding, block, {propose: NAME OF AN ACTION}
    severity: high
    message: ml-research has 20,000 GPU-hours a month
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from tools.domain.errors import BadInput
from tools.operate.policies.approvals import ROLE, Approvals, Freeze, Grant, Protected
from tools.operate.policies.rights import Rights
from tools.operate.policies.rule import Action, Rule, RuleFilter
from tools.operate.policies.rule_check import faults_of
from tools.pricing.exact_yaml import read_exact

POLICY_FILE = "policies.yaml"
MOST_RULES = 500
Place = tuple[int | str, ...]


class PolicyFile(BaseModel):
    """The whole file."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    rules: tuple[Rule, ...] = ()
    roles: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    """Role → people's keys, for `role:NAME` in a grant."""
    approvals: Approvals = Approvals()
    protected: tuple[Protected, ...] = ()
    freezes: tuple[Freeze, ...] = ()

    @property
    def rights(self) -> Rights:
        """Who may approve what, and what stands against a change whoever approves it."""
        return Rights(self.approvals, self.roles, self.protected, self.freezes)

    @model_validator(mode="after")
    def _roles_are_known(self) -> "PolicyFile":
        named = {one for grant in self.approvals.grants for one in grant.who if one.startswith(ROLE)}
        unknown = sorted(named - {f"{ROLE}{name}" for name in self.roles})
        if unknown:
            raise ValueError(f"{', '.join(unknown)} is granted approvals, and roles has no such entry")
        return self

    @model_validator(mode="after")
    def _are_told_apart(self) -> "PolicyFile":
        names = [one.name for one in self.rules]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"several rules are called {', '.join(twice)}; each has a name of its own")
        if len(names) > MOST_RULES:
            raise ValueError(f"{len(names)} rules are more than {MOST_RULES}")
        return self


def load_policies(path: Path) -> PolicyFile:
    """The policies of a file; none where there is no file.

    Raises:
        BadInput: it can't be used; says which line, which rule, and what would work.
    """
    if not path.exists():
        return PolicyFile()
    document = read_exact(path)
    try:
        policies = PolicyFile.model_validate(document.value or {})
    except ValidationError as fault:
        faults = fault.errors()
        first = next((one for one in faults if one["type"] == "extra_forbidden"), faults[0])
        raise BadInput(
            f"{document.where(path.name, first['loc'], _one_of(first['loc']))}: {_explained(first)}"
        ) from None
    for place, message in _meaningless(policies):
        raise BadInput(f"{document.where(path.name, place, _one_of(place))}: {message}")
    return policies


def _meaningless(policies: PolicyFile) -> Iterator[tuple[Place, str]]:
    for number, rule in enumerate(policies.rules):
        yield from ((("rules", number, *place), message) for place, message in faults_of(rule))


def _one_of(place: Place) -> str:
    """What one of a section's entries is called: a rule, a freeze."""
    return str(place[0]).removesuffix("s") if place else "entry"


def _explained(error: Any) -> str:
    last = error["loc"][-1] if error["loc"] else POLICY_FILE
    match error["type"]:
        case "extra_forbidden":
            return f"{last!r} is not known; known are {', '.join(_known(error['loc']))}"
        case "missing":
            return f"{last} is missing"
        case "tuple_type" | "model_type":
            return (
                f"{last}={error['input']!r} is not {'a list: [a, b]' if error['type'] == 'tuple_type' else 'a mapping'}"
            )
        case "string_pattern_mismatch" if last == "name":
            return f"name={error['input']!r} is no name of a rule; write small letters, digits and hyphens: gpu-quota"
        case "value_error":
            return str(error["msg"]).removeprefix("Value error, ")
        case _:
            return f"{last}={error['input']!r}: {error['msg']}"


def _known(place: Place) -> tuple[str, ...]:
    model: type[BaseModel] = PolicyFile
    for part, kind in (("approvals", Approvals), ("protected", Protected), ("freezes", Freeze)):
        model = kind if part in place[:-1] else model
    if "grants" in place[:-1]:
        model = Grant
    if "filters" in place[:-1]:
        model = RuleFilter
    elif "action" in place[:-1]:
        model = Action
    elif "rules" in place[:-1]:
        model = Rule
    return tuple(field.alias or name for name, field in model.model_fields.items())
