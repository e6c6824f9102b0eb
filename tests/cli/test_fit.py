"""Tables in the room that a terminal has."""

from collections.abc import Sequence
from decimal import Decimal
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from agent.cli.fit import GAP, Sheet
from agent.cli.terminal import result_table
from tools.domain.result import Column, Evidence, ToolResult
from tools.inform.gpus.columns import columns_of


def fleet(gpus: int) -> ToolResult:
    """What gpu_fleet gives for "which GPUs are idle?"."""
    columns = tuple(column for column, _ in columns_of("activity", "gpu", "USD"))
    hours, cost, quiet, held = Decimal(120), Decimal("252.00"), Decimal(0), Decimal("0.5")
    rows = tuple(
        (f"i-093f0aa16/{n}", "idle", "NVIDIA A100-SXM4-40GB", "ml-research", hours + n, hours, cost, quiet, held)
        for n in range(gpus)
    )
    return ToolResult(tool="gpu_fleet", columns=columns, rows=rows, evidence=Evidence(sql="SELECT 1"))


def drawn(result: ToolResult, width: int) -> list[str]:
    console = Console(file=StringIO(), width=width, highlight=False)
    console.print(result_table(result, "--json", width))
    return console.file.getvalue().splitlines()  # type: ignore[attr-defined, no-any-return]


@pytest.mark.parametrize("width", [80, 100])
def test_the_table_of_idle_gpus_breaks_no_word(width: int) -> None:
    lines = drawn(fleet(8), width)
    text = " ".join(lines)
    assert max(map(len, lines)) <= width
    for word in ("i-093f0aa16/7", "A100-SXM4-40GB", "ml-research", "GPU-hours", "activity", "$252.00", "0.50 GiB"):
        assert word in text


def test_what_all_gpus_share_stands_below_the_table_once() -> None:
    lines = drawn(fleet(8), 100)
    assert sum("ml-research" in line for line in lines) == 1
    assert "in all rows: verdict idle" in next(line for line in lines if "in all rows" in line)
    assert sum("in all rows" in line for line in drawn(fleet(8), 200)) == 0


def test_rows_that_are_left_out_are_counted_below_the_table() -> None:
    assert "… 5 more rows; --json has them all" in " ".join(drawn(fleet(45), 100))


def sheet(names: Sequence[str], figures: Sequence[int]) -> Sheet:
    columns = (
        Column(name="Name", kind="dimension", label="name of it"),
        Column(name="Hours", kind="metric", label="GPU-hours without work", unit="GPU-hours"),
    )
    rows = tuple((name, f"{figure} GPU-hours") for name, figure in zip(names, figures, strict=False))
    return Sheet(columns, tuple(column.label for column in columns), rows)


@given(names=st.lists(st.text(min_size=1), min_size=1, max_size=5), width=st.integers(10, 60))
def test_widths_fill_no_more_than_the_room_and_hold_every_word(names: list[str], width: int) -> None:
    found = sheet(names, range(len(names))).fitted(width)
    if found.fits(width):
        widths = found.widths(width)
        assert sum(widths) + GAP * (len(widths) - 1) <= width
        assert all(own >= least for own, least in zip(widths, found.word_widths, strict=True))


def test_a_unit_is_left_out_only_where_the_room_needs_it() -> None:
    whole = sheet(["a", "b"], [1, 200])
    assert whole.fitted(60).rows[1] == ("b", "200 GPU-hours")
    assert whole.fitted(15).rows[1] == ("b", "200")
