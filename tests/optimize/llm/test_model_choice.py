"""Smaller models: how much of the traffic moves, by what the scores say."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.optimize.llm.store import loaded, only, request
from tools.optimize.llm.model_choice import ModelChoice
from tools.optimize.llm.routes import routes


def score(model: str, value: str, samples: int = 100, metric: str = "success_rate") -> dict[str, Any]:
    return {"date": "2026-10-20", "model": model, "use_case": "chat", "metric": metric, "score": value,
            "samples": samples}  # fmt: skip


def test_without_scores_a_share_moves_and_the_missing_evaluation_is_named(tmp_path: Path) -> None:
    one = only(loaded(tmp_path, [request("05T10:00:00")]).found(ModelChoice()))
    assert one.saving == Decimal("0.8")
    assert (one.low, one.high) == (0, Decimal("1.28"))
    assert "no evaluation of gpt-4.1-mini on chat is loaded" in one.evidence[0]


def test_all_of_it_moves_when_the_smaller_model_scored_as_well(tmp_path: Path) -> None:
    scores = [score("gpt-4.1", "0.90"), score("gpt-4.1-mini", "0.89")]
    one = only(loaded(tmp_path, [request("05T10:00:00")], quality=scores).found(ModelChoice()))
    assert one.saving == Decimal("1.6")
    assert one.confidence > Decimal("0.5")


@pytest.mark.parametrize(("small", "metric"), [("0.80", "success_rate"), ("0.99", "error_rate")])
def test_nothing_moves_when_the_smaller_model_scored_worse(tmp_path: Path, small: str, metric: str) -> None:
    scores = [score("gpt-4.1", "0.90", metric=metric), score("gpt-4.1-mini", small, metric=metric)]
    assert loaded(tmp_path, [request("05T10:00:00")], quality=scores).found(ModelChoice()) == ()


def test_a_model_that_is_being_evaluated_is_not_replaced(tmp_path: Path) -> None:
    assert loaded(tmp_path, [request("05T10:00:00", workload="evaluation")]).found(ModelChoice()) == ()


def test_dated_snapshots_of_a_model_have_its_smaller_sibling() -> None:
    assert routes().smaller("gpt-4.1-2025-04-14") == ("gpt-4.1-mini", "https://platform.openai.com/docs/models")
    assert routes().smaller("gpt-4.1-nano") is None
