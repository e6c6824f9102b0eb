"""Dimensions, conditions and time buckets as sqlglot expressions over `charges` or `daily`."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from sqlglot import exp

from tools.domain.query import Granularity
from tools.registry import CostReader
from tools.semantic.dimension import Dimension
from tools.semantic.metric import Condition, Metric, Term
from tools.semantic.model import SemanticModel
from tools.semantic.parameters import Parameters

Table = Literal["charges", "daily"]
_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")
_EMPTY_TAGS = ("", "{}", "null")


def column(name: str) -> exp.Column:
    """A column, quoted only where its name needs it."""
    return exp.column(name, quoted=_PLAIN.match(name) is None)


@dataclass(frozen=True)
class Columns:
    """Writes the expressions of one query."""

    reader: CostReader
    model: SemanticModel
    parameters: Parameters

    def dimension(self, dimension: Dimension) -> exp.Expr:
        """The value of a dimension as text, NULL where a row has none."""
        if dimension.json_column:
            return self._json(dimension)
        own = column(dimension.store_column)
        if dimension.type == "date":
            return exp.cast(exp.cast(own, "DATE"), "VARCHAR")
        if dimension.fallback and dimension.fallback in self.reader.columns:
            if dimension.store_column not in self.reader.columns:
                return column(dimension.fallback)
            return exp.Coalesce(this=own, expressions=[column(dimension.fallback)])
        return own

    def stored_in(self, dimension: Dimension) -> frozenset[str]:
        """The store's columns it reads, of those that there are; empty when it can't be read."""
        wanted = {dimension.store_column, dimension.fallback} - {None}
        return frozenset(name for name in wanted if name in self.reader.columns)

    def condition(self, condition: Condition) -> exp.Expr | None:
        """The rows that count, or None for all. `unless` on a column that no file has excludes nothing."""
        parts: list[exp.Expr] = [
            self._named(name).isin(*map(exp.Literal.string, values)) for name, values in condition.when.items()
        ]
        for name, values in condition.unless.items():
            if name in self.reader.columns:
                listed = column(name).isin(*map(exp.Literal.string, values))
                parts.append(exp.paren(exp.or_(column(name).is_(exp.null()), exp.not_(listed))))
        parts += [self._set(name) for name in condition.present]
        parts += [exp.not_(exp.paren(self._set(name))) for name in condition.absent]
        if condition.virtual:
            national = exp.func("REGEXP_FULL_MATCH", column(condition.virtual), exp.Literal.string("[A-Z]{3}"))
            parts.append(exp.not_(national))
        if isinstance(condition, Metric) and condition.any:
            known = [self.condition(one) for one in condition.any if one.required <= self.reader.columns]
            parts.append(exp.paren(exp.or_(*[one for one in known if one is not None])))
        return exp.and_(*parts) if parts else None

    def missing(self, metric: Metric) -> str | None:
        """The first column without which the metric can't be told."""
        for part in (metric, *metric.terms):
            wanted = {self._store_column(name) for name in part.required}
            if isinstance(part, Term):
                wanted |= {part.sum} if part.sum else set()
                wanted |= {self._store_column(part.times)} if part.times else set()
            for name in sorted(wanted):
                if name and name not in self.reader.columns:
                    return name
        alternatives = [one.required for one in metric.any]
        if alternatives and not any(one <= self.reader.columns for one in alternatives):
            return min(alternatives[0])
        return None

    def used(self, metric: Metric) -> frozenset[str]:
        """The store's columns that the metric reads."""
        parts: Sequence[Condition] = (metric, *metric.terms, *metric.any)
        names = {name for part in parts for name in (*part.required, *part.unless)}
        names |= {name for term in metric.terms for name in (term.sum, term.times) if name}
        return frozenset(self._store_column(name) for name in names) & self.reader.columns

    def measure(self, term: Term, table: Table) -> exp.Expr:
        """What a term adds up, for one row."""
        if term.sum is None:
            return column("x_Rows") if table == "daily" else exp.Literal.number(1)
        if term.times is None:
            return column(term.sum)
        number = exp.TryCast(this=self._named(term.times), to=exp.DataType.build("DECIMAL(8, 0)"))
        return exp.Mul(this=exp.cast(column(term.sum), "DECIMAL(30, 18)"), expression=number)

    def _named(self, name: str) -> exp.Expr:
        known = self.model.dimensions.get(name)
        return self._json(known) if known is not None and known.json_column else column(name)

    def _store_column(self, name: str) -> str:
        known = self.model.dimensions.get(name)
        return known.store_column if known is not None else name

    def _set(self, name: str) -> exp.Expr:
        value = self._named(name)
        given = exp.not_(value.copy().is_(exp.null()))
        if name != "Tags":
            return given
        return exp.and_(given, exp.not_(value.isin(*map(exp.Literal.string, _EMPTY_TAGS))))

    def _json(self, dimension: Dimension) -> exp.Expr:
        source = column(dimension.store_column)
        keys = [dimension.key]
        if dimension.json_column == "Tags":
            same = [key for key in self.reader.tag_keys() if key.lower() == dimension.key.lower()]
            keys = sorted(same, key=lambda key: key != dimension.key) or keys
        found = [exp.func("JSON_EXTRACT_STRING", source, self.parameters.add(_pointer(key))) for key in keys]
        value = found[0] if len(found) == 1 else exp.Coalesce(this=found[0], expressions=found[1:])
        # A bill's Tags may be no JSON at all; json_extract would end the query there.
        return exp.Case().when(exp.func("JSON_VALID", source.copy()), value)


def bucket(granularity: Granularity, when: exp.Expr, table: Table) -> exp.Expr:
    """The start of the time bucket that holds a row; weekdays are 1 (Monday) to 7."""
    if granularity == "hour":
        return exp.Anonymous(this="DATE_TRUNC", expressions=[exp.Literal.string("hour"), when])
    day = exp.cast(when, "DATE") if table == "charges" else when
    if granularity == "day":
        return day
    if granularity == "weekday":
        return exp.Anonymous(this="ISODOW", expressions=[day])
    start = exp.Anonymous(this="DATE_TRUNC", expressions=[exp.Literal.string(granularity), day])
    return exp.cast(start, "DATE")


def _pointer(key: str) -> str:
    """A key as a JSON pointer, which needs no quoting of dots, colons and quotes."""
    return "/" + key.replace("~", "~0").replace("/", "~1")
