"""Providers' own response bodies, priced as genai-prices' repository expects."""

import subprocess
import sys
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from tests.paths import CHECKOUT, shared_data
from tools.domain.errors import BadInput
from tools.pricing.catalogue import Catalogue
from tools.pricing.payloads import price_payload

AT = datetime(2026, 11, 1, 12, tzinfo=UTC)


def test_an_anthropic_body_is_priced_by_time_to_live() -> None:
    usage = {
        "input_tokens": 1000,
        "cache_read_input_tokens": 10_000,
        "cache_creation_input_tokens": 3000,
        "cache_creation": {"ephemeral_5m_input_tokens": 1000, "ephemeral_1h_input_tokens": 2000},
        "output_tokens": 100,
    }
    priced = price_payload("anthropic", {"usage": usage}, model="claude-sonnet-4-5", at=AT, catalogue=Catalogue())
    assert priced.input_cost == Decimal("0.003") + Decimal("0.003") + Decimal("0.00375") + Decimal("0.012")
    assert priced.output_cost == Decimal("0.0015")


def test_a_body_without_usage_is_refused() -> None:
    with pytest.raises(BadInput, match="no usage of provider='openai'"):
        price_payload("openai", {}, model="gpt-4o", at=AT, catalogue=Catalogue(), flavor="chat")


def test_a_model_without_a_price_is_refused() -> None:
    with pytest.raises(BadInput, match="has no price for model='no-such-model'"):
        price_payload("openai", {}, model="no-such-model", at=AT, catalogue=Catalogue(), flavor="chat")


@pytest.mark.data
def test_every_published_payload_with_an_expected_price_matches_it() -> None:
    shared_data("llm_prices")
    run = subprocess.run(
        [sys.executable, "-m", "evals.prices"], cwd=CHECKOUT, capture_output=True, text=True, check=False
    )
    total = next(line.split() for line in run.stdout.splitlines() if line.startswith("all "))
    assert total == ["all", "2278", "0", "0", "100.0%"]
