"""CheckReport: what the plans come to, and what of it the policies do not allow."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from tools.domain.result import Evidence
from tools.operate.check.finding import PlanFinding
from tools.operate.check.judge import judge_plan
from tools.operate.check.options import CheckOptions
from tools.operate.check.planned import PlannedResource
from tools.operate.check.pricing import Priced, price
from tools.operate.check.rates import Rates
from tools.operate.check.read import read_plan
from tools.operate.check.source import Source
from tools.operate.check.span import Span
from tools.operate.policies.policy_file import PolicyFile
from tools.registry import ToolContext


@dataclass(frozen=True)
class CheckReport:
    """`totals` and `added`: currency → what the plans cost, and what more than now; without what is unpriced."""

    files: tuple[tuple[str, str], ...]
    """Each file with its form."""
    priced: tuple[Priced, ...]
    findings: tuple[PlanFinding, ...]
    notes: tuple[str, ...]
    rules: tuple[str, ...]
    """Rules that the plans were held to."""
    is_certain: bool
    """Whether these could be judged for everything that is planned."""
    evidence: tuple[Evidence, ...]
    """The queries behind own rates and behind what is used already."""
    totals: Mapping[str, Span]
    added: Mapping[str, Span]

    @property
    def is_blocked(self) -> bool:
        return any(one.level == "error" for one in self.findings)

    @property
    def has_warnings(self) -> bool:
        return any(one.level == "warning" for one in self.findings)

    @property
    def unpriced(self) -> tuple[Priced, ...]:
        return tuple(one for one in self.priced if one.lacks is not None)


def check_plans(
    sources: Sequence[Source], policies: PolicyFile, ctx: ToolContext | None, options: CheckOptions
) -> CheckReport:
    """Read, price and judge plans together: quotas count all of them. Raises BadInput for a plan that can't be read."""
    rates, files, priced = Rates(ctx), [], []
    for source in sources:
        form, resources = read_plan(source, options)
        files.append((source.name, str(form)))
        priced += [price(_placed(one, options), rates) for one in resources]
    findings, trail = judge_plan(priced, policies, ctx)
    if ctx is not None and not ctx.store.scope.is_whole:
        trail.note("own rates, and what is used already, are of what this user may see")
    return CheckReport(
        files=tuple(files),
        priced=tuple(priced),
        findings=findings,
        notes=tuple(trail.notes),
        rules=tuple(trail.applied),
        is_certain=trail.is_certain and not any(one.lacks for one in priced),
        evidence=_evidence(rates, trail.evidence, ctx),
        totals=_summed(priced, lambda one: one.cost),
        added=_summed(priced, lambda one: one.added),
    )


def _evidence(rates: Rates, read: Sequence[Evidence], ctx: ToolContext | None) -> tuple[Evidence, ...]:
    own = rates.own
    if ctx is None or own is None:
        return tuple(read)
    told = Evidence(
        sql=own.sql,
        parameters=own.parameters,
        generation=ctx.store.generation,
        row_count=len(own.rows),
        loaded_through=ctx.store.loaded_through,
        sources=ctx.store.sources,
    )
    return (told, *read)


def _placed(resource: PlannedResource, options: CheckOptions) -> PlannedResource:
    """Work whose plan does not say where it runs, where a person says it."""
    machines = resource.machines
    if resource.format == "terraform" or not (options.provider or options.region):
        return resource
    provider, region = machines.provider or options.provider, machines.region or options.region
    return replace(resource, machines=replace(machines, provider=provider, region=region))


def _summed(priced: Sequence[Priced], of: Callable[[Priced], Span | None]) -> Mapping[str, Span]:
    sums: dict[str, Span] = {}
    for one in priced:
        amount = of(one)
        if amount is not None and one.currency is not None:
            sums[one.currency] = sums.get(one.currency, Span.of(0)).plus(amount)
    return sums
