from dataclasses import replace
from decimal import Decimal

import pytest

from agent.answer.write import Asked, write_answer
from agent.charts.chart import chart_of, chart_of_result
from agent.charts.spec import ChartKind, NoChart
from tests.answer.results import (
    AS_OF,
    change_result,
    compared_models,
    daily_series,
    nothing_there,
    single_cost,
    tokens_and_rates,
    top_models,
    top_teams_with_rest,
    unpriced_model,
)
from tests.charts.results import DAYS, MANY, credits_by_month, many_models, many_teams_by_day, team_cost, two_dimensions
from tools.domain.result import Column, Evidence, ToolResult


def test_a_series_over_time_becomes_a_line_with_its_metric_unit_and_period() -> None:
    chart = chart_of_result(daily_series(6), AS_OF)
    assert (chart.kind, chart.unit) == ("line", "USD")
    assert chart.title == "Effective cost by day, 1–6 October 2026"
    assert [moment.day for moment in chart.times] == [1, 2, 3, 4, 5, 6]
    assert chart.series[0].values[0] == Decimal("1563")


def test_a_ranking_becomes_bars_in_its_order_each_with_the_figure_of_its_cell() -> None:
    chart = chart_of_result(top_models(), AS_OF)
    assert chart.kind == "bar"
    assert chart.places == ("m-large", "m-mid", "deepseek-r1")
    assert chart.series[0].labels == ("$269,195.32", "$157,684.05", "$5,593.60")


def test_the_row_that_sums_up_the_rest_goes_by_words_and_an_unset_name_is_said() -> None:
    assert chart_of_result(top_teams_with_rest(), AS_OF).places == ("search", "(not set)", "all other teams")


def test_a_comparison_draws_both_periods_side_by_side() -> None:
    chart = chart_of_result(compared_models(), AS_OF)
    assert [series.name for series in chart.series] == ["October 2026", "September 2026"]
    assert chart.series[1].values == (Decimal(10000), Decimal(1000), Decimal(0))


def test_two_dimensions_are_stacked_where_their_parts_sum_to_a_whole() -> None:
    chart = chart_of_result(two_dimensions(), AS_OF)
    assert (chart.kind, chart.places) == ("stacked", ("search", "ads"))
    assert {s.name: s.values for s in chart.series} == {
        "m-1": (Decimal(10), Decimal(7)),
        "m-2": (Decimal(5), None),
        "m-3": (None, Decimal(-2)),
    }


def test_two_dimensions_as_bars_are_one_bar_a_row() -> None:
    chart = chart_of_result(two_dimensions(), AS_OF, "bar")
    assert chart.places == ("search, m-1", "search, m-2", "ads, m-1", "ads, m-3")


def test_more_than_ten_series_are_the_ten_largest_and_an_other_that_keeps_the_sum() -> None:
    chart = chart_of_result(many_teams_by_day(), AS_OF)
    assert [s.name for s in chart.series] == [*(f"team-{n:02d}" for n in range(10)), f"other ({MANY - 10})"]
    for day in range(len(DAYS)):
        drawn = sum(series.values[day] or 0 for series in chart.series)
        assert drawn == sum(team_cost(team, day) for team in range(MANY))


def test_a_sum_made_for_the_chart_carries_no_figure() -> None:
    assert set(chart_of_result(many_teams_by_day(), AS_OF).series[-1].labels) == {""}
    assert chart_of_result(many_models(), AS_OF).series[0].labels[-1] == ""


def test_more_than_twenty_bars_are_the_twenty_largest_and_an_other() -> None:
    chart = chart_of_result(many_models(30), AS_OF)
    assert len(chart.places) == 21
    assert chart.places[-1] == "other (10)"
    assert sum(value or 0 for value in chart.series[0].values) == sum(1000 - n for n in range(30))


def test_rates_are_never_summed_into_an_other() -> None:
    rate = Column(name="CacheHitRate", kind="metric", label="cache-hit rate", unit="ratio", metric="CacheHitRate")
    result = many_models(30)
    chart = chart_of_result(result.model_copy(update={"columns": (result.columns[0], rate)}), AS_OF)
    assert len(chart.places) == 20
    assert chart.notes == ("not drawn: 10 more, as their cache-hit rate can't be summed",)


def test_an_unknown_amount_is_named_instead_of_drawn_as_zero() -> None:
    chart = chart_of_result(unpriced_model(), AS_OF)
    assert chart.series[0].values == (Decimal(12), None)
    assert "unknown, so not drawn: effective cost of m-secret" in chart.notes


def test_of_several_metrics_the_first_is_drawn_and_the_others_are_named() -> None:
    chart = chart_of_result(tokens_and_rates(), AS_OF)
    assert chart.metric == "tokens"
    assert "not drawn: cache-hit rate, cost per million tokens" in chart.notes


@pytest.mark.parametrize(
    ("result", "kind", "reason"),
    [
        (single_cost(), None, "one figure makes no chart"),
        (nothing_there(), None, "no data"),
        (top_models(), "line", "needs time"),
        (top_models(), "stacked", "nothing to stack"),
        (tokens_and_rates().model_copy(update={"columns": tokens_and_rates().columns[:1]}), None, "lists names"),
    ],
)
def test_what_can_not_be_drawn_says_why(result: ToolResult, kind: ChartKind | None, reason: str) -> None:
    with pytest.raises(NoChart, match=reason):
        chart_of_result(result, AS_OF, kind)


def test_rates_are_not_stacked() -> None:
    rate = Column(name="CacheHitRate", kind="metric", label="cache-hit rate", unit="ratio", metric="CacheHitRate")
    result = two_dimensions()
    columns = (*result.columns[:2], rate)
    with pytest.raises(NoChart, match="do not sum to a whole"):
        chart_of_result(result.model_copy(update={"columns": columns}), AS_OF, "stacked")


def test_amounts_in_several_currencies_share_no_axis() -> None:
    result = top_models()
    cost = result.columns[1].model_copy(update={"unit": None})
    with pytest.raises(NoChart, match="share no axis"):
        chart_of_result(result.model_copy(update={"columns": (result.columns[0], cost)}), AS_OF)


def test_bars_over_time_with_parts_are_stacked() -> None:
    assert chart_of_result(many_teams_by_day(), AS_OF, "bar").kind == "stacked"


def test_one_series_over_time_is_drawn_as_bars_when_asked_for() -> None:
    chart = chart_of_result(credits_by_month(), AS_OF, "bar")
    assert (chart.kind, chart.granularity) == ("bar", "month")


def test_the_chart_of_an_answer_says_where_its_figures_come_from() -> None:
    answer = write_answer(Asked("?", AS_OF), {"r1": nothing_there(), "r2": top_models()})
    assert chart_of(answer).source == f"data through 10 October 2026 · outlay verify {answer.id}"


def test_a_listing_whose_months_tell_its_rows_apart_is_one_line() -> None:
    columns = (
        Column(name="Month", kind="time", label="month"),
        Column(name="From", kind="dimension", label="from"),
        Column(name="Rows", kind="metric", label="number of charges", unit="rows"),
    )
    rows = (("2026-09-01", "2026-09-02", Decimal(5)), ("2026-10-01", "2026-10-01", Decimal(7)))
    result = ToolResult(tool="describe_data", columns=columns, rows=rows, evidence=Evidence(sql=""))
    chart = chart_of_result(result, AS_OF)
    assert [series.name for series in chart.series] == ["number of charges"]
    assert replace(chart, series=()).places == ("1 September 2026", "1 October 2026")


def test_reasons_too_small_to_be_seen_fold_into_the_others_and_the_chart_says_where_they_stand() -> None:
    chart = chart_of_result(change_result(), AS_OF)
    assert chart.places == ("September 2026", "requests", "token price", "October 2026")
    assert "the table has every reason" in chart.notes
