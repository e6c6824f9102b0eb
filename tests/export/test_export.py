"""Answers in files, read back by other programs."""

import csv
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from agent.answer.write import Asked, write_answer
from agent.export.write import export, put
from tests.answer.results import (
    AS_OF,
    COST,
    HIT_RATE,
    MODEL,
    TIME,
    TOKENS,
    compared_models,
    cost_result,
    daily_series,
    nothing_there,
    top_models,
    top_teams_with_rest,
    unpriced_model,
)
from tools.domain.answer import Answer
from tools.domain.errors import BadInput
from tools.domain.result import ToolResult

LONG = "123456789012.123456789012345678901234"
"""As many digits as the store holds."""
RATIO = "0.333333333333333333333333333333333333333333"


def answer_of(*results: ToolResult) -> Answer:
    return write_answer(Asked("spend?", AS_OF), {f"r{n}": result for n, result in enumerate(results, 1)})


def rows_of(path: Path) -> list[list[str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.reader(file))


def parquet_of(tmp_path: Path, *results: ToolResult) -> Any:
    path = tmp_path / "a.parquet"
    export(answer_of(*results), path)
    return pq.read_table(path)


def exact() -> ToolResult:
    return cost_result((MODEL, COST, TOKENS, HIT_RATE), [("m-1", LONG, "5", RATIO), ("m-2", "-0.5", None, "0")])


def test_csv_holds_every_digit_and_the_unit_of_each_amount(tmp_path: Path) -> None:
    export(answer_of(exact()), tmp_path / "a.csv")
    assert rows_of(tmp_path / "a.csv") == [
        ["x_Model", "EffectiveCost (USD)", "Tokens (tokens)", "CacheHitRate (ratio)"],
        ["m-1", LONG, "5", RATIO],
        ["m-2", "-0.5", "", "0"],
    ]


@pytest.mark.parametrize(
    "name", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "\nx", "  =1", "＝1", "＋1", "－1", "＠x", '=HYPERLINK("x")']
)
def test_a_name_that_a_spreadsheet_would_run_is_made_text(tmp_path: Path, name: str) -> None:
    export(answer_of(cost_result((MODEL, COST), [(name, "-1"), ("b", "2")])), tmp_path / "a.csv")
    assert rows_of(tmp_path / "a.csv")[1] == [f"'{name}", "-1"]


def test_an_ordinary_name_is_left_as_it_is(tmp_path: Path) -> None:
    names = ["m-1", "a,b", 'say "x"', "two\nlines", "x=y", "名前"]
    export(answer_of(cost_result((MODEL, COST), [(name, "1") for name in names])), tmp_path / "a.csv")
    assert [row[0] for row in rows_of(tmp_path / "a.csv")[1:]] == names


def test_the_rest_can_not_be_taken_for_a_team_called_other(tmp_path: Path) -> None:
    export(answer_of(top_teams_with_rest()), tmp_path / "a.csv")
    assert [row[0] for row in rows_of(tmp_path / "a.csv")[1:]] == ["search", "", "all other teams"]


def test_parquet_money_is_a_decimal_as_the_store_holds_it(tmp_path: Path) -> None:
    table = parquet_of(tmp_path, compared_models())
    assert str(table.schema.field("EffectiveCost").type) == "decimal128(38, 24)"
    assert table.column("EffectiveCost")[0].as_py() == Decimal("11234.5")
    assert table.schema.field("EffectiveCost").metadata[b"unit"] == b"USD"


def test_parquet_rounds_nothing_however_many_digits_there_are(tmp_path: Path) -> None:
    table = parquet_of(tmp_path, exact())
    assert table.column("EffectiveCost").to_pylist() == [Decimal(LONG), Decimal("-0.5")]
    assert table.column("CacheHitRate")[0].as_py() == Decimal(RATIO)
    assert table.column("Tokens").to_pylist() == [Decimal(5), None]


def test_more_digits_than_parquet_has_are_refused_and_csv_is_named(tmp_path: Path) -> None:
    result = cost_result((MODEL, COST), [("m", "1" * 60 + "." + "1" * 30), ("n", "1")])
    with pytest.raises(BadInput, match="export CSV"):
        export(answer_of(result), tmp_path / "a.parquet")
    assert list(tmp_path.iterdir()) == []


def test_parquet_days_are_dates_and_hours_are_instants_in_utc(tmp_path: Path) -> None:
    days = parquet_of(tmp_path, daily_series(2)).column("Time")
    assert days.to_pylist() == [date(2026, 10, 1), date(2026, 10, 2)]
    hours = cost_result((TIME, COST), [("2026-10-01T00:00:00", "1"), ("2026-10-01T13:00:00", "2")], granularity="hour")
    path = tmp_path / "hours.parquet"
    export(answer_of(hours), path)
    found = pq.read_table(path).column("Time")
    assert str(found.type) == "timestamp[ms, tz=UTC]"
    assert found[1].as_py().replace(tzinfo=None) == datetime(2026, 10, 1, 13)


def test_an_unknown_amount_is_null_and_not_zero(tmp_path: Path) -> None:
    assert parquet_of(tmp_path, unpriced_model()).column("EffectiveCost").to_pylist() == [Decimal(12), None]


def test_parquet_says_which_answer_and_query_it_comes_from(tmp_path: Path) -> None:
    metadata = parquet_of(tmp_path, top_models()).schema.metadata
    assert metadata[b"outlay.question"] == b"spend?"
    assert metadata[b"outlay.period"] == b"2026-10-01/2026-10-11"
    assert metadata[b"outlay.answer"].startswith(b"a-")


def test_markdown_has_the_answer_and_its_exact_values(tmp_path: Path) -> None:
    export(answer_of(top_models()), tmp_path / "a.md")
    text = (tmp_path / "a.md").read_text(encoding="utf-8")
    assert text.startswith("# spend?\n")
    assert "1. m-large: $269,195.32" in text
    assert "| m-large | 269195.3201536 |" in text


def test_a_file_that_is_there_is_never_overwritten_unasked(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("mine", encoding="utf-8")
    with pytest.raises(BadInput, match="there already"):
        export(answer_of(top_models()), path)
    assert path.read_text(encoding="utf-8") == "mine"
    export(answer_of(top_models()), path, replace=True)
    assert "m-large" in path.read_text(encoding="utf-8")


def test_a_link_that_leads_nowhere_is_not_written_through(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.symlink_to(tmp_path / "elsewhere.csv")
    with pytest.raises(BadInput, match="there already"):
        put(path, b"x", replace=False)
    assert not (tmp_path / "elsewhere.csv").exists()


def test_of_several_results_one_is_written_and_the_others_are_named(tmp_path: Path) -> None:
    answer = answer_of(top_models(), daily_series(3))
    assert export(answer, tmp_path / "a.csv").endswith("3 rows of r1; not in it: r2")
    export(answer, tmp_path / "b.csv", handle="r2")
    assert rows_of(tmp_path / "b.csv")[1][0] == "2026-10-01"
    with pytest.raises(BadInput, match="there is r1, r2"):
        export(answer, tmp_path / "c.csv", handle="r9")


def test_an_answer_without_rows_and_an_unknown_ending_are_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="nothing to export"):
        export(answer_of(nothing_there()), tmp_path / "a.csv")
    with pytest.raises(BadInput, match=r"\.csv, \.parquet, \.md"):
        export(answer_of(top_models()), tmp_path / "a.xlsx")
