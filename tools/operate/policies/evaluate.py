"""Rules judged over the store: what violates them, and what can't be judged."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from tools.domain.errors import BadInput, NoData, ToolFault
from tools.domain.money import UNKNOWN_CURRENCY
from tools.domain.period import Period, shift_months
from tools.operate.policies.explain import sentence
from tools.operate.policies.policy_file import PolicyFile
from tools.operate.policies.resource import Reading, ResourceKind, Row
from tools.operate.policies.resources import resource_named
from tools.operate.policies.rule import SEVERITIES, Rule, Window
from tools.operate.policies.rule_check import faults_of
from tools.operate.policies.violation import Violation
from tools.registry import ToolContext


@dataclass(frozen=True)
class Judged:
    """`held`: rules that nothing violates; `unjudged`: rule → what it lacks; `readings`: rule → what was read."""

    violations: tuple[Violation, ...]
    held: tuple[str, ...]
    unjudged: Mapping[str, str]
    readings: Mapping[str, Reading]


def evaluate(ctx: ToolContext, policies: PolicyFile) -> tuple[Violation, ...]:
    """What violates the rules today, the most severe first. Rules about plans are left to `outlay check`."""
    return judge(ctx, policies).violations


def judge(ctx: ToolContext, policies: PolicyFile) -> Judged:
    """Every rule over the store. A rule that can't be judged is named with the reason, and is not held to be kept.

    Raises BadInput for a rule whose columns there are not.
    """
    violations: list[Violation] = []
    held, unjudged, readings = [], {}, {}
    for rule in policies.rules:
        for _, message in faults_of(rule):
            raise BadInput(f"rule {rule.name!r}: {message}")
        kind = resource_named(rule.resource)
        if kind.read is None:
            continue
        period = window_of(rule.period, ctx.as_of)
        try:
            reading = kind.read(ctx, rule, period)
        except (NoData, ToolFault) as fault:
            unjudged[rule.name] = str(fault)
            continue
        readings[rule.name] = reading
        found = list(_violations(rule, kind, reading, period))
        violations += found
        held += [] if found else [rule.name]
    violations.sort(key=lambda one: SEVERITIES.index(one.severity))
    return Judged(tuple(violations), tuple(held), unjudged, readings)


def window_of(window: Window, today: date) -> Period:
    """The days that a rule looks at, as of a day."""
    first = today.replace(day=1)
    match window:
        case "month":
            return Period(start=first, end=today + timedelta(days=1))
        case "last_month":
            return Period(start=shift_months(first, -1), end=first)
        case "week":
            return Period(start=today - timedelta(days=7), end=today)
        case "day":
            return Period(start=today - timedelta(days=1), end=today)


def _violations(rule: Rule, kind: ResourceKind, reading: Reading, period: Period) -> Iterator[Violation]:
    column = rule.limit.column if rule.limit else kind.measure
    limit = rule.limit.above if rule.limit and rule.limit.above is not None else Decimal(0)
    number = kind.numbers[column]
    over = [row for row in reading.rows if _is_over(row, rule, column, limit)]
    for row in sorted(over, key=lambda row: -(row.numbers[column] or 0)):
        observed = row.numbers[column]
        assert observed is not None
        currency = row.currency if number.is_money else None
        yield Violation(
            rule=rule.name,
            resource=rule.resource,
            target=row.target,
            owner=row.owner,
            period=period,
            column=column,
            label=number.label,
            observed=observed,
            limit=limit,
            unit=number.unit or currency or UNKNOWN_CURRENCY,
            currency=currency,
            severity=rule.severity,
            action=rule.action,
            message=rule.message or sentence(rule),
            facts=row.facts,
            evidence=reading.evidence,
        )


def _is_over(row: Row, rule: Rule, column: str, limit: Decimal) -> bool:
    """What is not known, or in another currency than the limit, is not over it."""
    observed = row.numbers.get(column)
    if observed is None or (rule.limit and rule.limit.currency and row.currency != rule.limit.currency):
        return False
    return observed > limit
