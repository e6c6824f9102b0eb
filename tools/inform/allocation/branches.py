"""Branches: the ways in which a charge can get its payer, in order; the first that fits decides."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlglot import exp

from tools.domain.allocation import DimensionRules, Part, Rule
from tools.domain.errors import NoData, UnknownName
from tools.domain.scope import Filter
from tools.semantic.columns import Columns, column
from tools.semantic.dimension import Dimension
from tools.semantic.filters import checked, written

OWN, OWNED = "its own name", "its owner"
"""What stands for a rule where a charge's own value of the dimension, or the owner map, names the payer."""


@dataclass(frozen=True)
class Branch:
    """One way: a rule, a charge's own value, or its owner (`rule` None for both)."""

    name: str
    condition: exp.Expr
    payer: exp.Expr | None
    """The expression that names the payer; None where the rule names or splits."""
    rule: Rule | None
    is_fallback: bool = False

    @property
    def part(self) -> Part:
        if self.is_fallback:
            return "fallback"
        return "shared" if self.rule is not None and self.rule.split else "direct"

    def payer_of(self, value: str | None) -> str | None:
        """The payer that a charge's value stands for; None for a split."""
        if self.rule is None:
            return value
        if self.rule.target is not None:
            return self.rule.target
        return self.rule.names.get(value, value) if value is not None else None


@dataclass
class Branches:
    """Writes the branches of one dimension's rules; `notes` collects what a reader of the result should know."""

    columns: Columns
    dimension: Dimension
    owner: exp.Expr | None = None

    def __post_init__(self) -> None:
        self.notes: list[str] = []
        self.used: set[str] = set(self.columns.stored_in(self.dimension))

    def of(self, rules: DimensionRules) -> tuple[Branch, ...]:
        own = self.value(self.dimension)
        found = [self._rule(rule) for rule in rules.rules]
        found.append(Branch(OWN, _is_set(own), own, None))
        if self.owner is not None and rules.owners:
            found.append(Branch(OWNED, _is_set(self.owner), self.owner, None))
        return (*found, *(self._rule(rule, is_fallback=True) for rule in rules.fallback))

    def value(self, dimension: Dimension) -> exp.Expr:
        """A dimension's value, NULL where no loaded file has its column."""
        stored = self.columns.stored_in(dimension)
        self.used |= stored
        return self.columns.dimension(dimension) if stored else exp.cast(exp.null(), "VARCHAR")

    def asked(self, filters: Sequence[Filter]) -> list[exp.Expr]:
        """Conditions of a question's filters. Raises UnknownName or NoData for what is not in the data."""
        conditions = []
        for one in filters:
            dimension = self.columns.model.dimension(one.dimension, self.columns.reader.columns)
            if not (stored := self.columns.stored_in(dimension)):
                name = dimension.store_column
                message = f"{dimension.label} needs the column {name}, which no loaded file has"
                raise NoData(message, "missing_column", column=name)
            self.used |= stored
            conditions.append(written(checked(one, dimension, self.columns.reader), dimension, self.columns))
        return conditions

    def where(self, filters: Sequence[Filter], rule: str) -> list[exp.Expr]:
        """Conditions of a rule's filters; a value that is not in the data fits nothing."""
        return [self._filter(one, rule) for one in filters]

    def _rule(self, rule: Rule, *, is_fallback: bool = False) -> Branch:
        conditions = self.where(rule.where, rule.name)
        day = column("ChargeDay")
        if rule.start is not None:
            conditions.append(day >= self._day(rule.start.isoformat()))
        if rule.until is not None:
            conditions.append(day.copy() < self._day(rule.until.isoformat()))
        payer = None
        if rule.take is not None:
            payer = self.value(self._dimension(rule.take))
            conditions.append(_is_set(payer))
        condition = exp.and_(*conditions) if conditions else exp.true()
        return Branch(rule.name, condition, payer, rule, is_fallback)

    def _dimension(self, name: str) -> Dimension:
        try:
            return self.columns.model.dimension(name, self.columns.reader.columns)
        except UnknownName:
            return Dimension(name=name, label=name, plural=name)  # a column that no file has yet: it fits nothing

    def _filter(self, one: Filter, rule: str) -> exp.Expr:
        dimension = self._dimension(one.dimension)
        stored = self.columns.stored_in(dimension)
        if not stored:
            fits = one.operator in ("is_null", "not_in")
            return exp.true() if fits else exp.false()
        self.used |= stored
        try:
            one = checked(one, dimension, self.columns.reader)
        except UnknownName as unknown:
            near = ", ".join(unknown.near[:3])
            self._note(f"rule {rule!r}: {dimension.label} {unknown.name!r} is not in the data; near it: {near}")
        except NoData:
            pass  # a rule may name what is long gone, or not there yet
        return written(one, dimension, self.columns)

    def _note(self, note: str) -> None:
        if self.columns.reader.scope.is_whole:  # what a rule names may lie outside a scope
            self.notes.append(note)

    def _day(self, day: str) -> exp.Expr:
        return exp.cast(exp.Literal.string(day), "DATE")


def _is_set(value: exp.Expr) -> exp.Expr:
    return exp.not_(exp.paren(value.copy()).is_(exp.null()))
