"""Facts behind the levers are typed, sourced and dated."""

from decimal import Decimal

import pytest

from tools.optimize.llm.facts import PromptCacheRule, llm_facts
from tools.optimize.llm.own_models import own_models
from tools.optimize.llm.prompt_cache import rule_of
from tools.optimize.llm.waiting import waiting_work


@pytest.mark.parametrize("rule", llm_facts().prompt_caches, ids=lambda rule: rule.developer)
def test_reading_from_a_prompt_cache_costs_less_than_sending_and_writing_no_less(rule: PromptCacheRule) -> None:
    assert "https://" in rule.source
    for variant in rule.variants:
        assert 0 < variant.read < 1 <= variant.write


@pytest.mark.parametrize(
    ("model", "minimum"), [("claude-sonnet-4-5", 1024), ("claude-haiku-4-5-20251001", 4096), ("claude-opus-4-5", 4096)]
)
def test_the_longest_start_of_a_models_name_decides_its_minimum(model: str, minimum: int) -> None:
    rule = rule_of(model)
    assert rule is not None
    assert rule.minimum(model) == minimum


def test_models_without_a_known_rule_have_none() -> None:
    assert rule_of("some-model-of-ours") is None


def test_a_charge_is_standing_by_the_words_of_its_description() -> None:
    kind = own_models().standing.kind
    assert kind("Provisioned Throughput, 1 model unit") == "provisioned throughput"
    assert kind("gpt-4.1 custom model hosting") == "model hosting"
    assert kind("8x H100 SXM node") is None


def test_the_surest_work_that_can_wait_comes_first() -> None:
    sure = [one.confidence for one in waiting_work()]
    assert sure == sorted(sure, reverse=True)
    assert sure[0] <= Decimal(1)
