"""A seeded slice of the campaign that kills remediations."""

import pytest

from evals.campaigns import remediation_kills

pytestmark = pytest.mark.slow


def test_a_killed_remediation_happened_once_or_not_at_all_and_is_on_record_as_it_was() -> None:
    figures = remediation_kills.run(seed=5, count=16)
    assert figures["faults"] == []
    assert figures["kills"] > 0
    assert figures["calls more than there and back"] == 0
