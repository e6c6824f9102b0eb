"""What rules on charges share: their text filters as the semantic layer's, and how a group of charges is called."""

from collections.abc import Sequence
from difflib import get_close_matches

from tools.domain.scope import Filter
from tools.operate.policies.rule import Rule, RuleFilter
from tools.registry import ToolContext

CURRENCY = "BillingCurrency"
MOST_GROUPS = 1000
"""Groups that are judged, those with most first."""
_LACKS = {"x_Team": "no team", "x_Project": "no project", "x_Model": "no model", "x_Environment": "no environment"}


def filters_of(
    ctx: ToolContext, rule: Rule, leave_out: Sequence[str] = ()
) -> tuple[tuple[Filter, ...] | None, list[str]]:
    """The rule's conditions for a query, and remarks on values that the data do not have; None: nothing can match.

    A value that is not there is no fault: a rule may forbid what nobody uses yet, and allow what nobody has begun with.
    """
    found: list[Filter] = []
    notes: list[str] = []
    for one in rule.conditions:
        if one.column in leave_out:
            continue
        values, strange = _known(ctx, one)
        notes += strange
        if one.missing is not None:
            found.append(Filter(dimension=one.column, operator="is_null" if one.missing else "is_not_null"))
        elif one.contains is not None:
            found.append(Filter(dimension=one.column, operator="contains", values=one.contains))
        elif one.is_in is not None and not values:
            return None, notes
        elif values:
            found.append(Filter(dimension=one.column, operator="in" if one.is_in else "not_in", values=values))
    return tuple(found), notes


def _known(ctx: ToolContext, one: RuleFilter) -> tuple[tuple[str, ...], list[str]]:
    """The values of `is` or `is_not` that the data have, in their spelling; a remark on each that looks mistyped."""
    asked, known = one.is_in or one.is_not or (), ctx.store.values(one.column)
    if not known:
        return asked, []
    spelled = {value.lower(): value for value in known}
    notes = []
    for value in asked:
        near = get_close_matches(value.lower(), list(spelled), n=3, cutoff=0.75)
        if value.lower() not in spelled and near:
            notes.append(f"{one.column} {value!r} is not in the data; near it: {', '.join(spelled[n] for n in near)}")
    return tuple(spelled[value.lower()] for value in asked if value.lower() in spelled), notes


def target_of(by: Sequence[str], values: Sequence[str | None]) -> str:
    """`docflow`, `docflow / H100`, `no team`; `everything` without groups."""
    named = [
        value if value is not None else _LACKS.get(name, f"no {name}") for name, value in zip(by, values, strict=True)
    ]
    return " / ".join(named) or "everything"


def owner_of(rule: Rule, by: Sequence[str], values: Sequence[str | None]) -> str | None:
    """The team of a group: what it is grouped by, or the one team that the rule is about."""
    if "x_Team" in by:
        return values[list(by).index("x_Team")]
    teams = [one.is_in for one in rule.conditions if one.column == "x_Team" and one.is_in]
    return teams[0][0] if len(teams) == 1 and len(teams[0]) == 1 else None
