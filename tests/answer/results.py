"""Results as the tools give them, built by hand: rankings, comparisons, series, shares, prices, nothing."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from tools.domain.period import Period
from tools.domain.result import Cell, Column, Evidence, ToolResult

AS_OF = date(2026, 10, 10)
TO_DATE = Period(start=date(2026, 10, 1), end=date(2026, 10, 11))
OCTOBER = Period(start=date(2026, 10, 1), end=date(2026, 11, 1))
SEPTEMBER = Period(start=date(2026, 9, 1), end=date(2026, 10, 1))

MODEL = Column(name="x_Model", kind="dimension", label="model", plural="models")
TEAM = Column(name="x_Team", kind="dimension", label="team", plural="teams")
SERVICE = Column(name="ServiceName", kind="dimension", label="service", plural="services")
TIME = Column(name="Time", kind="time", label="time")
COST = Column(name="EffectiveCost", kind="metric", label="effective cost", unit="USD", metric="EffectiveCost")
TOKENS = Column(name="Tokens", kind="metric", label="tokens", unit="tokens", metric="Tokens")
HIT_RATE = Column(name="CacheHitRate", kind="metric", label="cache-hit rate", unit="ratio", metric="CacheHitRate")
PER_MILLION = Column(
    name="CostPerMillionTokens", kind="metric", label="cost per million tokens", unit="USD/1M tokens",
    metric="CostPerMillionTokens",
)  # fmt: skip
SHARE = Column(name="EffectiveCost_share", kind="share", label="share", unit="ratio", metric="EffectiveCost")


def against(metric: Column) -> tuple[Column, ...]:
    """The columns that a comparison adds."""
    unit = metric.unit
    return (
        Column(name=f"{metric.name}_previous", kind="previous", label="before", unit=unit, metric=metric.name),
        Column(name=f"{metric.name}_change", kind="change", label="change", unit=unit, metric=metric.name),
        Column(
            name=f"{metric.name}_change_ratio", kind="change_ratio", label="change", unit="ratio", metric=metric.name
        ),
    )


def cost_result(
    columns: Sequence[Column],
    rows: Sequence[Sequence[str | None]],
    *,
    totals: dict[str, str | None] | None = None,
    row_count: int | None = None,
    other_row: int | None = None,
    period: Period | None = TO_DATE,
    compare_period: Period | None = None,
    caveats: tuple[str, ...] = (),
    suggestions: tuple[str, ...] = (),
    **arguments: Any,
) -> ToolResult:
    """A result of query_costs; numbers are given as text."""
    cells = tuple(tuple(_cell(column, text) for column, text in zip(columns, row, strict=True)) for row in rows)
    named = {
        "metrics": [c.name for c in columns if c.kind == "metric"],
        "group_by": [c.name for c in columns if c.kind == "dimension"],
        **arguments,
    }
    return ToolResult(
        tool="query_costs",
        columns=tuple(columns),
        rows=cells,
        totals={name: None if text is None else Decimal(text) for name, text in (totals or {}).items()},
        other_row=other_row,
        evidence=Evidence(
            sql="SELECT …",
            arguments=named,
            period=period,
            compare_period=compare_period,
            generation=1,
            row_count=len(rows) if row_count is None else row_count,
            loaded_through=date(2026, 10, 10),
            sources=("servegen",),
            caveats=caveats,
        ),
        suggestions=suggestions,
    )


def _cell(column: Column, text: str | None) -> Cell:
    return text if text is None or column.kind in ("dimension", "time") else Decimal(text)


def top_models() -> ToolResult:
    return cost_result(
        (MODEL, COST),
        (("m-large", "269195.3201536"), ("m-mid", "157684.05020584"), ("deepseek-r1", "5593.60092317")),
        totals={"EffectiveCost": "432472.97128261"},
        limit=5,
    )


def top_teams_with_rest() -> ToolResult:
    return cost_result(
        (TEAM, COST, SHARE),
        (("search", "900.5", "0.45025"), (None, "600", "0.3"), ("other", "499.5", "0.24975")),
        totals={"EffectiveCost": "2000", "EffectiveCost_share": "1"},
        row_count=6,
        other_row=2,
        limit=2,
        with_share=True,
        filters=[{"dimension": "x_Environment", "operator": "in", "values": ["production"]}],
        caveats=("3 charges have no team.",),
    )


def compared_models() -> ToolResult:
    return cost_result(
        (MODEL, COST, *against(COST)),
        (
            ("m-large", "11234.5", "10000", "1234.5", "0.12345"),
            ("m-mid", "800", "1000", "-200", "-0.2"),
            ("m-new", "50", "0", "50", None),
        ),
        totals={
            "EffectiveCost": "12084.5",
            "EffectiveCost_previous": "11000",
            "EffectiveCost_change": "1084.5",
            "EffectiveCost_change_ratio": "0.0985909",
        },
        period=OCTOBER,
        compare_period=SEPTEMBER,
        compare_to="previous",
    )


def compared_total() -> ToolResult:
    return cost_result(
        (COST, *against(COST)),
        (("800", "1000", "-200", "-0.2"),),
        totals={},
        period=OCTOBER,
        compare_period=SEPTEMBER,
        compare_to="previous",
    )


def daily_series(days: int = 12) -> ToolResult:
    rows = [(f"2026-10-{day:02d}", str(1000 + (day * 7919) % 613)) for day in range(1, days + 1)]
    total = sum(Decimal(cost) for _, cost in rows)
    period = Period(start=date(2026, 10, 1), end=date(2026, 10, days + 1))
    return cost_result(
        (TIME, COST), rows, totals={"EffectiveCost": str(total)}, period=period, granularity="day", group_by=[]
    )


def single_cost() -> ToolResult:
    return cost_result((COST,), (("432472.97128261",),), totals={"EffectiveCost": "432472.97128261"})


def tokens_and_rates() -> ToolResult:
    return cost_result(
        (MODEL, TOKENS, HIT_RATE, PER_MILLION),
        (("m-large", "466123456789", "0.6217", "0.5775"), ("m-mid", "1234567", "0.0004", None)),
        totals={"Tokens": "466124691356", "CacheHitRate": "0.5", "CostPerMillionTokens": "0.57"},
    )


def team_and_model() -> ToolResult:
    return cost_result(
        (TEAM, MODEL, COST),
        (("search", "m-large", "10"), ("ads", "m-large", "9"), ("search", "m-mid", "0.0000008")),
        totals={"EffectiveCost": "19.0000008"},
    )


def unpriced_model() -> ToolResult:
    return cost_result(
        (MODEL, COST), (("m-large", "12"), ("m-secret", None)), totals={"EffectiveCost": "12"},
        caveats=("1,000 tokens of m-secret are unpriced: they are not in the cost.",),
    )  # fmt: skip


def nothing_there() -> ToolResult:
    return ToolResult(
        tool="query_costs",
        evidence=Evidence(
            sql="SELECT …", period=OCTOBER, loaded_through=date(2026, 10, 10), arguments={"metrics": ["EffectiveCost"]}
        ),
        no_data="There are no charges with model gpt-9 in October 2026. The models are m-large, m-mid and deepseek-r1.",
        no_data_reason="absent",
        suggestions=("cost of m-large in October 2026",),
    )


def all_results() -> dict[str, ToolResult]:
    """Every kind, by a word for it."""
    makers = (
        top_models, top_teams_with_rest, compared_models, compared_total, daily_series, single_cost,
        tokens_and_rates, team_and_model, unpriced_model, nothing_there, movers_over_a_threshold,
    )  # fmt: skip
    return {maker.__name__: maker() for maker in makers} | {"short_series": daily_series(6)}


def movers_over_a_threshold() -> ToolResult:
    base = compared_models()
    arguments = base.evidence.arguments | {
        "limit": 3,
        "order_by": "absolute_change",
        "threshold": {"operator": "over", "value": "40", "column": "metric"},
        "cost_basis": "invoice",
    }
    return base.model_copy(update={"evidence": base.evidence.model_copy(update={"arguments": arguments})})


def change_result(**arguments: Any) -> ToolResult:
    """A result of explain_change, October against September: a rise that three reasons sum to, one with a candidate."""

    def amount(name: str, label: str) -> Column:
        return Column(name=name, kind="metric", label=label, unit="USD", metric=name)

    columns = (
        Column(name="Reason", kind="dimension", label="reason", plural="reasons"),
        COST,
        *against(COST),
        amount("Contribution", "contribution"),
        Column(
            name="Contribution_share", kind="share", label="share of the change", unit="ratio", metric="Contribution"
        ),
        amount("Raised", "rises"),
        amount("Lowered", "falls"),
        Column(name="LargestPart", kind="detail", label="largest part"),
        amount("LargestContribution", "its contribution"),
        Column(name="Candidates", kind="detail", label="candidate causes"),
    )
    cost = tuple(map(Decimal, ("1300", "1000", "300", "0.3")))
    rows = (
        ("requests", *cost, *_decimals("400", "1.333", "450", "-50"), "m-large 2", Decimal(410), None),
        ("token price", *cost, *_decimals("-99.996", "-0.333", "0", "-99.996"), "m-mid", Decimal("-99.996"),
         "price change on 2026-10-05: m-mid output from 15 to 12 USD per million"),
        ("taxes", *cost, *_decimals("-0.004", "0", "0", "-0.004"), None, Decimal(0), None),
    )  # fmt: skip
    totals = {"EffectiveCost": "1300", "EffectiveCost_previous": "1000", "EffectiveCost_change": "300"}
    totals |= {"EffectiveCost_change_ratio": "0.3", "Contribution": "300", "Raised": "450", "Lowered": "-150"}
    return ToolResult(
        tool="explain_change",
        columns=columns,
        rows=rows,
        totals={name: Decimal(value) for name, value in totals.items()},
        evidence=Evidence(
            sql="SELECT …", arguments={"metric": "EffectiveCost", **arguments}, period=OCTOBER,
            compare_period=None if "compare_filters" in arguments else SEPTEMBER, generation=1, row_count=3,
        ),
    )  # fmt: skip


def _decimals(*texts: str) -> tuple[Decimal, ...]:
    return tuple(map(Decimal, texts))
