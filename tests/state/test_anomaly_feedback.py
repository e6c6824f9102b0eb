from pathlib import Path

import pytest

from agent.state.anomaly_feedback import AnomalyFeedback
from tools.domain.errors import BadInput


def test_the_newest_verdict_counts(tmp_path: Path) -> None:
    kept = AnomalyFeedback(tmp_path)
    assert kept.verdicts() == {}
    kept.give("A-1", "planned", "ada")
    kept.give("A-1", "yes", "bo")
    assert AnomalyFeedback(tmp_path).verdicts() == {"A-1": "yes"}


def test_an_unknown_verdict_is_answered_with_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="yes, no, planned"):
        AnomalyFeedback(tmp_path).give("A-1", "maybe", "ada")
