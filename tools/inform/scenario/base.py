"""The base of a scenario: what the slice used and paid in a past period, and how much its weeks differ."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from tools.domain.errors import BadRequest, MixedCurrencies, NoData
from tools.domain.period import Period, shift_months
from tools.domain.query import CostQuery
from tools.domain.scope import Filter
from tools.inform.scenario.prices import Paid, paid_prices
from tools.inform.scenario.usage import TOKEN_TYPES, Amounts, Line, TokenType, Usage
from tools.registry import SqlValue, ToolContext
from tools.semantic.columns import Columns
from tools.semantic.model import load_model
from tools.semantic.parameters import Parameters
from tools.semantic.plan import Plan, make_plan
from tools.semantic.token_lines import LINE_COLUMNS, compile_token_days, compile_token_lines

MONTH_DAYS = 30
"""A base that is not made of whole months is scaled to this many days."""
WEEKS_BEFORE = 13
"""Weeks up to the base's end whose differences make the interval."""


@dataclass(frozen=True)
class Base:
    """A slice's usage in its period; `month` scales it to one month."""

    period: Period
    usage: Usage
    cost: Fraction
    paid: Paid
    elsewhere: Paid
    currency: str
    month: Fraction
    weeks: tuple[Fraction, ...]
    unpriced_tokens: int
    estimated: tuple[str, ...]
    """Models whose cost is an estimate, as nobody bills them by token."""
    unbilled: frozenset[Line]
    """Lines of which nothing but an estimate is known: self-hosted models."""
    sql: str
    parameters: tuple[SqlValue, ...]
    lines: int
    free: tuple[str, ...] = ()
    """Models whose tokens have no price, as their GPUs are counted."""

    def served_by(self, providers: Collection[str]) -> "Base":
        """The base beside the GPUs of some providers: what those serve is paid with them, not once more by token."""
        served = {line for line in self.unbilled if line.provider in providers}
        free = tuple(sorted({line.model for line in served}))

        def paid(prices: Paid) -> Paid:
            return {key: Fraction(0) if key[0] in served else price for key, price in prices.items()}

        estimated = tuple(one for one in self.estimated if one not in free)
        return replace(self, paid=paid(self.paid), elsewhere=paid(self.elsewhere), free=free, estimated=estimated)


def base_period(ctx: ToolContext, asked: Period | None) -> Period:
    """The period asked for, or the last month that is over and has data; before the first is over, the days so far.

    Raises NoData for an empty store.
    """
    first, through = _loaded(ctx)
    if asked is not None:
        return asked
    last = shift_months(ctx.as_of.replace(day=1), -1)
    month = Period.month_of(min(last, through.replace(day=1)))
    return month if month.end > first else Period(start=first, end=through + timedelta(days=1))


def read_base(ctx: ToolContext, filters: tuple[Filter, ...], period: Period) -> Base:
    """The base from the store. Raises NoData when the slice has no tokens with a price in the period."""
    plan, rows, sql, parameters = _lines(ctx, filters, period)
    priced = [row for row in rows if row["cost"] is not None and row["tokens"]]
    if not priced:
        raise NoData(_nothing(ctx, period, rows), "absent")
    currencies = sorted({row["currency"] for row in priced})
    if len(currencies) > 1:
        raise MixedCurrencies(currencies)
    paid = _paid(priced)
    everywhere = _lines(ctx, (), period)[1] if filters else rows
    elsewhere = _paid(everywhere) if filters else paid
    return Base(
        period=period,
        usage=_usage(priced),
        cost=sum((Fraction(row["cost"]) for row in priced), Fraction(0)),
        paid=paid,
        elsewhere=elsewhere,
        currency=currencies[0],
        month=month_factor(ctx, period),
        weeks=_weeks(ctx, plan),
        unpriced_tokens=int(sum(row["unpriced_tokens"] or 0 for row in rows)),
        estimated=tuple(sorted({row["model"] for row in priced if row["estimated"]})),
        unbilled=_unbilled([*priced, *everywhere]),
        sql=sql,
        parameters=parameters,
        lines=len(priced),
    )


def month_factor(ctx: ToolContext, period: Period) -> Fraction:
    """What the base is multiplied with to be a month: by whole months that are over, else loaded days to MONTH_DAYS.

    Raises NoData when nothing of the period is loaded.
    """
    first, through = _loaded(ctx)
    loaded = period.overlap(Period(start=first, end=through + timedelta(days=1)))
    if loaded is None:
        raise NoData(
            f"nothing is loaded for {period}; the store is loaded from {first} through {through}", "not_loaded"
        )
    is_over = period.whole_months and period.end <= ctx.as_of
    return Fraction(1, period.whole_months) if is_over else Fraction(MONTH_DAYS, loaded.days)


def partly_loaded(ctx: ToolContext, period: Period) -> str | None:
    """What to say where the data does not cover the base, or None."""
    first, through = _loaded(ctx)
    if first <= period.start and through >= period.last_day:
        return None
    return f"data runs from {first} to {through}, which is not all of the base"


def _loaded(ctx: ToolContext) -> tuple[date, date]:
    first, through = ctx.store.loaded_from, ctx.store.loaded_through
    if first is None or through is None:
        raise NoData("nothing is loaded yet", "not_loaded")
    return first, through


def _lines(
    ctx: ToolContext, filters: tuple[Filter, ...], period: Period
) -> tuple[Plan, list[dict[str, Any]], str, tuple[SqlValue, ...]]:
    query = CostQuery(metrics=("Tokens",), filters=filters, period=period)
    columns = Columns(ctx.store, load_model(), Parameters())
    plan = make_plan(query, reader=ctx.store, model=columns.model, columns=columns, as_of=ctx.as_of, rates=ctx.rates)
    sql, parameters = compile_token_lines(plan, columns)
    rows = ctx.store.query(sql, parameters).rows
    return plan, [dict(zip(LINE_COLUMNS, row, strict=True)) for row in rows], sql, parameters


def _nothing(ctx: ToolContext, period: Period, rows: Sequence[dict[str, Any]]) -> str:
    days = f"{period.start} to {period.last_day}"
    if rows:
        return f"the token usage in {days} has no known price, so that nothing can be said of its cost"
    return f"no token usage of that slice in {days}; the store is loaded through {ctx.store.loaded_through}"


def _typed(row: dict[str, Any]) -> TokenType:
    for kind in TOKEN_TYPES:
        if kind == row["token_type"]:
            return kind
    raise BadRequest(f"x_TokenType={row['token_type']!r} is not known; use one of {', '.join(TOKEN_TYPES)}")


def _unbilled(rows: Sequence[dict[str, Any]]) -> frozenset[Line]:
    priced = [row for row in rows if row["cost"] is not None]
    billed = {_line(row) for row in priced if row["estimated"] != row["cost"]}
    return frozenset(_line(row) for row in priced if _line(row) not in billed)


def _line(row: dict[str, Any]) -> Line:
    return Line(row["provider"], row["model"], row["tier"])


def _usage(rows: Sequence[dict[str, Any]]) -> Usage:
    tokens: dict[Line, dict[TokenType, Fraction]] = defaultdict(dict)
    requests: dict[Line, Fraction] = defaultdict(Fraction)
    for row in rows:
        tokens[_line(row)][_typed(row)] = Fraction(row["tokens"])
        requests[_line(row)] += Fraction(row["requests"] or 0)
    return {line: Amounts(requests[line], tokens[line]) for line in tokens}


def _paid(rows: Sequence[dict[str, Any]]) -> Paid:
    return paid_prices(
        (_line(row), _typed(row), Fraction(row["tokens"]), Fraction(row["cost"]))
        for row in rows
        if row["cost"] is not None and row["tokens"]
    )


def _weeks(ctx: ToolContext, plan: Plan) -> tuple[Fraction, ...]:
    """Costs of the last whole weeks up to the base's end, oldest first; weeks before the first day are left out."""
    end = min(plan.span.asked.end, (ctx.store.loaded_through or date.max) + timedelta(days=1))
    first = max(end - timedelta(weeks=WEEKS_BEFORE), ctx.store.loaded_from or date.min)
    whole = (end - first).days // 7
    if whole < 1:
        return ()
    start = end - timedelta(weeks=whole)
    columns = Columns(ctx.store, load_model(), Parameters())
    sql, parameters = compile_token_days(plan, columns, start)
    sums = [Fraction(0)] * whole
    for day, cost in ctx.store.query(sql, parameters).rows:
        if start <= day < end and cost is not None:
            sums[(day - start).days // 7] += Fraction(cost)
    return tuple(sums)
