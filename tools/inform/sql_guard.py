"""The guard of ad hoc SQL: walks the engine's own reading of a statement and lets through only what it knows.

Parsers differ, so what another parser makes of a text proves little. This one looks at the tree that DuckDB itself
gives, and refuses every kind of node, name, function and type that is not listed.
"""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from tools.domain.errors import BadRequest
from tools.inform.sql_text import TABLE
from tools.inform.sql_words import SqlWords

Node = Mapping[str, Any]

EXPRESSIONS = frozenset(
    {
        "BETWEEN",
        "CASE",
        "CAST",
        "COLUMN_REF",
        "COMPARISON",
        "CONJUNCTION",
        "CONSTANT",
        "FUNCTION",
        "OPERATOR",
        "POSITIONAL_REFERENCE",
        "STAR",
        "SUBQUERY",
        "TYPE",
        "WINDOW",
    }
)
OPERATORS = frozenset(
    {
        "COMPARE_IN",
        "COMPARE_NOT_IN",
        "OPERATOR_COALESCE",
        "OPERATOR_IS_NULL",
        "OPERATOR_IS_NOT_NULL",
        "OPERATOR_NOT",
        "OPERATOR_NULLIF",
        "GROUPING_FUNCTION",
    }
)
PARTS = frozenset(
    {
        "SELECT_NODE",
        "SET_OPERATION_NODE",
        "BASE_TABLE",
        "SUBQUERY",
        "JOIN",
        "TABLE_FUNCTION",
        "EXPRESSION_LIST",
        "EMPTY",
        "ORDER_MODIFIER",
        "LIMIT_MODIFIER",
        "DISTINCT_MODIFIER",
        "ORDER_DEFAULT",
        "ASCENDING",
        "DESCENDING",
    }
)
"""Kinds of nodes that are no expressions. Not among them: SHOW_REF, PIVOT, RECURSIVE_CTE_NODE."""
NAMELESS = ("current_", "session_", "system_", "pg_", "duckdb_", "sqlite_", "pragma_", "information_schema")
USERS = frozenset({"user", "localtime", "localtimestamp", "rowid"})


def check_reading(reading: Node, columns: Collection[str], words: SqlWords) -> None:
    """Let a statement through, as the engine reads it.

    Raises:
        BadRequest: something in it is not allowed, or the engine can't read it; says what would work.
    """
    if reading.get("error"):
        raise BadRequest(f"the query can't be read: {str(reading.get('error_message', ''))[:200]}; write one SELECT")
    statements = reading.get("statements") or []
    if len(statements) != 1:
        raise BadRequest(f"sql holds {len(statements)} statements; write one SELECT")
    nodes = list(_nodes(statements[0]))
    own = _own_names(nodes)
    for name in _cte_names(nodes):
        if not name.isidentifier():
            raise BadRequest(f"a WITH can't be called {name[:80]!r}; use letters, digits and underscores")
    for name in sorted(own):
        if name.startswith(NAMELESS) or name in USERS | words.changing:
            raise BadRequest(f"{name!r} can't be a name here; choose another")
    tables = {TABLE} | {key.lower() for key in _cte_names(nodes)}
    guard = _Guard(tables, {name.lower() for name in columns} | own | tables, columns, words)
    for node in nodes:
        guard.check(node)


class _Guard:
    def __init__(self, tables: set[str], names: set[str], columns: Collection[str], words: SqlWords) -> None:
        self._tables, self._names, self._columns, self._words = tables, names, columns, words

    def check(self, node: Node) -> None:
        kind, is_expression = node.get("type"), "class" in node
        if node.get("sample"):
            raise BadRequest("a sample differs from run to run; leave TABLESAMPLE and USING SAMPLE out")
        if is_expression:
            self._expression(node, str(node["class"]), str(kind))
        elif isinstance(kind, str):
            self._part(node, kind)
        if "function_name" in node and kind != "TABLE_FUNCTION":
            self._qualified(node)

    def _expression(self, node: Node, name: str, kind: str) -> None:
        if name not in EXPRESSIONS or (name == "OPERATOR" and kind not in OPERATORS):
            raise BadRequest(f"{(kind if name == 'OPERATOR' else name).lower()} is not allowed in ad hoc SQL")
        if name == "COLUMN_REF":
            self._column(node["column_names"])
        elif name == "TYPE":
            self._type(node)
        elif name in ("FUNCTION", "WINDOW"):
            self._function(str(node["function_name"]))

    def _part(self, node: Node, kind: str) -> None:
        if kind not in PARTS:
            raise BadRequest(f"{kind.lower()} is not allowed in ad hoc SQL; write one plain SELECT")
        if kind == "BASE_TABLE":
            self._table(node)

    def _table(self, node: Node) -> None:
        name = str(node["table_name"])
        if node.get("catalog_name") or node.get("schema_name") or node.get("at_clause"):
            raise BadRequest(f"the only table is {TABLE}, without a schema or a version")
        if name.lower() not in self._tables:
            raise BadRequest(f"there is no table {name[:80]!r}; the only one is {TABLE}")

    def _column(self, path: list[str]) -> None:
        if path[-1].lower() in self._words.changing:
            raise _changing(path[-1].lower())
        if len(path) > 2 or any(name.lower() not in self._names for name in path):
            known = ", ".join(self._columns)
            raise BadRequest(f"there is no column {'.'.join(path)[:80]!r} in {TABLE}; it has {known}")

    def _function(self, name: str) -> None:
        lowered = name.lower()
        if lowered in self._words.changing:
            raise _changing(lowered)
        if lowered not in self._words.functions | self._words.tables:
            near = _nearest(lowered, self._words.functions)
            raise BadRequest(f"the function {name[:80]!r} is not allowed in ad hoc SQL; {near}")

    def _qualified(self, node: Node) -> None:
        path = (node.get("qualified_name") or {}).get("path") or []
        if node.get("schema") or node.get("catalog") or len(path) > 1:
            raise BadRequest(f"call {node['function_name']} without a schema")

    def _type(self, node: Node) -> None:
        name = str(node.get("type_name") or "").lower()
        if name not in self._words.types or node.get("schema") or node.get("catalog"):
            known = ", ".join(("date", "decimal", "double", "integer", "varchar"))
            raise BadRequest(f"the type {name[:80]!r} is not allowed in ad hoc SQL; use one of {known}")


def _nodes(found: Any) -> Iterator[Node]:
    """Every object of the tree, without recursion: a statement may be nested as deep as it likes."""
    waiting = [found]
    while waiting:
        one = waiting.pop()
        if isinstance(one, Mapping):
            yield one
            waiting.extend(one.values())
        elif isinstance(one, list):
            waiting.extend(one)


def _cte_names(nodes: Collection[Node]) -> Iterator[str]:
    for node in nodes:
        for entry in (node.get("cte_map") or {}).get("map") or []:
            yield str(entry["key"])


def _own_names(nodes: Collection[Node]) -> set[str]:
    """Names that the statement gives itself: aliases of columns and tables."""
    found = set[str]()
    for node in nodes:
        found.update([str(node["alias"]).lower()] if node.get("alias") else [])
        for key in ("aliases", "column_name_alias"):
            found.update(str(name).lower() for name in node.get(key) or [] if isinstance(name, str))
    return found | {name.lower() for name in _cte_names(nodes)}


def _changing(name: str) -> BadRequest:
    return BadRequest(
        f"{name} gives something else on another day, so the figures could not be verified; write the date"
    )


def _nearest(name: str, known: Collection[str]) -> str:
    from difflib import get_close_matches

    near = get_close_matches(name, known, n=3, cutoff=0.7)
    return f"near are {', '.join(near)}" if near else "use aggregates, window, date, text and number functions"
