"""Runs the use cases through query_costs, and with `ask` through the natural question as well."""

import tempfile
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from evals.focus_use_cases.cases import CASES, Dataset, UseCase
from evals.focus_use_cases.truth import Key, Row, read
from evals.paths import shared_data
from evals.report import Ask, EvalReport, Outcome
from tools.domain.result import Cell, Column, ToolResult
from tools.inform.spend import query_costs
from tools.ingest.focus import load_focus
from tools.registry import ToolContext
from tools.store.store import Store

FOLDERS: dict[Dataset, str] = {"synthetic": "focus_synthetic_1_2_1_3", "sample": "focus_1_0_sample"}
AS_OF: dict[Dataset, date] = {"synthetic": date(2026, 6, 15), "sample": date(2024, 10, 15)}
Cells = dict[Key, tuple[Decimal | None, ...]]


class World:
    """One data set: its raw rows, and a home that holds it."""

    def __init__(self, data: Dataset, folder: Path, home: Path) -> None:
        paths = sorted(folder.glob("*.csv"))
        self.rows: list[Row] = read(paths)
        self.home, self.as_of = home, AS_OF[data]
        store = Store(home / "store")
        for path in paths:
            # Several files of one made-up account: each is a source, or the later would replace the earlier.
            load_focus(store, [path], source=path.stem)
        self.context = ToolContext(store=store.snapshot(), as_of=self.as_of)


def run(*, ask: bool = False, model: str | None = None) -> EvalReport:
    """Score every case; `ask` adds the natural questions, put to the configured model unless one is named."""
    folders = {data: shared_data(name) for data, name in FOLDERS.items()}
    asks: list[Ask] = []
    with tempfile.TemporaryDirectory() as temporary:
        worlds = {
            data: World(data, folder, Path(temporary) / data) for data, folder in folders.items() if folder is not None
        }
        for case in (case for case in CASES if case.data in worlds):
            world = worlds[case.data]
            asks.append(_scored("query", case, world, query_costs.run(world.context, case.query)))
            if ask:
                asks.append(_scored("question", case, world, _asked(world, case, model)))
    return EvalReport(name="focus_use_cases", asks=tuple(asks))


def _scored(way: str, case: UseCase, world: World, got: ToolResult | str) -> Ask:
    outcome, expected, found = _judge(case, world, got)
    return Ask(
        category=way,
        case=f"{way}:{case.id}",
        question=case.question,
        outcome=outcome,
        expected=expected,
        got=found,
    )


def _judge(case: UseCase, world: World, got: ToolResult | str) -> tuple[Outcome, str, str]:
    if isinstance(got, str):
        return "refused", "an answer", got
    if case.truth is None:
        outcome: Outcome = "exact" if got.no_data and got.missing_column == case.missing else "wrong"
        return outcome, f"no_data, missing column {case.missing}", f"{got.no_data} ({got.missing_column})"
    if got.no_data:
        return "refused", "rows", got.no_data
    expected, found = case.truth(world.rows), _cells(got)
    if _same(expected, found):
        return "exact", "", ""
    differing = [key for key in {*expected, *found} if not _alike(expected.get(key), found.get(key))][:3]
    return "wrong", _shown(expected, differing), _shown(found, differing)


def _cells(result: ToolResult) -> Cells:
    """Names in the order of their columns; values of metrics and of what they are compared with."""
    names = [index for index, column in enumerate(result.columns) if column.kind in ("dimension", "time")]
    values = [index for index, column in enumerate(result.columns) if _is_value(column)]
    cells: Cells = {}
    for position, row in enumerate(result.rows):
        if position != result.other_row:
            key = tuple(None if row[index] is None else str(row[index]) for index in names)
            cells[key] = tuple(_number(row[index]) for index in values)
    return cells


def _is_value(column: Column) -> bool:
    return column.kind in ("metric", "previous")


def _number(cell: Cell) -> Decimal | None:
    return cell if isinstance(cell, Decimal) else None


def _same(expected: Cells, found: Cells) -> bool:
    return expected.keys() == found.keys() and all(_alike(values, found[key]) for key, values in expected.items())


def _alike(left: Sequence[Any] | None, right: Sequence[Any] | None) -> bool:
    """Equal to the last digit that a quotient of 28 digits holds."""
    if left is None or right is None or len(left) != len(right):
        return False
    return all(
        one == other or (one is not None and other is not None and abs(one - other) <= abs(one) * Decimal("1e-24"))
        for one, other in zip(left, right, strict=True)
    )


def _shown(cells: Cells, keys: Sequence[Key]) -> str:
    return "; ".join(f"{key}: {[str(value) for value in cells.get(key, ())]}" for key in keys) + f" ({len(cells)} rows)"


def _asked(world: World, case: UseCase, model: str | None) -> ToolResult | str:
    """The first query_costs result of the agent's answer, or why there is none."""
    from agent.settings import load_settings
    from evals.cases import asked_agent

    agent = asked_agent(load_settings(world.home, model))
    answer = agent.ask(case.question, as_of=world.as_of)
    results = [result for result in answer.results.values() if result.tool == "query_costs"]
    return results[0] if results else f"{answer.status}: {answer.text[:200]}"
