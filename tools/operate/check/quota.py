"""Quotas and budgets with a plan: what is used already, from the store, and what the plan adds."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from tools.domain.errors import NoData, ToolFault
from tools.operate.check.attributes import is_told, texts_of
from tools.operate.check.finding import PlanFinding
from tools.operate.check.pricing import Priced
from tools.operate.check.span import Span
from tools.operate.check.trail import Trail
from tools.operate.check.words import amount_words, span_words
from tools.operate.policies.evaluate import window_of
from tools.operate.policies.kinds.charged import target_of
from tools.operate.policies.resource import Reading
from tools.operate.policies.resources import resource_named
from tools.operate.policies.rule import Rule
from tools.registry import ToolContext
from tools.semantic.numbers import EXACT, over

GPU_HOURS = "GpuHours"


def quota_findings(
    rule: Rule, matching: Sequence[Priced], ctx: ToolContext | None, trail: Trail
) -> Iterator[PlanFinding]:
    """Groups whose month to date and plan together are over a month's quota. A plan that adds nothing breaks none."""
    limit, kind = rule.limit, resource_named(rule.resource)
    assert limit is not None
    assert limit.above is not None
    by = rule.by if rule.by is not None else kind.by
    if untold := [name for name in by if not is_told(name)]:
        trail.doubt(f"{rule.name} goes by {', '.join(untold)}, which a plan does not tell; it was not applied")
        return
    groups: dict[tuple[str | None, ...], list[Priced]] = {}
    for one in matching:
        if len(found := {tuple(texts[name] for name in by) for texts in texts_of(one)}) == 1:
            groups.setdefault(found.pop(), []).append(one)
        else:
            trail.doubt(f"{rule.name}: which group {one.resource.address} would be in is open; it was not counted")
    used = _used(rule, ctx, trail) if groups else {}
    for values, mine in groups.items():
        added = _added(rule, mine, limit.currency, trail)
        target = target_of(by, values)
        before = used.get(target.lower(), Decimal(0))
        if added is None or added.high <= 0:
            continue
        observed = Span(EXACT.add(before, added.low), EXACT.add(before, added.high))
        unit = limit.currency or str(kind.numbers[limit.column].unit)
        if observed.high <= limit.above:
            most = amount_words(limit.above, unit)
            trail.note(f"{rule.name}: with this plan {target} is at {span_words(observed, unit)} of {most} this month")
        else:
            yield _over(rule, target, mine, added, before, observed, limit.above, unit)


def _used(rule: Rule, ctx: ToolContext | None, trail: Trail) -> Mapping[str, Decimal]:
    """Target, in lower case → what the month to date has used; empty where that is not known."""
    kind, limit = resource_named(rule.resource), rule.limit
    if ctx is None or kind.read is None or limit is None:
        trail.doubt(f"{rule.name}: nothing is loaded, so the plan alone is held to the quota")
        return {}
    try:
        reading: Reading = kind.read(ctx, rule, window_of("month", ctx.as_of))
    except (NoData, ToolFault) as fault:
        trail.doubt(f"{rule.name}: what is used already is not known ({fault}); the plan alone is held to the quota")
        return {}
    trail.evidence += reading.evidence
    rows = [row for row in reading.rows if limit.currency in (None, row.currency)]
    return {row.target.lower(): value for row in rows if (value := row.numbers.get(limit.column)) is not None}


def _added(rule: Rule, mine: Sequence[Priced], currency: str | None, trail: Trail) -> Span | None:
    """What a group's resources add. What is not known of them is not in it, and said."""
    limit = rule.limit
    total, known = Span.of(0), False
    for one in mine:
        if limit is not None and limit.column == GPU_HOURS:
            added = one.added_gpu_hours
            if added is None and not one.resource.machines.cards and not one.resource.machines.instances:
                continue
        else:
            added = one.added if one.currency == currency else None
        if added is None:
            trail.doubt(f"{rule.name}: what {one.resource.address} adds is not known, so it is not counted")
            continue
        total, known = total.plus(added), True
    return total if known else None


def _over(
    rule: Rule,
    target: str,
    mine: Sequence[Priced],
    added: Span,
    before: Decimal,
    observed: Span,
    limit: Decimal,
    unit: str,
) -> PlanFinding:
    largest = max(mine, key=lambda one: (one.cost.high if one.cost else Decimal(0), one.resource.address))
    addresses = tuple(one.resource.address for one in mine)
    what = addresses[0] if len(addresses) == 1 else f"this plan ({len(addresses)} resources)"
    verb = "will cost" if rule.limit and rule.limit.currency else "will take"
    if any(one.resource.before is not None for one in mine):
        verb = "will add"
    may = "" if observed.low > limit else "may be "
    text = (
        f"{what} {verb} {span_words(added, unit)}, {may}over the quota of {target} "
        f"({amount_words(limit, unit)} a month, {amount_words(before, unit)} used so far)"
    )
    return PlanFinding(
        rule=rule.name,
        level="error" if rule.action.kind == "block" else "warning",
        severity=rule.severity,
        message=f"{text}: {rule.message}" if rule.message else text,
        file=largest.resource.file,
        line=largest.resource.line,
        addresses=addresses,
        observed=observed,
        used=before,
        limit=limit,
        unit=unit,
    )


def budget_findings(
    rule: Rule, priced: Sequence[Priced], ctx: ToolContext | None, trail: Trail
) -> Iterator[PlanFinding]:
    """Budgets in force that the plan would take over the rule's share or amount."""
    limit, kind = rule.limit, resource_named("budget")
    if ctx is None or kind.read is None or limit is None or limit.above is None:
        return
    today = ctx.as_of
    slices = {one.name: one.slice for one in ctx.store.records("budgets") if one.start <= today < one.end}
    try:
        reading = kind.read(ctx, rule, window_of("month", today))
    except (NoData, ToolFault) as fault:
        trail.doubt(f"{rule.name}: {fault}")
        return
    trail.evidence += reading.evidence
    for row in reading.rows:
        if untold := [name for name in slices.get(row.target, {}) if not is_told(name)]:
            trail.doubt(f"{rule.name}: the budget {row.target} goes by {', '.join(untold)}, which a plan does not tell")
            continue
        mine = [one for one in priced if _inside(one, slices.get(row.target, {}))]
        added = _added(rule, [one for one in mine if one.cost is not None], row.currency, trail)
        spent, amount = row.numbers.get("Spent"), row.numbers.get("Amount")
        if added is None or added.high <= 0 or spent is None or not amount:
            continue
        total = Span(EXACT.add(spent, added.low), EXACT.add(spent, added.high))
        share = Span(over(total.low, amount) or Decimal(0), over(total.high, amount) or Decimal(0))
        observed, unit = (share, "ratio") if limit.column == "UsedShare" else (total, row.currency or "")
        if observed.high <= limit.above or (limit.currency and limit.currency != row.currency):
            continue
        yield _over_budget(rule, row.target, mine, added, spent, amount, observed, unit, row.currency or "")


def _inside(one: Priced, slice_: Mapping[str, str]) -> bool:
    return any(
        all((texts.get(name) or "").lower() == value.lower() for name, value in slice_.items())
        for texts in texts_of(one)
    )


def _over_budget(
    rule: Rule,
    budget: str,
    mine: Sequence[Priced],
    added: Span,
    spent: Decimal,
    amount: Decimal,
    observed: Span,
    unit: str,
    currency: str,
) -> PlanFinding:
    limit = rule.limit.above if rule.limit and rule.limit.above is not None else Decimal(0)
    largest = max(mine, key=lambda one: (one.cost.high if one.cost else Decimal(0), one.resource.address))
    text = (
        f"this plan will cost {span_words(added, currency)}, and take the budget {budget} to "
        f"{span_words(observed, unit)}, over {amount_words(limit, unit)} "
        f"({amount_words(spent, currency)} of {amount_words(amount, currency)} spent so far)"
    )
    return PlanFinding(
        rule=rule.name,
        level="error" if rule.action.kind == "block" else "warning",
        severity=rule.severity,
        message=f"{text}: {rule.message}" if rule.message else text,
        file=largest.resource.file,
        line=largest.resource.line,
        addresses=tuple(one.resource.address for one in mine),
        observed=observed,
        used=spent,
        limit=limit,
        unit=unit,
    )
