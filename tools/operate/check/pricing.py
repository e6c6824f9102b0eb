"""Planned resources priced: what each will cost, what it costs now, or why that can't be told."""

from dataclasses import dataclass
from decimal import Decimal

from tools.operate.check.instances import gpus_of
from tools.operate.check.planned import Machines, PlannedResource
from tools.operate.check.rates import NoRate, Rate, Rates
from tools.operate.check.span import Span
from tools.semantic.numbers import EXACT

ZERO = Span.of(0)


@dataclass(frozen=True)
class Priced:
    """A resource with its cost; amounts are in the rate's currency. None is not known, never 0."""

    resource: PlannedResource
    gpus: Span | None
    """At a time."""
    gpu_hours: Span | None
    cost: Span | None
    cost_before: Span | None
    """What it costs now in the same time; 0 for what is new."""
    gpu_hours_before: Span | None
    rate: Rate | None
    lacks: str | None
    """Why there is no cost."""
    lacks_before: str | None = None
    """Why it is not known what it costs now."""

    @property
    def currency(self) -> str | None:
        return self.rate.currency if self.rate else None

    @property
    def hourly(self) -> Span | None:
        """What an hour of all that runs at once costs."""
        resource, rate = self.resource, self.rate
        if rate is None or resource.machines.count is None:
            return None
        units = _units(resource.machines)
        return None if units is None else units.times(resource.at_once).times(rate.price)

    @property
    def added(self) -> Span | None:
        """What the plan adds to the cost; below 0 for what it takes away."""
        return _less(self.cost, self.cost_before)

    @property
    def added_gpu_hours(self) -> Span | None:
        return _less(self.gpu_hours, self.gpu_hours_before)


def price(resource: PlannedResource, rates: Rates) -> Priced:
    """The cost of a resource over its hours. What takes no machine costs nothing, whatever a machine would."""
    gpus, before = gpus_at_once(resource.machines), resource.before
    cost, rate, lacks = _cost(resource, resource.machines, rates)
    was, was_rate, was_lacks = (ZERO, None, None) if before is None else _cost(resource, before, rates)
    if rate is not None and was_rate is not None and rate.currency != was_rate.currency:
        was, was_lacks = None, f"what it costs now is in {was_rate.currency}"
    return Priced(
        resource=resource,
        gpus=None if gpus is None else gpus.times(resource.at_once),
        gpu_hours=_gpu_hours(resource, resource.machines),
        cost=cost,
        cost_before=was,
        gpu_hours_before=ZERO if before is None else _gpu_hours(resource, before),
        rate=rate or was_rate,
        lacks=lacks,
        lacks_before=was_lacks,
    )


def gpus_at_once(machines: Machines) -> Span | None:
    """GPUs of all the machines; 0 where there are none of them."""
    if machines.count is not None and machines.count.high == 0:
        return ZERO
    each = machines.gpus
    if each is None:
        held = [gpus_of(one) for one in machines.instances]
        if not held or any(one is None for one in held):
            return None
        counts = [Decimal(one.gpus) for one in held if one is not None]
        each = Span(min(counts), max(counts))
    return None if machines.count is None else machines.count.times(each)


def _gpu_hours(resource: PlannedResource, machines: Machines) -> Span | None:
    gpus = gpus_at_once(machines)
    if gpus == ZERO:
        return ZERO
    return None if gpus is None or resource.hours is None else gpus.times(resource.hours).times(resource.runs)


def _cost(resource: PlannedResource, machines: Machines, rates: Rates) -> tuple[Span | None, Rate | None, str | None]:
    if machines.count is not None and machines.count.high == 0:
        rate = rates.of(machines)
        return ZERO, rate if isinstance(rate, Rate) else None, None
    if machines.lacks is not None:
        return None, None, machines.lacks
    units, rate = _units(machines), rates.of(machines)
    if isinstance(rate, NoRate):
        return None, None, rate.reason
    if units is None:
        return None, rate, "how many there will be is not known"
    if resource.hours is None:
        return None, rate, resource.lacks_hours or "how long it runs is not known"
    return units.times(resource.hours).times(resource.runs).times(rate.price), rate, None


def _units(machines: Machines) -> Span | None:
    """What the rate is for: machines, or of shares GPUs."""
    return gpus_at_once(machines) if machines.is_share else machines.count


def _less(whole: Span | None, part: Span | None) -> Span | None:
    """Between low − low and high − high, as both sides move with the same prices."""
    if whole is None or part is None:
        return None
    ends = (EXACT.subtract(whole.low, part.low), EXACT.subtract(whole.high, part.high))
    return Span(min(ends), max(ends))
