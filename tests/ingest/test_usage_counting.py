"""What input and output tokens include, provider by provider; the samples are those of the providers' own documents."""

from pathlib import Path

import pytest

from tests.ingest.usage_loads import load_records


def test_openai_input_includes_cached_and_written_tokens(tmp_path: Path) -> None:
    record = {"input_tokens": 5000, "input_cached_tokens": 1800, "input_cache_write_tokens": 200, "output_tokens": 1000}
    loaded = load_records(tmp_path, [{**record, "num_model_requests": 5}], provider="OpenAI")
    assert loaded.tokens() == {"input": 3000, "cached_input": 1800, "cache_write": 200, "output": 1000}


def test_openai_output_includes_reasoning(tmp_path: Path) -> None:
    loaded = load_records(tmp_path, [{"input_tokens": 10, "output_tokens": 900, "reasoning_tokens": 600}])
    assert loaded.tokens() == {"input": 10, "output": 300, "reasoning": 600}


def test_anthropic_input_excludes_cache_reads_and_writes(tmp_path: Path) -> None:
    record = {
        "uncached_input_tokens": 1500,
        "cache_creation.ephemeral_1h_input_tokens": 1000,
        "cache_creation.ephemeral_5m_input_tokens": 500,
        "cache_read_input_tokens": 200,
        "output_tokens": 500,
    }
    loaded = load_records(tmp_path, [record], provider="anthropic")
    assert loaded.tokens() == {"input": 1500, "cache_write": 1500, "cached_input": 200, "output": 500}


def test_anthropic_input_tokens_are_the_uncached_ones_too(tmp_path: Path) -> None:
    record = {
        "input_tokens": 100,
        "cache_read_input_tokens": 900,
        "cache_creation_input_tokens": 300,
        "output_tokens": 5,
    }
    loaded = load_records(tmp_path, [record], provider="Anthropic")
    assert loaded.tokens() == {"input": 100, "cached_input": 900, "cache_write": 300, "output": 5}


def test_gemini_reports_thoughts_beside_candidates_and_cached_inside_prompt(tmp_path: Path) -> None:
    record = {
        "promptTokenCount": 1000,
        "cachedContentTokenCount": 400,
        "candidatesTokenCount": 50,
        "thoughtsTokenCount": 70,
    }
    loaded = load_records(tmp_path, [record], provider="gemini")
    assert loaded.tokens() == {"input": 600, "cached_input": 400, "output": 50, "reasoning": 70}


def test_bedrock_input_excludes_cache_reads_and_writes(tmp_path: Path) -> None:
    record = {"inputTokens": 64, "cacheReadInputTokens": 10, "cacheWriteInputTokens": 2492, "outputTokens": 4}
    columns = {"inputTokens": "input_tokens", "outputTokens": "output_tokens"}
    loaded = load_records(tmp_path, [record], provider="bedrock", columns=columns)
    assert loaded.tokens() == {"input": 64, "cached_input": 10, "cache_write": 2492, "output": 4}


def test_xai_reports_reasoning_beside_completion(tmp_path: Path) -> None:
    record = {"prompt_tokens": 32, "completion_tokens": 9, "reasoning_tokens": 300}
    loaded = load_records(tmp_path, [record], provider="xai")
    assert loaded.tokens() == {"input": 32, "output": 9, "reasoning": 300}


@pytest.mark.parametrize("provider", ["deepseek", "azure-openai", "mistral", "groq", "LiteLLM", "self-hosted", "vllm"])
def test_openai_compatible_providers_count_parts_inside(tmp_path: Path, provider: str) -> None:
    record = {"prompt_tokens": 100, "cached_tokens": 40, "completion_tokens": 50, "reasoning_tokens": 20}
    loaded = load_records(tmp_path, [record], provider=provider)
    assert loaded.tokens() == {"input": 60, "cached_input": 40, "output": 30, "reasoning": 20}


def test_an_unknown_providers_counts_are_taken_as_disjoint_and_reported(tmp_path: Path) -> None:
    record = {"input_tokens": 100, "cached_input_tokens": 40, "output_tokens": 50, "reasoning_tokens": 20}
    loaded = load_records(tmp_path, [record], provider="Acme AI")
    assert loaded.tokens() == {"input": 100, "cached_input": 40, "output": 50, "reasoning": 20}
    assert "no counting rule is known for provider Acme AI" in loaded.notes


def test_an_unknown_providers_reasoning_is_inside_output_when_it_never_exceeds_it(tmp_path: Path) -> None:
    records = [{"output_tokens": 100 + n, "reasoning_tokens": 90} for n in range(100)]
    loaded = load_records(tmp_path, records, provider="Acme AI")
    assert sum(loaded.tokens().values()) == sum(100 + n for n in range(100))
    assert "taken as a part of output tokens, because in 100 records they never exceed them" in loaded.notes


def test_an_unknown_providers_reasoning_is_beside_output_when_it_once_exceeds_it(tmp_path: Path) -> None:
    records = [{"output_tokens": 100, "reasoning_tokens": 90} for _ in range(100)]
    loaded = load_records(tmp_path, [*records, {"output_tokens": 1, "reasoning_tokens": 2}], provider="Acme AI")
    assert loaded.tokens() == {"output": 10001, "reasoning": 9002}


def test_more_cached_than_input_tokens_is_quarantined_where_input_includes_them(tmp_path: Path) -> None:
    records = [{"input_tokens": 10, "cached_input_tokens": 11}, {"input_tokens": 10, "cached_input_tokens": 10}]
    loaded = load_records(tmp_path, records)
    assert (loaded.report.read, loaded.report.accepted, loaded.report.quarantined) == (2, 1, 1)
    assert "exceed input_tokens, which include them at OpenAI" in loaded.report.reasons[0].reason
    assert '"cached_input_tokens":11' in loaded.report.reasons[0].example


def test_more_reasoning_than_output_tokens_is_quarantined_where_output_includes_it(tmp_path: Path) -> None:
    loaded = load_records(tmp_path, [{"output_tokens": 10, "reasoning_tokens": 11}, {"output_tokens": 1}])
    assert loaded.report.quarantined == 1


def test_requests_stand_on_one_row_of_a_record(tmp_path: Path) -> None:
    record = {"input_tokens": 50, "cached_input_tokens": 10, "output_tokens": 5, "requests": 7}
    loaded = load_records(tmp_path, [record])
    assert sorted(row[0] for row in loaded.rows('"x_Requests"', '"x_Requests" IS NOT NULL')) == [7]


def test_a_record_without_tokens_keeps_one_row(tmp_path: Path) -> None:
    loaded = load_records(tmp_path, [{"input_tokens": 0, "output_tokens": 0, "requests": 3, "status": "error"}])
    rows = loaded.rows('"x_Requests", "x_TokenType", "ConsumedQuantity", "EffectiveCost", "x_Status"')
    assert rows == [(3, None, None, 0, "error")]
