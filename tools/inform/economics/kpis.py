"""The KPIs of FinOps for AI by name: formula, value where the store can say it, and what the others need."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import cache
from importlib.resources import files

import yaml
from pydantic import BaseModel, ConfigDict, Field

from tools.domain.errors import NoData, ToolFault, UnknownName
from tools.domain.period import Period
from tools.domain.query import CostQuery
from tools.domain.result import Cell, Column, ToolResult
from tools.domain.scope import Filter
from tools.inform.economics.costs import EFFECTIVE, daily
from tools.inform.economics.returns import returns
from tools.inform.economics.table import Table, amount, cell, name
from tools.inform.economics.training import training_runs
from tools.inform.spend import query_costs
from tools.registry import ToolContext
from tools.semantic.numbers import over, total


class Kpi(BaseModel):
    """One KPI of knowledge/kpis.yaml."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    formula: str
    synonyms: tuple[str, ...] = ()
    metric: str | None = None
    only: dict[str, str] = Field(default_factory=dict)
    own: str | None = None
    ask: str | None = None
    needs: str | None = None

    @property
    def names(self) -> tuple[str, ...]:
        return (self.name.lower(), *(one.lower() for one in self.synonyms))


class Value(BaseModel):
    """A KPI's value with its unit, or why there is none."""

    model_config = ConfigDict(frozen=True, arbitrary_types_allowed=True)

    value: Decimal | None = None
    unit: str | None = None
    lacks: str | None = None
    result: ToolResult | None = None


@cache
def load_kpis() -> tuple[Kpi, ...]:
    """Read and check `knowledge/kpis.yaml`."""
    rows = yaml.safe_load((files("knowledge") / "kpis.yaml").read_text("utf-8"))
    return tuple(Kpi.model_validate(row) for row in rows)


def kpis(ctx: ToolContext, asked: str | None, filters: Sequence[Filter], period: Period) -> Table:
    """One KPI, or all. Raises UnknownName for one that is not known."""
    chosen = [_named(asked)] if asked else load_kpis()
    found = [(one, _value(ctx, one, filters, period)) for one in chosen]
    if asked and found[0][1].value is None:
        one, value = found[0]
        raise NoData(f"{one.name} ({one.formula}) can't be told: it needs {value.lacks}", "not_loaded")
    alone = found[0][1].unit if len(found) == 1 else None
    columns: tuple[Column, ...] = (
        name("Kpi", "KPI", "KPIs"), *([] if alone else [name("ValueUnit", "unit")]), name("Formula", "formula"),
        name("Needs", "needs"), amount("Value", found[0][0].name if len(found) == 1 else "value", alone),
    )  # fmt: skip
    rows: list[tuple[Cell, ...]] = [
        (one.name, *([] if alone else [value.unit]), one.formula, value.lacks, cell(value.value))
        for one, value in found
    ]
    results = tuple(value.result for _, value in found if value.result is not None)
    source = "formulas: FinOps Foundation KPI library (finops.org/kpi), CC-BY-4.0"
    return Table(columns, tuple(rows), period, results, (source,))


def _named(asked: str) -> Kpi:
    words = asked.lower().replace("-", " ").replace("_", " ").strip()
    for one in load_kpis():
        if words in one.names:
            return one
    raise UnknownName("kpi", asked, [one.name for one in load_kpis()])


def _value(ctx: ToolContext, one: Kpi, filters: Sequence[Filter], period: Period) -> Value:
    found = None
    try:
        if one.metric is not None:
            found = _metric(ctx, one, filters, period)
        elif one.own is not None:
            found = _OWN[one.own](ctx, filters, period)
    except (NoData, ToolFault) as nothing:
        return Value(lacks=one.needs or str(nothing))
    if found is not None:
        lacking = found.value is None and found.lacks is None
        return found.model_copy(update={"lacks": one.needs or "other data than this period has"}) if lacking else found
    return Value(lacks=one.needs if one.ask is None else f"the question “{one.ask}”")


def _metric(ctx: ToolContext, one: Kpi, filters: Sequence[Filter], period: Period) -> Value:
    own = tuple(Filter(dimension=dimension, values=(value,)) for dimension, value in one.only.items())
    result = query_costs.run(ctx, CostQuery(metrics=(str(one.metric),), filters=(*filters, *own), period=period))
    if result.no_data is not None:
        return Value(lacks=result.no_data)
    at = result.column_index(str(one.metric))
    value = result.rows[0][at]
    return Value(value=value if isinstance(value, Decimal) else None, unit=result.columns[at].unit, result=result)


def _return(ctx: ToolContext, filters: Sequence[Filter], period: Period) -> Value:
    table = returns(ctx, filters, period)
    value = table.rows[0][3]
    return Value(value=value if isinstance(value, Decimal) else None, unit="ratio", result=table.results[0])


def _training(ctx: ToolContext, filters: Sequence[Filter], period: Period) -> Value:
    """Cost of the period's runs over what they gained; None where they gained nothing."""
    table = training_runs(ctx, filters, period)
    at = [column.name for column in table.columns]
    cost, gained = (
        total(value for row in table.rows if isinstance(value := row[at.index(key)], Decimal) and value > 0)
        for key in (EFFECTIVE, "Gained")
    )
    column = table.columns[at.index("CostPerPoint")]
    point = column.label.removeprefix("cost per ")
    return Value(value=over(cost, gained), unit=f"{column.unit}/{point}", result=next(iter(table.results), None))


def _burn_rate(ctx: ToolContext, filters: Sequence[Filter], period: Period) -> Value:
    (costs,) = daily(ctx, [EFFECTIVE], filters, period)
    days = Decimal(len(costs.values))
    return Value(value=over(costs.amount(period), days), unit=f"{costs.unit}/day", result=costs.result)


def _visibility_delay(ctx: ToolContext, filters: Sequence[Filter], period: Period) -> Value:
    """Days from the last loaded day's end to the day of the question."""
    through = ctx.store.loaded_through
    if through is None:
        raise NoData("nothing is loaded yet", "not_loaded")
    return Value(value=Decimal(max(0, (ctx.as_of - through).days)), unit="days")


_OWN: dict[str, Callable[[ToolContext, Sequence[Filter], Period], Value]] = {
    "return": _return,
    "training": _training,
    "burn_rate": _burn_rate,
    "visibility_delay": _visibility_delay,
}
