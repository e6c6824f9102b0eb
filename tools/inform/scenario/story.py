"""A scenario's story: a month as it was, what each change does to it, and how sure that is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from tools.domain.errors import MixedCurrencies
from tools.domain.period import Period
from tools.inform.scenario.base import Base, partly_loaded, read_base
from tools.inform.scenario.gpus import GpuCosts, gpu_costs
from tools.inform.scenario.interval import FEWEST_WEEKS, relative_margin
from tools.inform.scenario.outcome import outcome
from tools.inform.scenario.prices import ListPrices, UnitPrices
from tools.inform.scenario.request import ScenarioRequest
from tools.registry import SqlValue, ToolContext


@dataclass(frozen=True)
class Story:
    """A month before and what changes it, exactly; `margin` is half the interval's width, in money."""

    before: Fraction
    parts: Mapping[str, Fraction]
    full: Fraction | None
    """A month when a launch's ramp is over; None without a ramp."""
    margin: Fraction | None
    currency: str
    notes: tuple[str, ...]
    sql: str
    parameters: tuple[SqlValue, ...]

    @property
    def change(self) -> Fraction:
        """What all levers do together."""
        return sum(self.parts.values(), Fraction(0))

    @property
    def after(self) -> Fraction:
        return self.before + self.change


def story(ctx: ToolContext, request: ScenarioRequest, period: Period) -> Story:
    """What a request would make of a month like the period's.

    Raises:
        NoData: the slice has nothing to tell of in the period.
        BadRequest: a lever has nothing to move, or something that would be used has no price.
    """
    gpus = gpu_costs(ctx, request, period) if request.changes_gpus else None
    usage = _usage(ctx, request, period, gpus) if request.changes_usage else None
    return _together(usage, gpus)


def _usage(ctx: ToolContext, request: ScenarioRequest, period: Period, gpus: GpuCosts | None) -> Story:
    base = read_base(ctx, request.filters, period)
    if gpus is not None:
        base = base.served_by(gpus.providers)
    prices = UnitPrices(base.paid, base.elsewhere, ListPrices(ctx.prices, period.last_day), base.currency)
    found = outcome(request, base.usage, prices, base.month)
    margin = relative_margin(base.weeks, Fraction(base.period.days, 7))
    return Story(
        before=found.before * base.month,
        parts={lever: part * base.month for lever, part in found.parts.items()},
        full=None if found.full is None else found.full * base.month,
        margin=None if margin is None else abs(found.after * base.month) * margin,
        currency=base.currency,
        notes=(*_notes(ctx, base, has_gpus=gpus is not None), *found.left_out, *prices.notes()),
        sql=base.sql,
        parameters=base.parameters,
    )


def _together(usage: Story | None, gpus: GpuCosts | None) -> Story:
    """Both kinds of change in one; one of them is there."""
    if gpus is None:
        assert usage is not None
        return usage
    parts = gpus.parts
    if usage is None:
        return Story(gpus.before, parts, None, None, gpus.currency, gpus.notes, gpus.sql, gpus.parameters)
    if usage.currency != gpus.currency:
        raise MixedCurrencies((usage.currency, gpus.currency))
    full = None if usage.full is None else usage.full + gpus.before + sum(parts.values(), Fraction(0))
    both = replace(usage, full=full, before=usage.before + gpus.before, parts={**usage.parts, **parts})
    return replace(both, notes=(*usage.notes, *gpus.notes))


def _notes(ctx: ToolContext, base: Base, *, has_gpus: bool) -> Sequence[str]:
    notes = ["counted is usage by token, at what its records say it cost; charges that are not by token stay out"]
    if base.month.denominator != 1 or base.month != 1:
        notes.append(f"the base is scaled to a month, times {float(base.month):.4g}")
    if (partly := partly_loaded(ctx, base.period)) is not None:
        notes.append(partly)
    if base.free:
        served = f"tokens of {', '.join(base.free)} cost nothing here by themselves, as nobody bills them"
        notes.append(f"{served}: their provider's GPUs are counted, and only those that the changes name")
    if base.estimated:
        twice = "; where the GPUs counted here serve them, they count twice" if has_gpus else ""
        notes.append(f"estimated by price list, not billed by token: {', '.join(base.estimated)}{twice}")
    if base.unpriced_tokens:
        notes.append(f"{base.unpriced_tokens:,} tokens of the base have no known price and stay out")
    if len(base.weeks) < FEWEST_WEEKS:
        notes.append(f"no interval: that needs {FEWEST_WEEKS} whole weeks up to the base's end")
    else:
        notes.append(
            f"80 % of months are between low and high, if weeks differ as the {len(base.weeks)} up to the base's end"
        )
    return notes
