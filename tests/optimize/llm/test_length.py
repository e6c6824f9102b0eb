"""Prompts and answers that have grown."""

from datetime import date
from decimal import Decimal
from pathlib import Path

from tests.optimize.llm.store import MILLION, days, loaded, only, request
from tools.optimize.llm.output_length import OutputLength
from tools.optimize.llm.prompt_length import PromptLength

SEPTEMBER, OCTOBER = date(2026, 9, 1), date(2026, 10, 1)


def test_prompts_that_have_doubled_save_half_of_what_they_cost(tmp_path: Path) -> None:
    usage = [*days(SEPTEMBER, 20, input_tokens=MILLION), *days(OCTOBER, 10, input_tokens=2 * MILLION)]
    one = only(loaded(tmp_path, usage).found(PromptLength()))
    assert one.saving == 20
    assert "2,000 input tokens, 1,000 in the 90 days before on gpt-4.1: 100 % more" in one.evidence[0]
    assert "can't be told" in one.evidence[1]


def test_more_requests_of_the_same_length_are_no_drift(tmp_path: Path) -> None:
    usage = [*days(SEPTEMBER, 20), *days(OCTOBER, 10, requests=2000, input_tokens=2 * MILLION)]
    assert loaded(tmp_path, usage).found(PromptLength()) == ()


def test_the_range_is_of_the_longest_and_the_shortest_week_before(tmp_path: Path) -> None:
    usage = [
        *days(date(2026, 9, 3), 7, input_tokens=MILLION // 2),
        *days(date(2026, 9, 10), 7, input_tokens=MILLION),
        *days(date(2026, 9, 17), 7, input_tokens=3 * MILLION // 2),
        *days(OCTOBER, 10, input_tokens=2 * MILLION),
    ]
    one = only(loaded(tmp_path, usage).found(PromptLength()))
    assert one.low is not None
    assert one.high is not None
    assert one.low < one.saving < one.high


def test_a_new_model_is_compared_with_the_same_work_on_other_models(tmp_path: Path) -> None:
    usage = [*days(SEPTEMBER, 20, model="gpt-4.1-mini"), *days(OCTOBER, 10, input_tokens=2 * MILLION)]
    one = only(loaded(tmp_path, usage).found(PromptLength()))
    assert one.saving == 20
    assert "on other models" in one.evidence[0]


def test_a_few_days_before_are_nothing_to_compare_with(tmp_path: Path) -> None:
    usage = [*days(SEPTEMBER, 5), *days(OCTOBER, 10, input_tokens=2 * MILLION)]
    assert loaded(tmp_path, usage).found(PromptLength()) == ()


def test_a_longer_system_prompt_shows_in_the_shortest_prompts(tmp_path: Path) -> None:
    before = [request("01T00:00:00", input_tokens=100 + n) | {"time": f"2026-09-{1 + n // 2:02}T0{n % 2}:00:00Z"}
              for n in range(40)]  # fmt: skip
    now = [request(f"{1 + n // 2:02}T0{n % 2}:00:00", input_tokens=400 + n) for n in range(40)]
    one = only(loaded(tmp_path, [*before, *now]).found(PromptLength()))
    assert "every prompt grew: its fixed part" in one.evidence[1]


def test_answers_that_have_doubled_save_half_of_what_they_cost(tmp_path: Path) -> None:
    usage = [
        *days(SEPTEMBER, 20, output_tokens=MILLION),
        *days(OCTOBER, 10, output_tokens=2 * MILLION),
    ]
    store = loaded(tmp_path, usage)
    assert only(store.found(OutputLength())).saving == Decimal(80)
    assert store.found(PromptLength()) == ()


def test_without_days_before_it_says_what_it_needs(tmp_path: Path) -> None:
    missing = loaded(tmp_path, list(days(OCTOBER, 3))).missing(PromptLength())
    assert missing is not None
    assert "90 days before" in missing
