"""The rows of reasons as a result's table."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext

from tools.domain.result import Cell, Column
from tools.inform.change.cells import AmountCell, Names, TokenCell, UsageCell
from tools.inform.change.reasons import ReasonRow
from tools.semantic.dimension import Dimension
from tools.semantic.metric import Metric
from tools.semantic.numbers import EXACT, difference, over, plain

REASON, CONTRIBUTION = "Reason", "Contribution"
Costs = Mapping[Names, tuple[Decimal, Decimal]]
"""Group → cost before, and now."""


@dataclass(frozen=True)
class ChangeTable:
    """The fields of a ToolResult."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    totals: dict[str, Decimal | None]


def costs_of(tokens: Sequence[TokenCell], usage: Sequence[UsageCell], amounts: Sequence[AmountCell]) -> Costs:
    """The cost of each group on both sides, summed from the cells and not from the contributions."""
    with localcontext(EXACT):
        found: dict[Names, list[Decimal]] = defaultdict(lambda: [Decimal(0), Decimal(0)])
        for cell in tokens:
            found[cell.group][cell.side] += cell.cost
        for used in usage:
            found[used.group][used.side] += used.cost
        for amount in amounts:
            found[amount.group][amount.side] += amount.amount
    return {group: (plain(sides[0]), plain(sides[1])) for group, sides in found.items()}


def change_table(
    rows: Sequence[ReasonRow],
    costs: Costs,
    metric: Metric,
    unit: str,
    dimensions: Sequence[Dimension],
    causes: Mapping[tuple[Names, str], str],
) -> ChangeTable:
    """One row for each group and reason; totals are over all of them."""
    with localcontext(EXACT):
        before = plain(sum((sides[0] for sides in costs.values()), Decimal(0)))
        now = plain(sum((sides[1] for sides in costs.values()), Decimal(0)))
        sums = {
            CONTRIBUTION: plain(sum((row.amount for row in rows), Decimal(0))),
            "Raised": plain(sum((row.raised for row in rows), Decimal(0))),
            "Lowered": plain(sum((row.lowered for row in rows), Decimal(0))),
        }
    change = difference(now, before)
    name = metric.name
    cells = [
        (
            *row.group,
            row.reason,
            *_cost_cells(costs[row.group]),
            row.amount,
            over(row.amount, change),
            row.raised,
            row.lowered,
            row.largest,
            row.largest_amount,
            causes.get((row.group, row.reason)),
        )
        for row in rows
    ]
    totals: dict[str, Decimal | None] = {
        name: now,
        f"{name}_previous": before,
        f"{name}_change": change,
        f"{name}_change_ratio": over(change, before),
        **sums,
    }
    return ChangeTable(_columns(metric, unit, dimensions), tuple(cells), totals)


def _cost_cells(sides: tuple[Decimal, Decimal]) -> tuple[Decimal | None, ...]:
    before, now = sides
    change = difference(now, before)
    return now, before, change, over(change, before)


def _columns(metric: Metric, unit: str, dimensions: Sequence[Dimension]) -> tuple[Column, ...]:
    name, label = metric.name, metric.label
    return (
        *(Column(name=one.name, kind="dimension", label=one.label, plural=one.plural) for one in dimensions),
        Column(name=REASON, kind="dimension", label="reason", plural="reasons"),
        Column(name=name, kind="metric", label=label, unit=unit, metric=name),
        Column(name=f"{name}_previous", kind="previous", label=f"previous {label}", unit=unit, metric=name),
        Column(name=f"{name}_change", kind="change", label=f"change of {label}", unit=unit, metric=name),
        Column(name=f"{name}_change_ratio", kind="change_ratio", label=f"relative change of {label}", unit="ratio",
               metric=name),
        _amount(CONTRIBUTION, "contribution", unit),
        Column(name=f"{CONTRIBUTION}_share", kind="share", label="share of the change", unit="ratio",
               metric=CONTRIBUTION),
        _amount("Raised", "rises", unit),
        _amount("Lowered", "falls", unit),
        Column(name="LargestPart", kind="detail", label="largest part"),
        _amount("LargestContribution", "its contribution", unit),
        Column(name="Candidates", kind="detail", label="candidate causes"),
    )  # fmt: skip


def _amount(name: str, label: str, unit: str) -> Column:
    return Column(name=name, kind="metric", label=label, unit=unit, metric=name)
