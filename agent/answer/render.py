"""An answer as the JSON of the contract: dates ISO with exclusive ends, numbers as exact decimal strings."""

from typing import Any

from agent.answer.compose import WITHOUT_TOOL
from agent.answer.display import plain
from agent.answer.facts import dimensions, quotations
from agent.answer.pieces import cell_text
from tools.domain.answer import Answer, Figure
from tools.domain.model_usage import ModelUsage
from tools.domain.result import ToolResult

__all__ = ["cell_text", "evidence_json", "table_json", "to_json"]


def to_json(answer: Answer) -> dict[str, Any]:
    """What `outlay ask --json` prints."""
    results = {handle: result for handle, result in answer.results.items() if result.tool not in WITHOUT_TOOL}
    return {
        "id": answer.id,
        "status": answer.status,
        "question": answer.question,
        "text": answer.text,
        "period": _json(answer.period.model_dump()) if answer.period else None,
        "currency": answer.currency,
        "as_of": answer.as_of.isoformat(),
        "loaded_through": _json(answer.loaded_through),
        "figures": [_figure(figure) for figure in answer.figures],
        "quotations": [one for handle, result in results.items() for one in _quotations(handle, result)],
        "tables": [table_json(handle, result) for handle, result in results.items() if result.columns],
        "evidence": [evidence_json(handle, result) for handle, result in results.items()],
        "caveats": list(answer.caveats),
        "proposals": list(answer.proposals),
        "suggestions": list(answer.suggestions),
        "reason": _reason(answer),
        "missing_column": next((r.missing_column for r in answer.results.values() if r.missing_column), None),
        "model": answer.model,
        "model_usage": _usage(answer.model_usage),
        "thread": answer.thread,
        "seconds": float(answer.seconds),
    }


def _usage(usage: ModelUsage | None) -> dict[str, Any] | None:
    if usage is None:
        return None
    fields = usage.model_dump() | {"priced": usage.cost is not None}
    return {name: _json(value) for name, value in fields.items()}


def _figure(figure: Figure) -> dict[str, Any]:
    return figure.model_dump()


def _quotations(handle: str, result: ToolResult) -> list[dict[str, Any]]:
    """Passages of documents: their numbers are the documents', and figures of nothing in the store."""
    return [
        {
            "result": handle,
            "row": row,
            "column": column.name,
            "text": result.rows[row][result.column_index(column.name)],
        }
        | {name.name: result.rows[row][result.column_index(name.name)] for name in dimensions(result)}
        for column in quotations(result)
        for row in range(len(result.rows))
    ]


def table_json(handle: str, result: ToolResult) -> dict[str, Any]:
    """A result's columns with their units, all its rows, and its totals."""
    numeric = [column.name for column in result.columns if column.name in result.totals]
    return {
        "result": handle,
        "columns": [
            {"name": c.name, "unit": c.unit, "kind": c.kind, "label": c.label} for c in result.columns
        ],
        "rows": [[plain(cell) for cell in row] for row in result.rows],
        "totals": {name: plain(result.totals[name]) for name in numeric},
        "other_row": result.other_row,
    }  # fmt: skip


def evidence_json(handle: str, result: ToolResult) -> dict[str, Any]:
    """What a result rests on: enough to run its query again."""
    evidence = result.evidence
    return {
        "result": handle,
        "tool": result.tool,
        "arguments": _json(evidence.arguments),
        "sql": evidence.sql,
        "parameters": [_json(value) for value in evidence.parameters],
        "row_count": evidence.row_count,
        "sources": list(evidence.sources),
        "period": _json(evidence.period.model_dump()) if evidence.period else None,
        "compare_period": _json(evidence.compare_period.model_dump()) if evidence.compare_period else None,
        "generation": evidence.generation,
        "loaded_through": _json(evidence.loaded_through),
    }


def _reason(answer: Answer) -> str | None:
    """Why there is no data: absent, not_loaded or missing_column."""
    if answer.status != "no_data":
        return None
    return next((r.no_data_reason for r in answer.results.values() if r.no_data_reason), None)


def _json(value: Any) -> Any:
    """JSON's own types; a Decimal as its exact text, a date as ISO."""
    if isinstance(value, dict):
        return {str(key): _json(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_json(inner) for inner in value]
    if value is None or isinstance(value, (str, bool, int)):
        return value
    return plain(value) if hasattr(value, "as_tuple") else value.isoformat()
