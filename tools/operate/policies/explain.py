"""What a rule means, in one sentence."""

from decimal import Decimal

from tools.operate.policies.resources import resource_named
from tools.operate.policies.rule import Rule, RuleFilter, Window

_WINDOWS: dict[Window, str] = {
    "month": "in the month to date",
    "last_month": "in the last full month",
    "week": "in the last seven days",
    "day": "yesterday",
}
_UNWINDOWED = ("budget", "planned")


def sentence(rule: Rule) -> str:
    """`hours of GPU machines by x_Team, where x_Team is research: at most 20,000 GPU-hours in the month to date; else
    block (high)`."""
    kind = resource_named(rule.resource)
    by = rule.by if rule.by is not None else kind.by
    grouped = f" by {' and '.join(by)}" if by else ""
    where = " and ".join(_condition(one) for one in rule.conditions)
    when = "" if rule.resource in _UNWINDOWED else f" {_WINDOWS[rule.period]}"
    return (
        f"{kind.says}{grouped}{f', where {where}' if where else ''}: {_allowed(rule)}{when}; "
        f"else {rule.action.told} ({rule.severity})"
    )


def _allowed(rule: Rule) -> str:
    limit = rule.limit
    if limit is None or limit.above is None:
        return "none"
    number = resource_named(rule.resource).numbers[limit.column]
    if number.is_money:
        return f"{number.label} at most {amount(limit.above, limit.currency or '')}"
    if number.unit == "ratio":
        return f"{number.label} at most {percent(limit.above)}"
    return f"at most {amount(limit.above, number.label)}"


def _condition(one: RuleFilter) -> str:
    if one.missing is not None:
        return f"{one.column} is {'missing' if one.missing else 'there'}"
    if one.contains is not None:
        return f"{one.column} contains {' or '.join(one.contains)}"
    if one.is_not is not None:
        return f"{one.column} is none of {', '.join(one.is_not)}"
    return f"{one.column} is {' or '.join(one.is_in or ())}"


def amount(value: Decimal, unit: str) -> str:
    """`20,000 GPU-hours`, `1,250.50 USD`: whole numbers without decimals, others with two."""
    whole = value == value.to_integral_value()
    text = f"{value:,.0f}" if whole else f"{value:,.2f}"
    return f"{text} {unit}".strip()


def percent(value: Decimal) -> str:
    return f"{(value * 100).normalize():f} %"
