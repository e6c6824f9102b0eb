"""A CostQuery that contradicts itself is refused before it reaches the store."""

import pytest
from pydantic import ValidationError

from tools.domain.query import CostQuery


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ({"order_by": "change"}, "needs compare_to"),
        ({"order_by": "time"}, "needs a granularity"),
        ({"metrics": ()}, "at least 1 item"),
        ({"colour": "blue"}, "Extra inputs"),
    ],
)
def test_a_contradiction_is_named(query: dict[str, object], reason: str) -> None:
    with pytest.raises(ValidationError, match=reason):
        CostQuery.model_validate(query)
