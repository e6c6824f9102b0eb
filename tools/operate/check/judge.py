"""A priced plan held to the policies: rules on plans themselves, and quotas with what the month has used already."""

from collections.abc import Iterator, Sequence
from difflib import get_close_matches

from tools.operate.check.attributes import is_told, matches
from tools.operate.check.finding import Level, PlanFinding
from tools.operate.check.pricing import Priced
from tools.operate.check.quota import budget_findings, quota_findings
from tools.operate.check.span import Span
from tools.operate.check.trail import Trail
from tools.operate.check.words import amount_words, span_words
from tools.operate.policies.kinds.gpu_machine import PRICE
from tools.operate.policies.policy_file import PolicyFile
from tools.operate.policies.resources import resource_named
from tools.operate.policies.rule import Rule
from tools.registry import ToolContext

UNPRICED = "unpriced"
TEAM = "x_Team"


def judge_plan(
    priced: Sequence[Priced], policies: PolicyFile, ctx: ToolContext | None
) -> tuple[tuple[PlanFinding, ...], Trail]:
    """What violates a rule that a plan can break. The high end of a range counts, as that is what may come."""
    trail = Trail()
    findings = [_unpriced(one) for one in priced if one.lacks is not None]
    changed = [one for one in priced if one.resource.change != "delete"]
    for rule in policies.rules:
        findings += _judged(rule, changed, priced, ctx, trail)
    _note_teams(priced, policies, ctx, trail)
    findings.sort(key=lambda one: ("error", "warning", "note").index(one.level))
    return tuple(findings), trail


def _note_teams(priced: Sequence[Priced], policies: PolicyFile, ctx: ToolContext | None, trail: Trail) -> None:
    """What is nobody's is held to no team's quota, nor is what is under a name that the data do not have."""
    of_teams = [
        one for one in policies.rules if TEAM in (one.by or ()) or any(f.column == TEAM for f in one.conditions)
    ]
    if not of_teams:
        return
    added = [one for one in priced if one.resource.change != "delete"]
    nobodys = [one.resource.address for one in added if one.resource.owner is None]
    if nobodys:
        trail.doubt(f"no team is named for {_some(nobodys)}; --team holds it to the team's quotas")
    known = ctx.store.values(TEAM) if ctx is not None else ()
    for team in dict.fromkeys(one.resource.owner for one in priced if one.resource.owner):
        if known and team.lower() not in {one.lower() for one in known}:
            near = get_close_matches(team, known, n=3) or list(known)[:5]
            trail.note(f"no spend of team {team} is in the data; there is {', '.join(near)}")


def _some(names: Sequence[str]) -> str:
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")


def level_of(rule: Rule) -> Level:
    return "error" if rule.action.kind == "block" else "warning"


def _judged(
    rule: Rule, changed: Sequence[Priced], priced: Sequence[Priced], ctx: ToolContext | None, trail: Trail
) -> Iterator[PlanFinding]:
    untold = [one.column for one in rule.conditions if not is_told(one.column)]
    if rule.resource in ("llm_usage", "idle_gpu"):
        return
    if rule.resource == "budget":
        trail.applied.append(rule.name)
        yield from budget_findings(rule, priced, ctx, trail)
        return
    if untold:
        trail.doubt(f"{rule.name} goes by {', '.join(untold)}, which a plan does not tell; it was not applied")
        return
    mine = _matching(rule, changed, trail)
    column = rule.limit.column if rule.limit else None
    if rule.resource == "planned" or rule.resource == "run":
        trail.applied.append(rule.name)
        wanted = [one for one in mine if rule.resource == "planned" or one.resource.is_run]
        yield from (found for one in wanted if (found := _by_itself(rule, one, trail)) is not None)
    elif column is None:
        trail.applied.append(rule.name)
        yield from (_forbidden(rule, one) for one in mine if _takes(rule, one))
    elif column == PRICE:
        trail.applied.append(rule.name)
        yield from (found for one in mine if (found := _too_dear(rule, one)) is not None)
    elif column in ("GpuHours", "EffectiveCost"):
        if rule.period != "month":
            trail.doubt(f"{rule.name} is of the {rule.period.replace('_', ' ')}; only a month's quota counts a plan")
            return
        trail.applied.append(rule.name)
        every = _matching(rule, priced, trail)
        yield from quota_findings(rule, every, ctx, trail)


def _matching(rule: Rule, priced: Sequence[Priced], trail: Trail) -> list[Priced]:
    found = []
    for one in priced:
        fits = matches(one, rule.conditions)
        if fits is None:
            trail.doubt(f"{rule.name}: {one.resource.address} does not tell what the rule goes by")
        elif fits:
            found.append(one)
    return found


def _takes(rule: Rule, one: Priced) -> bool:
    """Whether it takes any of what the rule is about: GPUs, or anything that costs."""
    if rule.resource == "gpu_machine":
        return one.gpus is None or one.gpus.high > 0
    return one.cost is None or one.cost.high > 0


def _forbidden(rule: Rule, one: Priced) -> PlanFinding:
    machines = one.resource.machines
    what = " or ".join(machines.instances or machines.cards) or one.resource.kind
    return _finding(rule, one, f"{one.resource.address} would take {what}, which the rule does not allow")


def _too_dear(rule: Rule, one: Priced) -> PlanFinding | None:
    """By the price of one GPU-hour."""
    limit = rule.limit
    if limit is None or limit.above is None or one.rate is None or one.gpus is None or not one.gpus.high:
        return None
    if one.rate.currency != limit.currency or (hourly := one.hourly) is None:
        return None
    price = Span(hourly.low / one.gpus.low if one.gpus.low else hourly.low, hourly.high / one.gpus.high)
    price = one.rate.price if one.resource.machines.is_share else Span(min(price), max(price))
    if price.high <= limit.above:
        return None
    unit = one.rate.currency
    text = f"a GPU-hour of {one.resource.address} would cost {span_words(price, unit)}"
    return _finding(rule, one, f"{text}, over {amount_words(limit.above, unit)}", price, unit)


def _by_itself(rule: Rule, one: Priced, trail: Trail) -> PlanFinding | None:
    """A rule on a plan or a run as such."""
    limit = rule.limit
    if limit is None or limit.above is None:
        return _finding(rule, one, f"{one.resource.address} is what the rule does not allow")
    observed = _observed(rule, limit.column, one)
    number = resource_named(rule.resource).numbers[limit.column]
    if observed is None:
        trail.doubt(f"{rule.name}: {number.label} of {one.resource.address} is not known, so it was not held to it")
        return None
    if number.is_money and one.currency != limit.currency:
        trail.doubt(f"{rule.name} is in {limit.currency}, {one.resource.address} in {one.currency}")
        return None
    if observed.high <= limit.above:
        return None
    unit = limit.currency or number.unit or ""
    verb = "would cost" if number.is_money else "would take"
    most = amount_words(limit.above, unit)
    text = f"{one.resource.address} {verb} {span_words(observed, unit)}, over the limit of {most}"
    return _finding(rule, one, text, observed, unit)


def _observed(rule: Rule, column: str, one: Priced) -> Span | None:
    """Of work that repeats by a schedule the figures are of one run."""
    is_scheduled = one.resource.kind == "CronJob"
    once = one.resource.runs if is_scheduled and one.resource.runs else None
    match column:
        case "Cost" | "EffectiveCost":
            found = one.cost
        case "GpuHours":
            found = one.gpu_hours
        case "HourlyCost":
            return one.hourly
        case "Gpus":
            return one.gpus
        case _:
            return one.resource.hours
    if found is None or once is None or rule.resource != "run":
        return found
    return Span(found.low / once, found.high / once)


def _finding(rule: Rule, one: Priced, text: str, observed: Span | None = None, unit: str | None = None) -> PlanFinding:
    resource = one.resource
    message = f"{text}: {rule.message}" if rule.message else text
    return PlanFinding(
        rule=rule.name,
        level=level_of(rule),
        severity=rule.severity,
        message=message,
        file=resource.file,
        line=resource.line,
        addresses=(resource.address,),
        observed=observed,
        limit=rule.limit.above if rule.limit else None,
        unit=unit,
    )


def _unpriced(one: Priced) -> PlanFinding:
    resource = one.resource
    return PlanFinding(
        rule=UNPRICED,
        level="warning",
        severity="medium",
        message=f"{resource.address} is unpriced: {one.lacks}",
        file=resource.file,
        line=resource.line,
        addresses=(resource.address,),
    )
