"""A CostQuery that contradicts itself is refused before it reaches the store."""

import pytest
from pydantic import ValidationError

from tools.domain.query import CostQuery

THRESHOLD = {"operator": "over", "value": "5000"}


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ({"order_by": "change"}, "needs compare_to"),
        ({"order_by": "time"}, "needs a granularity"),
        ({"threshold": THRESHOLD}, "needs group_by"),
        ({"metrics": ()}, "at least 1 item"),
        ({"colour": "blue"}, "Extra inputs"),
    ],
)
def test_a_contradiction_is_named(query: dict[str, object], reason: str) -> None:
    with pytest.raises(ValidationError, match=reason):
        CostQuery.model_validate(query)


def test_a_threshold_over_groups_or_days_is_fine() -> None:
    assert CostQuery.model_validate({"threshold": THRESHOLD, "group_by": ["x_Model"]}).threshold
    assert CostQuery.model_validate({"threshold": THRESHOLD, "granularity": "day"}).threshold
