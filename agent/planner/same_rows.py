"""Whether two readings of a name mean the same charges, so that there is nothing to ask back."""

from collections.abc import Callable
from datetime import timedelta

from agent.planner.senses import Names
from tools.domain.errors import OutlayError
from tools.domain.period import Period
from tools.domain.query import CostQuery
from tools.registry import CostReader, ToolContext

SameRows = Callable[[Names, Names], bool]


def same_rows(reader: CostReader) -> SameRows:
    """A test over all charges of a store: has every charge with the one name the other one too?

    What can't be told (a column that no file has, more combinations than a result holds) counts as different.
    """

    def test(one: Names, other: Names) -> bool:
        from tools.inform.spend import query_costs

        if reader.loaded_from is None or reader.loaded_through is None:
            return True
        period = Period(start=reader.loaded_from, end=reader.loaded_through + timedelta(days=1))
        query = CostQuery(metrics=("Rows",), group_by=(one.dimension, other.dimension), period=period)
        try:
            result = query_costs.run(ToolContext(store=reader, as_of=reader.loaded_through), query)
        except OutlayError:
            return False
        if result.no_data is not None or result.other_row is not None:
            return False
        first, second = result.column_index(one.dimension), result.column_index(other.dimension)
        return all((row[first] in one.values) == (row[second] in other.values) for row in result.rows)

    return test
