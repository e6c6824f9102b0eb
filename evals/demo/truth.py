"""The truth of a case: its own small query language, answered by SQL over the facts."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal, localcontext
from typing import Any, Literal

import duckdb
from pydantic import BaseModel, ConfigDict, Field

TODAY = date(2026, 11, 23)
LAST_DAY = date(2026, 11, 22)
Value = Decimal | None

_TOKENS = "sum(tokens) FILTER (WHERE counts_usage AND token_type IN ({}))"
_ALL = "'input', 'cached_input', 'cache_write', 'output', 'reasoning'"
_INPUT, _OUTPUT = "'input', 'cached_input', 'cache_write'", "'output', 'reasoning'"
_TOKEN_COST = "sum(effective) FILTER (WHERE counts_usage AND NOT unpriced AND token_type IN ({}))"
_PRICED = "sum(tokens) FILTER (WHERE counts_usage AND NOT unpriced AND token_type IN ({}))"
_ON_DEMAND = "sum(contracted) FILTER (WHERE counts AND category = 'Usage' AND commitment IS DISTINCT FROM 'Unused')"
_USED = "sum({}) FILTER (WHERE counts AND category = 'Usage' AND commitment = '{}')"


@dataclass(frozen=True)
class Measure:
    """`top` over `bottom` (none: a plain sum), times `scale`. `by_bill`: the billing period decides, not the day."""

    top: str
    bottom: str | None = None
    scale: int = 1
    unit: str = "USD"
    by_bill: bool = False


def _cost(condition: str, column: str = "effective", by_bill: bool = False) -> Measure:
    return Measure(f"sum({column}) FILTER (WHERE counts AND {condition})", by_bill=by_bill)


MEASURES = {
    "cost": _cost("true"),
    "billed": _cost("true", "billed", by_bill=True),
    "list": _cost("true", "list"),
    "contracted": _cost("true", "contracted"),
    "usage_cost": _cost("category = 'Usage'"),
    "credits": _cost("category = 'Credit'"),
    "taxes": _cost("category = 'Tax'"),
    "refunds": _cost("(category = 'Adjustment' OR class = 'Correction')"),
    "purchases": _cost("category = 'Purchase'", "billed", by_bill=True),
    "untagged": _cost("NOT tagged"),
    "unallocated": _cost("team IS NULL"),
    "tokens": Measure(_TOKENS.format(_ALL), unit="tokens"),
    "input_tokens": Measure(_TOKENS.format(_INPUT), unit="tokens"),
    "output_tokens": Measure(_TOKENS.format(_OUTPUT), unit="tokens"),
    "cached_tokens": Measure(_TOKENS.format("'cached_input'"), unit="tokens"),
    "cache_write_tokens": Measure(_TOKENS.format("'cache_write'"), unit="tokens"),
    "reasoning_tokens": Measure(_TOKENS.format("'reasoning'"), unit="tokens"),
    "unpriced_tokens": Measure("sum(tokens) FILTER (WHERE counts_usage AND unpriced)", unit="tokens"),
    "requests": Measure("sum(requests) FILTER (WHERE counts_usage)", unit="requests"),
    "cost_per_million": Measure(_TOKEN_COST.format(_ALL), _PRICED.format(_ALL), 10**6),
    "cost_per_million_input": Measure(_TOKEN_COST.format(_INPUT), _PRICED.format(_INPUT), 10**6),
    "cost_per_million_output": Measure(_TOKEN_COST.format(_OUTPUT), _PRICED.format(_OUTPUT), 10**6),
    "cost_per_request": Measure(_TOKEN_COST.format(_ALL), "sum(requests) FILTER (WHERE counts_usage AND NOT unpriced)"),
    "tokens_per_request": Measure(_TOKENS.format(_ALL), "sum(requests) FILTER (WHERE counts_usage)", unit="tokens"),
    "cache_hit_rate": Measure(_TOKENS.format("'cached_input'"), _TOKENS.format(_INPUT), unit="ratio"),
    "savings_rate": Measure(
        f"{_ON_DEMAND} - sum(effective) FILTER (WHERE counts AND category = 'Usage')", _ON_DEMAND, unit="ratio"
    ),
    "utilization": Measure(
        _USED.format("effective", "Used"),
        "sum(effective) FILTER (WHERE counts AND category = 'Usage' AND commitment IN ('Used', 'Unused'))",
        unit="ratio",
    ),
    "waste": _cost("category = 'Usage' AND commitment = 'Unused'"),
    "rows": Measure("count(*) FILTER (WHERE counts)", unit="rows"),
}


class Spec(BaseModel):
    """What is asked, in the eval's own words. `where` maps a fact's column to its values; `by` names columns, or one of
    day, week, month, quarter, weekday for time. `over`/`under` keep groups by the first value."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    measure: str
    period: str = "mtd"
    by: tuple[str, ...] = ()
    where: dict[str, tuple[str | None, ...]] = {}
    excluding: dict[str, tuple[str, ...]] = {}
    top: int | None = None
    least: bool = False
    against: str | None = None
    share: bool = False
    over: Decimal | None = None
    under: Decimal | None = None
    count: bool = False
    mover: Literal["rise", "fall", "any"] | None = None


@dataclass(frozen=True)
class Row:
    names: tuple[str | None, ...]
    value: Value
    before: Value = None
    share: Value = None


@dataclass(frozen=True)
class Truth:
    """An exact answer: `rows` in the order asked for, `total` over all groups, the period clipped to data."""

    start: date
    end: date
    unit: str
    rows: tuple[Row, ...]
    total: Value
    before: Value = None
    ratio: bool = False
    groups: int = 0
    ordered: bool = True
    spec: Spec = field(default_factory=lambda: Spec(measure="cost"))


TIMES = {
    "day": "CAST({} AS DATE)",
    "week": "CAST(date_trunc('week', {}) AS DATE)",
    "month": "CAST(date_trunc('month', {}) AS DATE)",
    "quarter": "CAST(date_trunc('quarter', {}) AS DATE)",
    "weekday": "dayname({})",
    "hour": "strftime({}, '%Y-%m-%dT%H')",
}


def period_of(text: str) -> tuple[date, date]:
    """`mtd`, `2026`, `2026-10`, `2026-Q3`, a day, or `first..last` (exclusive)."""
    if text == "mtd":
        return TODAY.replace(day=1), TODAY + timedelta(days=1)
    if ".." in text:
        first, last = text.split("..")
        return date.fromisoformat(first), date.fromisoformat(last)
    if "Q" in text:
        year, quarter = int(text[:4]), int(text[-1])
        return date(year, quarter * 3 - 2, 1), _month_after(date(year, quarter * 3, 1))
    if len(text) == 7:
        first_day = date.fromisoformat(f"{text}-01")
        return first_day, _month_after(first_day)
    day = date.fromisoformat(text)
    return day, day + timedelta(days=1)


def compute(facts: duckdb.DuckDBPyConnection, spec: Spec) -> Truth:
    """Answer a spec from the facts."""
    measure = MEASURES[spec.measure]
    start, end = period_of(spec.period)
    now = _grouped(facts, spec, measure, start, end)
    before: dict[tuple[str | None, ...], Value] = {}
    total = _total(facts, spec, measure, start, end)
    total_before = None
    if spec.against:
        then = period_of(spec.against)
        before = _grouped(facts, spec, measure, *then)
        total_before = _total(facts, spec, measure, *then)
    names = list(dict.fromkeys([*now, *before])) if spec.against else list(now)
    rows = [Row(key, now.get(key), before.get(key), _part(now.get(key), total)) for key in names]
    rows = [row for row in rows if row.value is not None or row.before is not None]
    rows = [row for row in rows if _keeps(row, spec)]
    ranked = spec.top is not None or bool(spec.over or spec.under)
    if ranked or spec.count:  # a rank, a threshold or a count is about things with a name
        rows = [row for row in rows if None not in row.names]
    rows.sort(key=lambda row: _order(row, spec))
    chosen = tuple(rows[: spec.top] if spec.top else rows)
    return Truth(
        start, min(end, LAST_DAY + timedelta(days=1)), measure.unit, chosen, total, total_before,
        measure.bottom is not None, len(rows), ranked, spec,
    )  # fmt: skip


def _keeps(row: Row, spec: Spec) -> bool:
    value = row.value or Decimal(0)
    return (spec.over is None or value >= spec.over) and (spec.under is None or value <= spec.under)


def _order(row: Row, spec: Spec) -> Any:
    if spec.by and spec.by[0] in TIMES:
        return row.names
    change = (row.value or Decimal(0)) - (row.before or Decimal(0))
    if spec.mover:
        return {"rise": -change, "fall": change, "any": -abs(change)}[spec.mover]
    return (row.value or Decimal(0)) * (1 if spec.least else -1)


def _part(value: Value, total: Value) -> Value:
    return _divide(value, total) if value is not None and total else None


def _divide(top: Decimal, bottom: Decimal) -> Decimal:
    with localcontext() as context:
        context.prec = 50
        return top / bottom


def _grouped(
    facts: duckdb.DuckDBPyConnection, spec: Spec, measure: Measure, start: date, end: date
) -> dict[tuple[str | None, ...], Value]:
    time = "billed_month" if measure.by_bill else "hour"
    keys = [TIMES[name].format(time) if name in TIMES else name for name in spec.by]
    if not keys:
        total = _total(facts, spec, measure, start, end)
        return {(): total}
    found = facts.execute(_sql(spec, measure, keys), [start, end]).fetchall()
    return {
        tuple(None if name is None else str(name) for name in row[:-2]): _value(row[-2], row[-1], measure)
        for row in found
        if row[-2] is not None
    }


def _total(facts: duckdb.DuckDBPyConnection, spec: Spec, measure: Measure, start: date, end: date) -> Value:
    found = facts.execute(_sql(spec, measure, []), [start, end]).fetchall()
    return _value(found[0][0], found[0][1], measure) if found else None


def _value(top: Any, bottom: Any, measure: Measure) -> Value:
    if top is None:
        return None
    if measure.bottom is None:
        return Decimal(top)
    return _divide(Decimal(top) * measure.scale, Decimal(bottom)) if bottom else None


def _sql(spec: Spec, measure: Measure, keys: list[str]) -> str:
    day = "billed_month" if measure.by_bill else "day"
    conditions = [f"{day} >= ?", f"{day} < ?"]
    conditions += [_one_of(name, values) for name, values in spec.where.items()]
    conditions += [
        f"{name} IS DISTINCT FROM {_text(value)}" for name, values in spec.excluding.items() for value in values
    ]
    bottom = measure.bottom or "1"
    select = ", ".join([*keys, measure.top, bottom])
    group = f" GROUP BY {', '.join(str(i + 1) for i in range(len(keys)))}" if keys else ""
    return f"SELECT {select} FROM facts WHERE {' AND '.join(conditions)}{group}"


def _one_of(name: str, values: tuple[str | None, ...]) -> str:
    parts = [f"{name} IS NULL" if value is None else f"{name} = {_text(value)}" for value in values]
    return "(" + " OR ".join(parts) + ")"


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _month_after(first: date) -> date:
    return (first + timedelta(days=32)).replace(day=1)


class Expected(BaseModel):
    """What an answer is held against: a spec to compute, or a status."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    truth: Spec | None = None
    status: Literal["answered", "clarify", "no_data", "declined"] = "answered"
    may_decline: bool = False
    """Whether saying that it can't be answered is right too."""
    contains: tuple[str, ...] = ()
    """Figures that the answer has to hold, as decimals (prices)."""
    says: tuple[str, ...] = ()
    """Words that the answer's text or tables have to hold."""
    tools: tuple[str, ...] = ()
    """The tools that should be called; none named: query_costs for a spec, any for the rest."""

    @property
    def expected_tools(self) -> tuple[str, ...]:
        return self.tools or (("query_costs",) if self.truth and not self.may_decline else ())


class Case(Expected):
    """One question in several wordings, and what is expected of each."""

    id: str
    ask: tuple[str, ...] = Field(min_length=3)
    after: tuple[str, ...] = ()
    """Questions asked before in the same thread."""
