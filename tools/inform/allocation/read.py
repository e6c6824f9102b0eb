"""allocation.yaml as rules, or one sentence on what is wrong with it and where.

allocate:
  x_Team:
    rules:                                   # the first that fits decides, before a charge's own team
      - name: Shared network
        where: [{dimension: x_Project, values: [shared-network]}]
        split: proportional                  # or even, or weighted with weights: {search: 2, docflow: 1}
        metric: EffectiveCost                # of the payers in that month; also Tokens, Requests, …
        among: [search, docflow]             # left out: every team with direct cost
      - name: Data lake is insights'
        where: [{dimension: SubAccountId, operator: starts_with, values: [data-]}]
        from: 2026-07-01                     # inclusive; until is exclusive
        target: insights
      - {name: Cost centres, take: tag:cost-center, names: {cc-100: search}}
    fallback:                                # only for charges that have no team, no rule and no owner
      - {name: The rest, split: even}
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from tools.domain.allocation import NO_RULES, AllocationRules, DimensionRules, Rule
from tools.domain.errors import BadInput, UnknownName
from tools.domain.scope import Filter
from tools.pricing.exact_yaml import read_exact
from tools.semantic.model import SemanticModel, load_model

MOST_RULES = 500
_KEYS = {
    "allocate": ("x_Team", "x_Project", "x_UseCase", "tag:KEY"),
    "dimension": tuple(DimensionRules.model_fields),
    "rule": tuple(field.alias or name for name, field in Rule.model_fields.items()),
    "filter": tuple(Filter.model_fields),
}


def read_rules(path: Path) -> AllocationRules:
    """The rules of a file; none where there is no file.

    Raises:
        BadInput: it can't be used; says which line, which rule, and what would work.
    """
    if not path.exists():
        return NO_RULES
    document = read_exact(path)
    try:
        rules = AllocationRules.model_validate(document.value or {})
    except ValidationError as fault:
        faults = fault.errors()
        first = next((one for one in faults if one["type"] == "extra_forbidden"), faults[0])
        raise BadInput(f"{document.where(path.name, first['loc'])}: {_explained(first)}") from None
    for place, message in _meaningless(rules):
        raise BadInput(f"{document.where(path.name, place)}: {message}")
    return rules


def _explained(error: Any) -> str:
    last = error["loc"][-1] if error["loc"] else ""
    match error["type"]:
        case "extra_forbidden":
            return f"{last!r} is not known; known are {', '.join(_known(error['loc']))}"
        case "missing":
            return f"{last} is missing"
        case "tuple_type" | "dict_type" | "model_type":
            form = "a list: [a, b]" if error["type"] == "tuple_type" else "a mapping: {key: value}"
            return f"{last}={error['input']!r} is not {form}"
        case _:
            message = str(error["msg"]).removeprefix("Value error, ")
            return message if error["type"] == "value_error" else f"{last}={error['input']!r}: {message}"


def _known(place: tuple[int | str, ...]) -> tuple[str, ...]:
    if len(place) == 1:
        return ("allocate",)
    if len(place) <= 3:
        return _KEYS["dimension"]
    return _KEYS["filter"] if "where" in place[:-1] or "metric_where" in place[:-1] else _KEYS["rule"]


def _meaningless(rules: AllocationRules) -> Iterator[tuple[tuple[int | str, ...], str]]:
    """What is well formed and names something that there is not."""
    model = load_model()
    for dimension, own in rules.allocate.items():
        if (message := _unknown_dimension(dimension, model)) is not None:
            yield ("allocate", dimension), message
        if len(own.rules) + len(own.fallback) > MOST_RULES:
            yield ("allocate", dimension), f"more than {MOST_RULES} rules"
        for kind, group in (("rules", own.rules), ("fallback", own.fallback)):
            for index, rule in enumerate(group):
                for message in _faults(rule, model):
                    yield ("allocate", dimension, kind, index), message


def _faults(rule: Rule, model: SemanticModel) -> Iterator[str]:
    for one in (*rule.where, *rule.metric_where):
        if (message := _unknown_dimension(one.dimension, model)) is not None:
            yield message
        if (one.operator in ("is_null", "is_not_null")) == bool(one.values):
            yield f"the filter on {one.dimension} with operator {one.operator} " + (
                "takes no values" if one.values else "needs values: [a, b]"
            )
    if rule.take is not None and (message := _unknown_dimension(rule.take, model)) is not None:
        yield message
    if rule.split == "proportional" and (message := _not_a_measure(rule.metric, model)) is not None:
        yield message


def _unknown_dimension(name: str, model: SemanticModel) -> str | None:
    if name.startswith("x_"):
        return None  # a column of somebody's own, which some file may have
    try:
        found = model.dimension(name)
    except UnknownName as fault:
        return str(fault)
    return None if found.name == name else f"write {found.name} for {name!r}"


def _not_a_measure(name: str, model: SemanticModel) -> str | None:
    try:
        metric = model.metric(name)
    except UnknownName as fault:
        return str(fault)
    if metric.name != name:
        return f"write {metric.name} for {name!r}"
    return None if metric.additive else f"{name} is a ratio; split by an amount such as EffectiveCost, Tokens, Requests"
