"""Tag coverage: how much of the cost carries each tag or owner, and where most of it is missing."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from sqlglot import exp

from tools.domain.errors import MixedCurrencies, NoData
from tools.domain.money import UNKNOWN_CURRENCY
from tools.domain.period import Period
from tools.domain.result import Cell, Column, Evidence, ToolResult
from tools.inform.allocation.branches import Branches
from tools.inform.allocation.neighbours import neighbourhood
from tools.registry import CostReader, Rows, ToolContext
from tools.semantic.columns import Columns, column
from tools.semantic.dimension import Dimension
from tools.semantic.model import load_model
from tools.semantic.numbers import EXACT, exact, over, plain
from tools.semantic.parameters import Parameters

if TYPE_CHECKING:
    from tools.inform.allocation.unowned import UnownedRequest

OWNERS = ("x_Team", "x_Project", "x_Environment", "x_UseCase", "x_Customer", "x_Workload")
MOST_TAGS = 12
PLACE = ("HostProviderName", "SubAccountId", "SubAccountName")


@dataclass
class _Covered:
    covered: Decimal = Decimal(0)
    missing: dict[tuple[str | None, ...], Decimal] = field(default_factory=dict)
    """Place → cost without the tag."""


def coverage(ctx: ToolContext, request: "UnownedRequest", period: Period, evidence: Evidence) -> ToolResult:
    """A row per tag or owner dimension, the least covered first."""
    from tools.inform.allocation.unowned import TOOL, source_of

    dimensions = _dimensions(ctx.store)
    rows, sql, parameters = _measured(ctx.store, dimensions, period, request)
    if not rows.rows:
        raise NoData(f"no charges in {period.start} to {period.last_day}", "absent")
    near = neighbourhood(source_of(ctx, request.by), period)
    found = [_covered(rows, index) for index in range(len(dimensions))]
    cells = []
    for dimension, one in zip(dimensions, found, strict=True):
        gap = max(sorted(one.missing, key=str), key=lambda place: one.missing[place]) if one.missing else None
        missing = _sum(list(one.missing.values()))
        charge = dict(zip(PLACE, gap, strict=True)) if gap else {}
        neighbour = near.nearest(charge) if gap else None
        place = ", ".join(part for part in (gap[0], gap[2] or gap[1]) if part) if gap else None
        cells.append((dimension, one, missing, place, one.missing[gap] if gap else None, neighbour))
    cells.sort(key=lambda cell: (-cell[2], cell[0].name))
    told: list[tuple[Cell, ...]] = [
        (
            f"tag {dimension.key}" if dimension.name.startswith("tag:") else dimension.label,
            over(one.covered, EXACT.add(one.covered, missing)),
            plain(one.covered),
            plain(missing),
            place,
            plain(lost) if lost is not None else None,
            neighbour.payer if neighbour else None,
        )
        for dimension, one, missing, place, lost, neighbour in cells
    ]
    evidence = evidence.model_copy(update={"sql": sql, "parameters": parameters, "row_count": len(told)})
    return ToolResult(tool=TOOL, columns=_columns(_unit(rows), request.by), rows=tuple(told), evidence=evidence)


def _dimensions(reader: CostReader) -> list[Dimension]:
    model = load_model()
    owners = [model.dimensions[name] for name in OWNERS if name in reader.columns]
    return [*owners, *(model.dimension(f"tag:{key}") for key in reader.tag_keys()[:MOST_TAGS])]


def _measured(
    reader: CostReader, dimensions: Sequence[Dimension], period: Period, request: "UnownedRequest"
) -> tuple[Rows, str, tuple[object, ...]]:
    columns = Columns(reader, load_model(), Parameters())
    writer = Branches(columns, columns.model.dimensions["x_Team"])
    names = [exp.alias_(writer.value(columns.model.dimension(name)), name, quoted=True) for name in PLACE]
    sums = []
    for index, dimension in enumerate(dimensions):
        is_set = exp.not_(exp.paren(writer.value(dimension)).is_(exp.null()))
        covered = exp.Filter(this=exp.Sum(this=column("EffectiveCost")), expression=exp.Where(this=is_set))
        sums.append(exp.alias_(covered, f"covered_{index}", quoted=True))
    day = column("ChargeDay")
    start, end = (exp.cast(exp.Literal.string(one.isoformat()), "DATE") for one in (period.start, period.end))
    where = [day >= start, day.copy() < end, column("x_CountsForCost"), *writer.asked(request.filters)]
    whole = exp.alias_(exp.Sum(this=column("EffectiveCost")), "cost", quoted=True)
    table = "daily" if writer.used <= reader.rollup_columns else "charges"
    query = exp.select(column("BillingCurrency"), *names, whole, *sums).from_(exp.Table(this=exp.to_identifier(table)))
    by = [exp.Literal.number(place + 1) for place in range(1 + len(PLACE))]
    sql, parameters = columns.parameters.write(query.where(*where).group_by(*by).order_by(*by))
    return reader.query(sql, parameters), sql, parameters


def _covered(rows: Rows, index: int) -> _Covered:
    found = _Covered()
    for _, *values in rows.rows:
        place, cost = tuple(values[: len(PLACE)]), exact(values[len(PLACE)]) or Decimal(0)
        covered = exact(values[len(PLACE) + 1 + index]) or Decimal(0)
        found.covered = EXACT.add(found.covered, covered)
        missing = EXACT.subtract(cost, covered)
        if missing:
            found.missing[place] = missing
    return found


def _sum(values: Sequence[Decimal]) -> Decimal:
    whole = Decimal(0)
    for value in values:
        whole = EXACT.add(whole, value)
    return whole


def _unit(rows: Rows) -> str:
    found = sorted({row[0] or "" for row in rows.rows if row[1 + len(PLACE)]})
    if len(found) > 1:
        raise MixedCurrencies(found)
    return found[0] if found and found[0] else UNKNOWN_CURRENCY


def _columns(unit: str, by: str) -> tuple[Column, ...]:
    def amount(key: str, label: str, unit: str) -> Column:
        return Column(name=key, kind="metric", label=label, unit=unit, metric=key)

    return (
        Column(name="Carries", kind="dimension", label="tag or owner", plural="tags and owners"),
        amount("Coverage", "coverage", "ratio"),
        amount("CoveredCost", "covered cost", unit),
        amount("MissingCost", "cost without it", unit),
        Column(name="BiggestGap", kind="dimension", label="biggest gap"),
        amount("GapCost", "cost of that gap", unit),
        Column(name="AskFirst", kind="dimension", label=f"{load_model().dimension(by).label} to ask"),
    )
