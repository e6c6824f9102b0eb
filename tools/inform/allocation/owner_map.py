"""OwnerMap: who owns a key, resource, account, … on a day, as a join beside the charges."""

from dataclasses import dataclass

from sqlglot import exp

from tools.registry import CostReader
from tools.semantic.columns import Columns


@dataclass(frozen=True)
class OwnerMap:
    """Nobody owns anything yet."""

    def payer(self, columns: Columns) -> exp.Expr | None:
        """The owner's name beside a charge; None where the map is empty."""
        return None

    def columns(self, reader: CostReader) -> frozenset[str]:
        """The columns that owners are found by."""
        return frozenset()

    def joined(self, query: exp.Select, columns: Columns) -> exp.Select:
        return query


def owner_map(reader: CostReader, dimension: str) -> OwnerMap:
    """The owners that pay in a dimension."""
    return OwnerMap()
