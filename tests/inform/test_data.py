from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from tests.semantic.bill import Row, charge, load
from tools.domain.errors import BadRequest
from tools.domain.scope import Filter, Scope
from tools.inform.data import DescribeRequest, describe_data
from tools.registry import ToolContext
from tools.store.store import Store


def test_every_description_gives_rows_or_says_that_there_is_nothing(billed: ToolContext) -> None:
    for about in ("overview", "sources", "periods", "metrics", "dimensions", "tags"):
        assert describe_data.run(billed, DescribeRequest.model_validate({"about": about})).rows
    for about in ("unpriced", "quarantine", "defects"):
        result = describe_data.run(billed, DescribeRequest.model_validate({"about": about}))
        assert result.rows or result.no_data


def test_the_overview_counts_what_is_loaded(tmp_path: Path) -> None:
    context = load(tmp_path, [charge(date(2026, 10, 5), "10.5"), charge(date(2026, 10, 7), "1")])
    rows = describe_data.run(context, DescribeRequest()).rows
    assert rows == (("Example Cloud", "USD", "2026-10-05", "2026-10-07", Decimal(2), Decimal("11.5")),)


def test_metrics_that_need_absent_columns_are_not_offered(tmp_path: Path) -> None:
    context = load(tmp_path, [charge(date(2026, 10, 5), "10.5")])
    names = {row[0] for row in describe_data.run(context, DescribeRequest(about="metrics")).rows}
    assert "EffectiveCost" in names
    assert "Tokens" not in names


def test_an_empty_store_says_that_nothing_is_loaded(tmp_path: Path) -> None:
    context = ToolContext(store=Store(tmp_path / "store").snapshot(), as_of=date(2026, 10, 5))
    assert describe_data.run(context, DescribeRequest()).no_data_reason == "not_loaded"


def test_values_are_those_of_the_scope(bill: list[Row], tmp_path: Path) -> None:
    context = load(tmp_path, bill, scope=Scope(filters=(Filter(dimension="x_Team", values=("ads",)),)))
    assert describe_data.run(context, DescribeRequest(about="values", dimension="x_Team")).rows == (("ads",),)
    assert describe_data.run(context, DescribeRequest(about="quarantine")).no_data_reason == "absent"
    with pytest.raises(BadRequest, match="whole files"):
        describe_data.run(context, DescribeRequest(about="defects"))


def test_values_need_a_dimension(billed: ToolContext) -> None:
    with pytest.raises(BadRequest, match="needs a dimension"):
        describe_data.run(billed, DescribeRequest(about="values"))
