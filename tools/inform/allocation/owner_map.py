"""OwnerMap: who owns a key, resource, account, … on a day, as joins beside the charges.

Owners come from `outlay ingest owners`. Of two spans of one thing that overlap, the later start wins from its day on.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlglot import exp, parse_one

from tools.domain.errors import UnknownName
from tools.ingest.record_fields import load_rules
from tools.registry import CostReader
from tools.semantic.columns import Columns, column
from tools.semantic.dimension import Dimension
from tools.semantic.model import load_model

PAYER_COLUMNS: Mapping[str, str] = {
    "x_Team": "Team",
    "x_Project": "Product",
    "x_Product": "Product",
    "x_CostCentre": "CostCentre",
    "x_CostCenter": "CostCentre",
    "tag:cost-center": "CostCentre",
    "tag:cost_center": "CostCentre",
    "x_Person": "Person",
    "x_Owner": "Person",
}
"""Dimension that pays → the owner's name in the map."""
ALSO: Mapping[str, tuple[str, ...]] = {
    "SubAccountId": ("SubAccountName",),
    "ResourceId": ("ResourceName",),
    "x_Project": ("x_Workspace", "x_WorkspaceId"),
    "x_ApiKey": ("x_ApiKeyId", "x_ApiKeyName"),
}
"""Things that a map may name by another column of theirs."""
SPECIFIC_FIRST = (
    "x_ApiKey", "x_ApiKeyId", "x_ApiKeyName", "x_Agent", "ResourceId", "ResourceName", "x_Workspace", "x_WorkspaceId",
    "x_Project", "x_Customer", "SubAccountId", "SubAccountName",
)  # fmt: skip
"""Of several owners of one charge, the owner of the most specific thing pays; other things come last."""


@dataclass(frozen=True)
class OwnerJoin:
    """Owners of one kind of thing, which charges name in `dimension`."""

    dimension: Dimension
    kinds: tuple[str, ...]
    payer: str

    def relation(self) -> str:
        """Spans that do not overlap: key, first day, the day after the last, payer."""
        kinds = ", ".join(f"'{kind.replace(chr(39), chr(39) * 2)}'" for kind in self.kinds)
        start = "COALESCE(\"From\", DATE '0001-01-01')"
        following = f'LEAD({start}) OVER (PARTITION BY "Key" ORDER BY {start}, "Source", "Kind")'
        until = f"LEAST(COALESCE(\"To\", DATE '9999-12-31'), COALESCE({following}, DATE '9999-12-31'))"
        return (
            f'SELECT "Key" AS owned, {start} AS since, {until} AS until, "{self.payer}" AS payer FROM owners '
            f'WHERE lower("Kind") IN ({kinds}) AND "{self.payer}" IS NOT NULL'
        )


@dataclass(frozen=True)
class OwnerMap:
    """The joins that find a charge's owner, most specific first; none where no owner is known."""

    joins: tuple[OwnerJoin, ...] = ()

    def payer(self) -> exp.Expr | None:
        """The owner's name beside a charge; None where the map is empty."""
        names: list[exp.Expr] = [exp.column("payer", table=f"owner_{index}") for index in range(len(self.joins))]
        if not names:
            return None
        return names[0] if len(names) == 1 else exp.Coalesce(this=names[0], expressions=names[1:])

    def columns(self, columns: Columns) -> frozenset[str]:
        """The store's columns that owners are found by."""
        return frozenset[str]().union(*(columns.stored_in(one.dimension) for one in self.joins))

    def joined(self, query: exp.Select, columns: Columns) -> exp.Select:
        """The query with each charge's owners beside it; no charge is doubled."""
        for index, one in enumerate(self.joins):
            alias, day = f"owner_{index}", column("ChargeDay")
            same = columns.dimension(one.dimension).eq(exp.column("owned", table=alias))
            since, until = (exp.column(name, table=alias) for name in ("since", "until"))
            owners = exp.Subquery(this=parse_one(one.relation(), dialect="duckdb"), alias=exp.TableAlias(this=alias))
            query = query.join(
                owners, on=exp.and_(same, day >= since, day.copy() < until), join_type="left", copy=False
            )
        return query


def owner_map(reader: CostReader, dimension: str) -> OwnerMap:
    """The owners that pay in a dimension, for the things that the store's charges name."""
    payer = PAYER_COLUMNS.get(dimension)
    if payer is None:
        return OwnerMap()
    by_dimension: dict[str, set[str]] = {}
    for kind in {one.kind.lower() for one in reader.records("owners")}:
        named = load_rules().owner_kinds.get(kind) or _spelled(kind)
        for name in (named, *ALSO.get(named, ())):
            by_dimension.setdefault(name, set()).add(kind)
    found = [(known, tuple(sorted(kinds))) for name, kinds in by_dimension.items() if (known := _known(name, reader))]
    found.sort(key=lambda one: _place(one[0].name))
    return OwnerMap(tuple(OwnerJoin(known, kinds, payer) for known, kinds in found if known.name != dimension))


def _spelled(kind: str) -> str:
    """A dimension's own spelling, for a map whose kind is one."""
    spelled = {name.lower(): name for name in load_model().dimensions}
    return spelled.get(kind, kind)


def _known(name: str, reader: CostReader) -> Dimension | None:
    try:
        found = load_model().dimension(name, reader.columns)
    except UnknownName:
        return None
    stored = {found.store_column, found.fallback} & reader.columns
    return found if stored else None


def _place(name: str) -> tuple[int, str]:
    return (SPECIFIC_FIRST.index(name) if name in SPECIFIC_FIRST else len(SPECIFIC_FIRST), name)
