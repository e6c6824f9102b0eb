"""Model FLOPs utilisation of training runs, where their FLOPs and their GPUs are known."""

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation

from tools.domain.errors import NoData
from tools.domain.period import Period
from tools.domain.records import TrainingRun
from tools.domain.scope import Filter
from tools.inform.economics.run_slices import CARD, FLOPS, runs_in
from tools.inform.economics.table import Table, amount, cell, name
from tools.inform.gpus.cards import card_named, cards
from tools.registry import ToolContext
from tools.semantic.numbers import over

SECONDS = 3600
NOTE = (
    "MFU: FLOPs that the model needed over what its GPU-hours could have done at the dense 16-bit peak of the card's "
    "data sheet (PaLM, Chowdhery and others, 2022)"
)


def utilisations(ctx: ToolContext, run: str | None, filters: Sequence[Filter], period: Period) -> Table:
    """A row for each run whose MFU can be told. Raises NoData where there is none, saying what would tell it.

    A run that is named is looked for in all time.
    """
    every, shown = runs_in(ctx, filters, period) if run is None else _named(ctx, run)
    told = [(one, value) for one in shown if (value := mfu(one)) is not None]
    if not told:
        raise NoData(
            f"MFU needs runs with GPU-hours, {FLOPS} (what the model needed: 6 × parameters × tokens) and {CARD} "
            f"(one of {', '.join(cards())}); add these columns to the file: outlay ingest runs FILE",
            "not_loaded",
        )
    columns = (name("Run", "run", "runs"), name("Card", "GPU"), amount("GpuHours", "GPU-hours"),
               amount("Mfu", "MFU", "ratio"))  # fmt: skip
    rows = tuple((one.name or one.run_id, one.slice[CARD], cell(one.gpu_hours), cell(value)) for one, value in told)
    left = len(shown) - len(told)
    caveats = (NOTE, *([f"{left} of {len(shown)} runs do not tell their FLOPs, GPU-hours or card"] if left else ()))
    return Table(columns, rows, period if run is None else _days(every), (), caveats)


def mfu(run: TrainingRun) -> Decimal | None:
    """A fraction 0–1; None where FLOPs, GPU-hours or the card's peak are not known.

    Source of the formula: Chowdhery et al., PaLM: Scaling Language Modeling with Pathways (2022), appendix B.
    """
    card = card_named(run.slice.get(CARD, ""))
    flops = _number(run.slice.get(FLOPS))
    if card is None or flops is None or not run.gpu_hours:
        return None
    return over(flops, run.gpu_hours * SECONDS * Decimal(str(card.tflops)) * 10**12)


def _named(ctx: ToolContext, run: str) -> tuple[list[TrainingRun], list[TrainingRun]]:
    every = list(ctx.store.records("runs"))
    found = [one for one in every if run.lower() in (one.run_id.lower(), (one.name or "").lower())]
    if not found:
        known = ", ".join(one.name or one.run_id for one in every[-10:]) or "none is loaded"
        raise NoData(f"no training run is called {run}; the newest are: {known}", "absent")
    return found, found


def _days(runs: Sequence[TrainingRun]) -> Period:
    from datetime import timedelta

    return Period(start=min(one.start for one in runs).date(),
                  end=max(one.end or one.start for one in runs).date() + timedelta(days=1))  # fmt: skip


def _number(text: str | None) -> Decimal | None:
    try:
        return None if text is None else Decimal(text)
    except InvalidOperation:
        return None
