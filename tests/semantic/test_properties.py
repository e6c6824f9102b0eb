from datetime import date, timedelta
from decimal import Decimal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.semantic.bill import DAYS, FIRST, Row
from tools.domain.period import Period
from tools.domain.query import CostQuery, Granularity
from tools.inform.spend import query_costs
from tools.registry import ToolContext
from tools.semantic.numbers import EXACT

DIMENSIONS = ("x_Model", "x_Team", "ServiceName", "ChargeCategory", "tag:env")
SLOW = settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])


@st.composite
def periods(draw: st.DrawFn) -> Period:
    start = FIRST + timedelta(days=draw(st.integers(0, DAYS - 20)))
    return Period(start=start, end=start + timedelta(days=draw(st.integers(8, 20))))


groupings = st.lists(st.sampled_from(DIMENSIONS), min_size=1, max_size=2, unique=True).map(tuple)
buckets = st.sampled_from([None, "day", "week", "month", "weekday"])


def total(bill: list[Row], period: Period) -> Decimal:
    """EffectiveCost of the bill in a period, summed by hand."""
    result = Decimal(0)
    for row in bill:
        if period.contains(date.fromisoformat(row["ChargePeriodStart"][:10])):
            result = EXACT.add(result, Decimal(row["EffectiveCost"]))
    return result


@SLOW
@given(period=periods(), group_by=groupings, limit=st.none() | st.integers(1, 6), granularity=buckets)
def test_parts_and_other_sum_to_the_total(
    bill: list[Row],
    billed: ToolContext,
    period: Period,
    group_by: tuple[str, ...],
    limit: int | None,
    granularity: Granularity | None,
) -> None:
    query = CostQuery(group_by=group_by, period=period, limit=limit, granularity=granularity)
    result = query_costs.run(billed, query)
    column = result.column_index("EffectiveCost")
    parts = Decimal(0)
    for row in result.rows:
        assert isinstance(row[column], Decimal)
        parts = EXACT.add(parts, row[column])
    assert parts == result.totals["EffectiveCost"] == total(bill, period)


@SLOW
@given(period=periods(), group_by=groupings, limit=st.none() | st.integers(1, 4))
def test_shares_sum_to_one(billed: ToolContext, period: Period, group_by: tuple[str, ...], limit: int | None) -> None:
    query = CostQuery(group_by=group_by, period=period, limit=limit, with_share=True)
    result = query_costs.run(billed, query)
    column = result.column_index("EffectiveCost_share")
    shares = [row[column] for row in result.rows]
    assert abs(sum(share for share in shares if isinstance(share, Decimal)) - 1) < Decimal("1e-24")


@SLOW
@given(period=periods(), group_by=groupings, limit=st.none() | st.integers(1, 4))
def test_change_is_current_less_previous(
    bill: list[Row], billed: ToolContext, period: Period, group_by: tuple[str, ...], limit: int | None
) -> None:
    before = Period(start=FIRST, end=FIRST + timedelta(days=period.days))
    query = CostQuery(group_by=group_by, period=period, compare_to=before, limit=limit)
    result = query_costs.run(billed, query)
    now, then, change = (result.column_index(f"EffectiveCost{end}") for end in ("", "_previous", "_change"))
    for row in result.rows:
        current, previous, difference = row[now], row[then], row[change]
        assert isinstance(current, Decimal)
        assert isinstance(previous, Decimal)
        assert difference == EXACT.subtract(current, previous)
    assert result.totals["EffectiveCost_previous"] == total(bill, before)
    assert result.totals["EffectiveCost"] == total(bill, period)


@SLOW
@given(period=periods(), limit=st.integers(1, 5))
def test_the_other_row_of_a_ratio_is_the_ratio_over_the_rest(billed: ToolContext, period: Period, limit: int) -> None:
    metrics = ("CostPerMillionTokens", "Tokens")
    result = query_costs.run(billed, CostQuery(metrics=metrics, group_by=("x_Model",), period=period, limit=limit))
    rate, tokens = (result.column_index(name) for name in metrics)
    spent = Decimal(0)
    for row in result.rows:
        assert isinstance(row[rate], Decimal)
        assert isinstance(row[tokens], Decimal)
        spent += row[rate] * row[tokens]
    whole, count = result.totals["CostPerMillionTokens"], result.totals["Tokens"]
    assert whole is not None
    assert count is not None
    assert abs(spent / count - whole) < Decimal("1e-18")
