"""How an allocation is told: what it is about, then each payer with the parts of what it owes."""

from collections.abc import Mapping
from typing import Any

from agent.answer.facts import companion, dimensions, is_compared, metrics
from tools.domain.result import ToolResult
from tools.domain.scope import Filter

TOOL, TOTAL = "allocate", "TotalCost"
UNOWNED = "find_unowned"
LONGEST_LIST = 12
"""More payers than these stand in the table only."""


def allocation_title(arguments: Mapping[str, Any], payer: str) -> str:
    """`Chargeback by team`; of all lines of a statement `Chargeback lines of billed cost by team`."""
    lines = " lines" if arguments.get("detail") else ""
    billed = " of billed cost" if arguments.get("metric") == "BilledCost" else ""
    return f"Chargeback{lines}{billed} by {payer}"


def allocation_filters(arguments: Mapping[str, Any]) -> tuple[tuple[str, Filter], ...]:
    """What narrows it, as filters, each with the argument that it is bound to."""
    found = [(f"argument:filters.{at}", Filter.model_validate(one)) for at, one in enumerate(arguments["filters"])]
    if arguments.get("payers"):
        payers = Filter(dimension=str(arguments["by"]), values=tuple(arguments["payers"]))
        found.insert(0, ("argument:payers", payers))
    return tuple(found)


def allocation_block(handle: str, result: ToolResult) -> str:
    """Headline, how the total has moved, and an item per payer."""
    opening = f"{_at(handle, 'headline')}. {_at(handle, 'label', TOTAL)} {_total(handle, result)}."
    rows = range(len(result.rows)) if len(result.rows) <= LONGEST_LIST and len(dimensions(result)) == 1 else ()
    items = [_item(handle, result, row) for row in rows]
    return "\n\n".join([opening, "\n".join(items)] if items else [f"{opening}"])


def unowned_title(arguments: Mapping[str, Any]) -> str:
    return "Tag and owner coverage" if arguments.get("about") == "coverage" else "Unowned spend and who to ask"


def _total(handle: str, result: ToolResult) -> str:
    compared = is_compared(result) and companion(result, TOTAL, "change") is not None
    return _at(handle, "total", TOTAL, "change") if compared else _at(handle, "total", TOTAL)


def _item(handle: str, result: ToolResult, row: int) -> str:
    """`- search, total cost: rose by …, from $10.00 to $12.00, direct cost: $10.00, …`: parts that are not zero."""
    shown = [c for c in metrics(result) if c.name == TOTAL or result.rows[row][result.column_index(c.name)]]
    moved = ("change",) if is_compared(result) else ()
    figures = ", ".join(
        f"{_at(handle, 'label', c.name)}: {_at(handle, str(row), c.name, *(moved if c.name == TOTAL else ()))}"
        for c in shown
    )
    return f"- {_at(handle, str(row), 'name')}, {figures}"


def _at(handle: str, *path: str) -> str:
    return f"{{{{{handle}.{'.'.join(path)}}}}}"
