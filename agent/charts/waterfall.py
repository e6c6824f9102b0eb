"""The reasons of a change as a waterfall: the cost before, each reason from where the last one ended, the cost now."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal, localcontext

from agent.answer.dates import period_text
from agent.answer.display import unescaped, value_text
from agent.answer.facts import dimensions, metrics
from agent.answer.headline import filter_parts, headline_parts, other_slice_parts
from agent.answer.pieces import cell_text, value_at
from agent.charts.spec import ChartSpec, NoChart, Series
from tools.domain.result import ToolResult
from tools.semantic.numbers import EXACT

MOST_REASONS = 12
SHORTEST = Decimal("0.4")
"""Of the highest level: when all reasons together span less, the axis does not start at zero."""
LEAST_SEEN = Decimal("0.001")
"""Of the largest reason: a smaller one has no length, and folds into the others."""
COST, ROSE, FELL = "cost", "rose", "fell"
CONTRIBUTION, OTHERS = "Contribution", "other reasons"


def waterfall(result: ToolResult, as_of: date | None) -> ChartSpec:
    """The largest reasons each as a bar, the rest as one; rises, falls and the two costs in series of their own.

    Raises:
        NoChart: nothing moved.
    """
    metric = metrics(result)[0]
    before, now = (result.totals.get(name) or Decimal(0) for name in (f"{metric.name}_previous", metric.name))
    bars = _reasons(result)
    if not bars:
        raise NoChart("the cost is the same on both sides, so there are no reasons to draw")
    names = (_side_name(result, earlier=True), *(name for name, _ in bars), _side_name(result, earlier=False))
    steps = (before, *(amount for _, amount in bars), now)
    starts = _starts(before, [amount for _, amount in bars])
    floor = _floor(starts[1:-1], now)
    return ChartSpec(
        kind="waterfall",
        title=unescaped("".join(part.text for part in headline_parts(result, as_of))),
        metric=metric.label,
        unit=metric.unit or "",
        places=names,
        series=_series(steps, _figures(names, steps, metric.unit)),
        notes=tuple(_notes(result, floor, len(bars))),
        caveats=result.evidence.caveats,
        starts=(floor, *starts[1:-1], floor),
    )


def _reasons(result: ToolResult) -> list[tuple[str, Decimal]]:
    """Names with their contribution, the largest first; those beyond the first few are one bar."""
    index = result.column_index(CONTRIBUTION)
    rows = sorted(range(len(result.rows)), key=lambda row: (-abs(Decimal(result.rows[row][index] or 0)), row))
    found = [(", ".join(cell_text(result, row, c) for c in dimensions(result)), _amount(result, row)) for row in rows]
    found = [(name, amount) for name, amount in found if amount]
    least = abs(found[0][1]) * LEAST_SEEN if found else Decimal(0)
    seen = sum(abs(amount) >= least for _, amount in found)
    return _folded(found, min(seen, MOST_REASONS), least)


def _folded(found: list[tuple[str, Decimal]], first: int, least: Decimal) -> list[tuple[str, Decimal]]:
    """The first reasons, and the others as one bar where together they are anything that can be seen."""
    with localcontext(EXACT):
        rest = sum((amount for _, amount in found[first:]), Decimal(0))
    others = [(f"{OTHERS} ({len(found) - first})", rest)] if abs(rest) >= least and rest else []
    return [*found[:first], *others]


def _amount(result: ToolResult, row: int) -> Decimal:
    column = next(column for column in result.columns if column.name == CONTRIBUTION)
    return value_at(result, row, column) or Decimal(0)


def _starts(before: Decimal, amounts: list[Decimal]) -> tuple[Decimal, ...]:
    with localcontext(EXACT):
        reached, starts = before, [Decimal(0)]
        for amount in amounts:
            starts.append(reached)
            reached += amount
    return (*starts, Decimal(0))


def _floor(reached: tuple[Decimal, ...], now: Decimal) -> Decimal:
    """Where the axis starts: at zero, or below the lowest level where the reasons would be too short to see."""
    low, high = min(*reached, now), max(*reached, now)
    if low <= 0 or high - low >= SHORTEST * high:
        return Decimal(0)
    step = Decimal(1).scaleb((high - low).adjusted())
    return max(Decimal(0), (low - (high - low) / 4) // step * step)


def _figures(names: Sequence[str], steps: Sequence[Decimal], unit: str | None) -> list[str]:
    """The amounts as people read them; the sum of the other reasons is no cell of the result, so it has none."""
    last = len(steps) - 1
    texts = [
        f"{'+' if step > 0 and 0 < place < last else ''}{value_text(step, unit)}" for place, step in enumerate(steps)
    ]
    return ["" if name.startswith(OTHERS) else text for name, text in zip(names, texts, strict=True)]


def _series(steps: Sequence[Decimal], texts: Sequence[str]) -> tuple[Series, ...]:
    """Costs in grey, rises and falls in a colour each."""
    last = len(steps) - 1
    kinds = [COST if place in (0, last) else ROSE if step > 0 else FELL for place, step in enumerate(steps)]
    return tuple(
        Series(kind, tuple(step if own == kind else None for own, step in zip(kinds, steps, strict=True)),
               tuple(text if own == kind else "" for own, text in zip(kinds, texts, strict=True)),
               is_rest=kind == COST)
        for kind in (ROSE, FELL, COST)
        if kind in kinds
    )  # fmt: skip


def _side_name(result: ToolResult, *, earlier: bool) -> str:
    """The period of a side; of two slices, the slice."""
    parts = other_slice_parts(result) if earlier else filter_parts(result)
    if result.evidence.arguments.get("compare_filters") is not None:
        return unescaped(", ".join(part.text.removeprefix("only ") for part in parts)) or "everything"
    evidence = result.evidence
    period = evidence.compare_period if earlier else evidence.period
    return period_text(period) if period else "before" if earlier else "now"


def _notes(result: ToolResult, floor: Decimal, shown: int) -> list[str]:
    notes = ["the axis does not start at zero, so that the reasons can be seen"] if floor else []
    return [*notes, "the table has every reason"] if len(result.rows) > shown else notes
