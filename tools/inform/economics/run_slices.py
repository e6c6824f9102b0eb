"""Which training runs are meant, and what each is part of."""

from collections.abc import Sequence

from tools.domain.errors import NoData
from tools.domain.period import Period
from tools.domain.records import TrainingRun
from tools.domain.scope import Filter
from tools.registry import ToolContext

TRAINING = Filter(dimension="x_Workload", values=("training", "fine_tuning"))
FLOPS, CARD = "x_Flops", "x_GpuModel"
"""Columns of a file of runs that tell of the run itself: the floating-point operations that its model needed in all
(6 × parameters × tokens for a dense transformer), and the card it ran on."""


def runs_in(ctx: ToolContext, filters: Sequence[Filter], period: Period) -> tuple[list[TrainingRun], list[TrainingRun]]:
    """All runs of the slice, and those that started in the period. Raises NoData without the one or the other."""
    every = [one for one in ctx.store.records("runs") if _inside(one, filters)]
    if not every:
        raise NoData("no training run is loaded; load some: outlay ingest runs FILE or mlruns/", "not_loaded")
    shown = [one for one in every if period.contains(one.start.date())]
    if not shown:
        first, last = min(one.start for one in every).date(), max(one.start for one in every).date()
        raise NoData(f"no training run started in {period.start} to {period.last_day}; runs are from {first} to {last}",
                     "absent")  # fmt: skip
    return every, shown


def slice_of(run: TrainingRun) -> tuple[tuple[str, str], ...]:
    """What a run is part of: its slice without what is told of the run itself."""
    return tuple(sorted((name, value) for name, value in run.slice.items() if name not in (FLOPS, CARD)))


def _inside(run: TrainingRun, filters: Sequence[Filter]) -> bool:
    asked = [one for one in filters if one.operator == "in" and one.dimension != TRAINING.dimension]
    return all((run.slice.get(one.dimension) or "").lower() in {v.lower() for v in one.values} for one in asked)
