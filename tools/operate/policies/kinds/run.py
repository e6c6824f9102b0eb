"""run: training runs that began in the period, each by itself. Maximum cost per run."""

from decimal import Decimal

from tools.domain.period import Period
from tools.inform.economics.training import training_runs
from tools.operate.policies.resource import Number, Reading, ResourceKind, Row
from tools.operate.policies.rule import Rule
from tools.registry import ToolContext

COST, HOURS = "EffectiveCost", "GpuHours"


def _read(ctx: ToolContext, rule: Rule, period: Period) -> Reading:
    table = training_runs(ctx, (), period)
    places = {column.name: place for place, column in enumerate(table.columns)}
    runs = {one.name or one.run_id: one for one in ctx.store.records("runs")}
    currency = next((column.unit for column in table.columns if column.name == COST), None)
    rows, unknown = [], 0
    for cells in table.rows:
        run, status = str(cells[places["Run"]]), cells[places["Status"]]
        slice_ = runs[run].slice if run in runs else {}
        texts = {**slice_, "Run": run, "Status": status if isinstance(status, str) else None}
        if not all(one.holds(texts.get(one.column)) for one in rule.conditions):
            continue
        numbers = {name: cell if isinstance(cell := cells[places[name]], Decimal) else None for name in (COST, HOURS)}
        unknown += numbers[COST] is None
        facts = (f"began on {cells[places['Start']]}, {status or 'of unknown status'}",)
        own = runs[run].currency if run in runs and runs[run].cost is not None else currency
        rows.append(Row(run, texts.get("x_Team"), numbers, own, facts))
    notes = (f"the cost of {unknown} runs is not known",) if unknown else ()
    return Reading(tuple(rows), tuple(one.evidence for one in table.results), notes)


RUN = ResourceKind(
    name="run",
    says="training runs",
    numbers={COST: Number("cost", None), HOURS: Number("GPU-hours", "GPU-hours")},
    measure=COST,
    texts=("Run", "Status", "x_Team", "x_Project"),
    read=_read,
    is_open=True,
)
