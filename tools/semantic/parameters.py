"""Values of a query, kept out of its text: each is a `?` in the order in which the text has them."""

import re

from sqlglot import exp

from tools.registry import SqlValue

_MARKER = "outlay_parameter_"
_MARKED = re.compile(rf"\${_MARKER}(\d+)\b")


class Parameters:
    """Collects values while a query is built, and hands them out in the order of the written SQL."""

    def __init__(self) -> None:
        self._values: list[SqlValue] = []

    def add(self, value: SqlValue) -> exp.Expr:
        """A placeholder for `value`; one placeholder may stand in several places."""
        self._values.append(value)
        return exp.Placeholder(this=f"{_MARKER}{len(self._values) - 1}")

    def write(self, query: exp.Expr) -> tuple[str, tuple[SqlValue, ...]]:
        """The query as DuckDB SQL with `?`, and the values in order."""
        marked = query.sql("duckdb", pretty=True, copy=False)
        order = [self._values[int(index)] for index in _MARKED.findall(marked)]
        return _MARKED.sub("?", marked), tuple(order)
