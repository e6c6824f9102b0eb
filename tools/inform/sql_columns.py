"""What the columns of an ad hoc result are: their names, labels, kinds, and units as far as they can be told."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sqlglot import exp

from tools.domain.focus import BY_NAME
from tools.domain.result import Column
from tools.inform.sql_text import TABLE, Statement
from tools.registry import CostReader, SandboxRows
from tools.semantic.model import load_model

LONGEST_NAME = 40
NUMBERS = ("DECIMAL", "DOUBLE", "FLOAT", "INT", "BIGINT", "HUGEINT", "SMALLINT", "TINYINT")
_DIGITS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
_UNIT_COLUMNS = {"ConsumedQuantity": "ConsumedUnit", "PricingQuantity": "PricingUnit"}
_COUNTED = {"x_Requests": "requests", "x_Rows": "rows"}


@dataclass(frozen=True)
class _Source:
    """What a column of the result is worked out from, where its expression can be found."""

    expression: exp.Expr | None
    is_key: bool = False


def columns_of(statement: Statement, found: SandboxRows, reader: CostReader) -> tuple[Column, ...]:
    """One column for each of the result's, in order; numbers that rows are grouped by are names of rows."""
    sources = _sources(statement, len(found.columns))
    names = _names(found.columns)
    return tuple(
        _column(name, found, index, sources[index], _unit(statement, sources[index], reader))
        for index, name in enumerate(names)
    )


def money_columns(tree: exp.Expr) -> set[str]:
    """The cost columns of the rollup that a statement mentions."""
    named = {column.name.lower() for column in tree.find_all(exp.Column)}
    return {name for name, column in BY_NAME.items() if column.kind == "cost" and name.lower() in named}


def mentions(tree: exp.Expr, *names: str) -> bool:
    wanted = {name.lower() for name in names}
    return any(column.name.lower() in wanted for column in tree.find_all(exp.Column))


def _column(name: str, found: SandboxRows, index: int, source: _Source, unit: str | None) -> Column:
    is_number = found.types[index].startswith(NUMBERS) and not source.is_key
    has_gaps = any(row[index] is None for row in found.rows)
    label = _label(name)
    if not is_number:
        return Column(name=name, kind="dimension", label=label, plural=label)
    # An amount that is missing for lack of rows is no usage without a price, which a currency would make of it.
    return Column(name=name, kind="metric", label=label, unit=None if has_gaps else unit, metric=name)


def _sources(statement: Statement, count: int) -> list[_Source]:
    select = statement.select
    if select is None or len(select.expressions) != count or any(one.is_star for one in select.expressions):
        return [_Source(None)] * count
    grouped = bool(select.args.get("group"))
    return [_Source(one.unalias(), grouped and not _is_worked_out(one)) for one in select.expressions]


def _is_worked_out(expression: exp.Expr) -> bool:
    return expression.find(exp.AggFunc, exp.Window, exp.Anonymous, exp.Subquery) is not None


def _unit(statement: Statement, source: _Source, reader: CostReader) -> str | None:
    """A column of the rollup, or its plain sum, smallest or largest value, keeps its unit when there is only one."""
    select = statement.select
    if isinstance(statement.tree, exp.SetOperation) or select is None or not _reads_only_daily(select):
        return None
    expression = source.expression
    if isinstance(expression, exp.Filter):
        expression = expression.this
    if isinstance(expression, exp.Sum | exp.Min | exp.Max):
        expression = expression.this
    if not isinstance(expression, exp.Column):
        return None
    name = {known.lower(): known for known in reader.rollup_columns | {"x_Rows"}}.get(expression.name.lower(), "")
    if name in _COUNTED:
        return _COUNTED[name]
    if name in _UNIT_COLUMNS:
        return (_only(reader, _UNIT_COLUMNS[name]) or "").lower() or None
    if name in BY_NAME and BY_NAME[name].kind == "cost":
        return _only(reader, "PricingCurrency" if name.startswith("PricingCurrency") else "BillingCurrency")
    return None


def _reads_only_daily(select: exp.Select) -> bool:
    source = select.args.get("from_") or select.args.get("from")
    table = source.this if source is not None else None
    return isinstance(table, exp.Table) and table.name.lower() == TABLE and not select.args.get("joins")


def _only(reader: CostReader, dimension: str) -> str | None:
    values = reader.values(dimension)
    return values[0] if len(values) == 1 else None


def _names(written: Sequence[str]) -> list[str]:
    """Names that can be referred to: letters, digits and underscores, each once."""
    names: list[str] = []
    for one in written:
        stem = re.sub(r"\W+", "_", one, flags=re.ASCII).strip("_")[:LONGEST_NAME] or "value"
        stem = stem if not stem[0].isdigit() else f"n_{stem}"
        name, letter = stem, "b"
        while name in names:
            name, letter = f"{stem}_{letter}", chr(ord(letter) + 1) if letter < "z" else letter + "a"
        names.append(name)
    return names


def _label(name: str) -> str:
    """What people call a column; digits as words, because a numeral in an answer is always a figure."""
    known = load_model().dimensions.get(name)
    if known is not None:
        return known.label
    metric = load_model().metrics.get(name)
    if metric is not None:
        return metric.label
    words = re.sub(r"(?<=[a-z])(?=[A-Z])|_+", " ", name.removeprefix("x_"))
    return " ".join(re.sub(r"\d", lambda digit: f" {_DIGITS[int(digit[0])]} ", words).lower().split())
