"""What training runs cost: per run, per epoch, and per point of the metric gained, with diminishing returns flagged.

A run that names its cost has it. Otherwise each day's training cost of its slice (x_Workload training or fine-tuning)
is divided among the runs of that day by GPU-hours: runs and the days without one add up to the cost exactly.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from tools.domain.errors import NoData
from tools.domain.period import Period
from tools.domain.records import TrainingRun
from tools.domain.result import Cell, Column
from tools.domain.scope import Filter
from tools.inform.economics.costs import EFFECTIVE, Daily, daily
from tools.inform.economics.run_slices import TRAINING, runs_in, slice_of
from tools.inform.economics.table import Table, amount, cell, name
from tools.registry import ToolContext
from tools.semantic.numbers import EXACT, over, total

LOWER_IS_BETTER = ("loss", "error", "perplexity", "wer", "mae", "rmse", "mse")
DIMINISHING = Decimal(2)
"""A gain that costs this many times what gains cost on average is flagged."""
_FAILED = ("failed", "killed", "error", "cancelled", "canceled", "aborted")


@dataclass(frozen=True)
class Costed:
    run: TrainingRun
    cost: Decimal | None
    gained: Decimal | None
    """How much better than the best run before; None for no metric, or no run before."""

    @property
    def per_point(self) -> Decimal | None:
        return over(self.cost, self.gained) if self.gained and self.gained > 0 else None


def run_costs(ctx: ToolContext, filters: Sequence[Filter], period: Period) -> Table:
    """What a run, a GPU-hour, an epoch and a point cost on average, in one row. Raises NoData without runs."""
    found, sources = _read(ctx, filters, period)
    currency = next((one.unit for one in sources if one.unit), found[0].run.currency)
    known = [one for one in found if one.cost is not None]
    cost = total(one.cost for one in known)
    gains = [one for one in known if one.gained is not None and one.gained > 0]
    failed = total(one.cost for one in known if _has_failed(one.run))
    columns = (
        amount("Runs", "training runs", "runs"), amount(EFFECTIVE, "cost", currency),
        amount("CostPerRun", "cost per training run", currency),
        amount("CostPerGpuHour", "cost per GPU-hour", f"{currency}/GPU-hour"),
        amount("CostPerEpoch", "cost per epoch", currency),
        amount("CostPerPoint", f"cost per point of {_metric_name([one.run for one in found])}", currency),
        amount("FailedCost", "cost of failed runs", currency),
    )  # fmt: skip
    figures = (
        Decimal(len(found)), cost, over(cost, Decimal(len(known))), over(cost, _all(o.run.gpu_hours for o in known)),
        over(cost, _all(one.run.epochs for one in known)), over(cost, total(one.gained for one in gains)), failed,
    )  # fmt: skip
    caveats = _caveats(found, sources)
    return Table(columns, (tuple(map(cell, figures)),), period, tuple(one.result for one in sources), caveats)


def training_runs(ctx: ToolContext, filters: Sequence[Filter], period: Period) -> Table:
    """The runs that started in the period, in time. Raises NoData without runs."""
    found, sources = _read(ctx, filters, period)
    currency = next((one.unit for one in sources if one.unit), None)
    return Table(
        _columns(currency, [one.run for one in found]),
        tuple(_row(one, _mean_per_point(found)) for one in found),
        period,
        tuple(one.result for one in sources),
        _caveats(found, sources),
        _totals(found),
    )


def _read(ctx: ToolContext, filters: Sequence[Filter], period: Period) -> tuple[list[Costed], list[Daily]]:
    """The runs that started in the period, with their costs, and what was divided among them."""
    every, shown = runs_in(ctx, filters, period)
    costs, sources = _costs(ctx, every, filters, period)
    return _with_gains(every, costs, shown), sources


def _costs(
    ctx: ToolContext, runs: Sequence[TrainingRun], filters: Sequence[Filter], period: Period
) -> tuple[dict[str, Decimal | None], list[Daily]]:
    """Each run's cost by its id, and the daily costs that were divided."""
    costs: dict[str, Decimal | None] = {one.run_id: one.cost for one in runs}
    slices: dict[tuple[tuple[str, str], ...], list[TrainingRun]] = {}
    for one in runs:
        if one.cost is None and one.end is not None:
            slices.setdefault(slice_of(one), []).append(one)
    sources = []
    for pairs, own in slices.items():
        first = min(min(one.start for one in own).date(), period.start)
        last = max(_last_day(one) for one in own)
        where = [Filter(dimension=name, values=(value,)) for name, value in pairs if name in ctx.store.columns]
        workloads = tuple(one for one in TRAINING.values if one in ctx.store.values(TRAINING.dimension))
        if not workloads:
            continue  # training can't be told from the rest
        training = TRAINING.model_copy(update={"values": workloads})
        try:
            (found,) = daily(ctx, [EFFECTIVE], [training, *where], Period(start=first, end=last + timedelta(days=1)))
        except NoData:
            continue
        sources.append(found)
        costs |= _divided(own, found.values)
    return costs, sources


def _divided(runs: Sequence[TrainingRun], values: Mapping[date, Decimal]) -> dict[str, Decimal | None]:
    """Each day's cost by GPU-hours; equally where a run names none. The largest share takes the last digit."""
    costs: dict[str, Decimal | None] = {}
    for day, cost in sorted(values.items()):
        own = [one for one in runs if one.start.date() <= day <= _last_day(one)]
        weights = [_daily_weight(one) for one in own]
        if any(weight is None for weight in weights):
            weights = [Decimal(1)] * len(own)
        whole = sum((weight for weight in weights if weight), Decimal(0))
        rest = cost
        for place, (one, weight) in enumerate(zip(own, weights, strict=True)):
            share = rest if place == len(own) - 1 else over(cost * (weight or Decimal(0)), whole) or Decimal(0)
            share = share if place == len(own) - 1 else share.quantize(Decimal(1).scaleb(-20), context=EXACT)
            rest = EXACT.subtract(rest, share)
            costs[one.run_id] = EXACT.add(costs.get(one.run_id) or Decimal(0), share)
    return costs


def _daily_weight(run: TrainingRun) -> Decimal | None:
    days = (_last_day(run) - run.start.date()).days + 1
    return over(run.gpu_hours, Decimal(days))


def _last_day(run: TrainingRun) -> date:
    """The last day with any of the run; one that ends at midnight has nothing on that day."""
    if run.end is None or run.end <= run.start:
        return run.start.date()
    return (run.end - timedelta(microseconds=1)).date()


def _with_gains(
    runs: Sequence[TrainingRun], costs: Mapping[str, Decimal | None], shown: Sequence[TrainingRun]
) -> list[Costed]:
    """The shown runs with what each gained on the best before it, by its slice and metric."""
    best: dict[tuple[object, ...], Decimal] = {}
    found = []
    for one in sorted(runs, key=lambda run: (run.start, run.run_id)):
        key, value, gained = (slice_of(one), one.metric_name), one.metric_value, None
        if value is not None and not _has_failed(one):
            sign = -1 if any(word in (one.metric_name or "").lower() for word in LOWER_IS_BETTER) else 1
            if key in best:
                gained = sign * (value - best[key])
            if key not in best or sign * (value - best[key]) > 0:
                best[key] = value
        found.append(Costed(one, costs.get(one.run_id), gained))
    return [one for one in found if one.run in shown]


def _mean_per_point(found: Sequence[Costed]) -> Decimal | None:
    gains = [one for one in found if one.per_point is not None]
    return over(total(one.cost for one in gains), total(one.gained for one in gains))


def _columns(currency: str | None, runs: Sequence[TrainingRun]) -> tuple[Column, ...]:
    metric = _metric_name(runs)
    return (
        name("Run", "run", "runs"), name("Status", "status"), name("Start", "start"), name("Note", "note"),
        amount(EFFECTIVE, "cost", currency), amount("GpuHours", "GPU-hours"), amount("Epochs", "epochs"),
        amount("CostPerEpoch", "cost per epoch", currency), amount("MetricValue", metric),
        amount("Gained", f"{metric} gained"), amount("CostPerPoint", f"cost per point of {metric}", currency),
    )  # fmt: skip


def _row(one: Costed, mean: Decimal | None) -> tuple[Cell, ...]:
    run = one.run
    dear = one.per_point is not None and mean is not None and one.per_point >= DIMINISHING * mean
    none_gained = one.gained is not None and one.gained <= 0
    note = "diminishing returns" if dear else "no gain" if none_gained else None
    numbers = (one.cost, run.gpu_hours, run.epochs, over(one.cost, run.epochs), run.metric_value, one.gained,
               one.per_point)  # fmt: skip
    return (run.name or run.run_id, run.status, run.start.date().isoformat(), note, *map(cell, numbers))


def _totals(found: Sequence[Costed]) -> dict[str, Decimal | None]:
    return {EFFECTIVE: cell(total(one.cost for one in found)), "GpuHours": cell(total(o.run.gpu_hours for o in found))}


def _caveats(found: Sequence[Costed], sources: Sequence[Daily]) -> tuple[str, ...]:
    caveats = []
    if sources:
        caveats.append("each day's training cost of a run's slice is divided among the runs of that day by GPU-hours")
    if any(one.cost is None for one in found):
        caveats.append("runs of unknown cost are in no average")
    if any(one.run.metric_name and any(w in one.run.metric_name.lower() for w in LOWER_IS_BETTER) for one in found):
        caveats.append("a gain is how far below the best run before it a metric came, as less is better")
    return tuple(caveats)


def _has_failed(run: TrainingRun) -> bool:
    return (run.status or "").lower() in _FAILED


def _all(values: Iterable[Decimal | None]) -> Decimal | None:
    """The sum where every value is known."""
    found = list(values)
    return None if any(value is None for value in found) else total(found)


def _metric_name(runs: Sequence[TrainingRun]) -> str:
    names = {one.metric_name for one in runs if one.metric_name}
    return names.pop().replace("_", " ") if len(names) == 1 else "metric"
