"""Ad hoc SQL read by sqlglot: one SELECT, over `daily` and what it names itself."""

import logging
from dataclasses import dataclass

from sqlglot import exp

from tools.domain.errors import BadRequest

TABLE = "daily"
LONGEST = 10_000


@dataclass(frozen=True)
class Statement:
    """A statement as it is run, and its tree."""

    sql: str
    tree: exp.Query

    @property
    def branches(self) -> tuple[exp.Select, ...]:
        """The SELECTs whose rows are given: one, or those of a UNION."""
        waiting: list[exp.Expr] = [self.tree]
        found: list[exp.Select] = []
        while waiting:
            one = waiting.pop(0)
            if isinstance(one, exp.SetOperation):
                waiting[:0] = [one.this, one.expression]
            elif isinstance(one, exp.Subquery):
                waiting.insert(0, one.this)
            elif isinstance(one, exp.Select):
                found.append(one)
        return tuple(found)

    @property
    def select(self) -> exp.Select | None:
        """The SELECT that names the columns."""
        return self.branches[0] if self.branches else None


def read_statement(written: str) -> Statement:
    """One SELECT, or WITH … SELECT; not yet run, and not yet allowed to be.

    Raises:
        BadRequest: it is anything else.
    """
    sql = written.strip().rstrip(";").rstrip()
    if not sql or len(sql) > LONGEST:
        raise BadRequest(f"sql has {len(sql)} characters; write one SELECT of at most {LONGEST}")
    if any(not one.isprintable() and one not in "\n\t" for one in sql):
        raise BadRequest("sql holds a control character; write plain text")
    tree = _parsed(sql)
    names = {TABLE}
    for cte in tree.find_all(exp.CTE):
        if cte.alias.lower() == TABLE:
            raise BadRequest(f"a WITH can't be called {TABLE}: that is the table; give it another name")
        names.add(cte.alias.lower())
    read = [table for table in tree.find_all(exp.Table) if isinstance(table.this, exp.Identifier)]
    for table in read:
        _check_table(table, names)
    if TABLE not in {table.name.lower() for table in read}:
        raise BadRequest(f"the query reads no data; select from {TABLE}")
    return Statement(sql, tree)


def _parsed(sql: str) -> exp.Query:
    import sqlglot
    from sqlglot.errors import SqlglotError

    # It logs the text of what it can't read, which is nobody's business but the asker's.
    logging.getLogger("sqlglot").setLevel(logging.ERROR)
    try:
        found = [one for one in sqlglot.parse(sql, read="duckdb") if one is not None]
    except SqlglotError as fault:
        raise BadRequest(f"sql can't be read: {_first_line(fault)}; write one SELECT over {TABLE}") from None
    except (RecursionError, ValueError) as fault:
        raise BadRequest(f"sql can't be read: {type(fault).__name__}; write a simpler SELECT") from None
    if len(found) != 1:
        raise BadRequest(f"sql holds {len(found)} statements; write one SELECT")
    tree = found[0]
    if not isinstance(tree, exp.Query):
        raise BadRequest(f"{type(tree).__name__.upper()} is not allowed; write one SELECT, or WITH … SELECT")
    for refused in (exp.Into, exp.Placeholder, exp.Parameter, exp.DDL, exp.DML, exp.Command, exp.Pragma):
        if (one := next((n for n in tree.find_all(refused) if not isinstance(n, exp.Query)), None)) is not None:
            raise BadRequest(f"{type(one).__name__.upper()} is not allowed; write one plain SELECT")
    return tree


def _check_table(table: exp.Table, names: set[str]) -> None:
    if table.args.get("db") or table.args.get("catalog"):
        raise BadRequest(f"{table.sql('duckdb')[:80]} is not allowed; the only table is {TABLE}, without a schema")
    if table.name.lower() not in names:
        raise BadRequest(f"there is no table {table.name[:80]!r}; the only one is {TABLE}")


def _first_line(fault: Exception) -> str:
    return str(fault).splitlines()[0][:200]
