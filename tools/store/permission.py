"""A scope as SQL: which rows are inside. What can't be told to be inside is outside."""

from collections.abc import Sequence

from tools.domain.scope import TAG, Filter, Scope
from tools.store.engine import identifier, text


def permitted_rows(scope: Scope, columns: Sequence[str]) -> str:
    """A condition on charges that have `columns`; never NULL."""
    return " AND ".join(_row(one, columns) for one in scope.filters) or "true"


def permitted_records(scope: Scope) -> str:
    """A condition on records: their slice names, for each filter, one of the values; never NULL."""
    return " AND ".join(_listed(one, f'"Slice"[{text(one.dimension)}]') for one in scope.filters) or "true"


def permitted_quarantine(scope: Scope) -> str:
    """A condition on quarantined rows, which are kept as JSON (or a raw line) with the column names of their file."""
    conditions = " AND ".join(_quarantined(one) for one in scope.filters) or "true"
    return f"CASE WHEN json_valid(row) AND json_type(row) = 'OBJECT' THEN {conditions} ELSE false END"


def _row(one: Filter, columns: Sequence[str]) -> str:
    column = "Tags" if one.dimension.startswith(TAG) else one.dimension
    if column not in columns:
        return "false"
    return _tagged(one, identifier(column)) if column != one.dimension else _listed(one, identifier(column))


def _quarantined(one: Filter) -> str:
    if one.dimension.startswith(TAG):
        return _tagged(one, f"json_extract_string(row, {text('/Tags')})")
    return _listed(one, f"json_extract_string(row, {text(_pointer(one.dimension))})")


def _tagged(one: Filter, tags: str) -> str:
    value = f"json_extract_string({tags}, {text(_pointer(one.dimension.removeprefix(TAG)))})"
    is_object = f"json_valid({tags}) AND json_type({tags}) = 'OBJECT'"
    return f"CASE WHEN {is_object} THEN {_listed(one, value)} ELSE false END"


def _listed(one: Filter, value: str) -> str:
    return f"COALESCE({value} IN ({', '.join(text(known) for known in one.values)}), false)"


def _pointer(key: str) -> str:
    return "/" + key.replace("~", "~0").replace("/", "~1")
