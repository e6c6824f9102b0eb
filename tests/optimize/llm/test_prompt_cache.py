"""Prompts through a provider's cache, by replay and by comparison."""

import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from evals.prompt_caching.replay import Request, Way, replayed
from tests.optimize.llm.store import MILLION, loaded, only, request
from tests.paths import shared_data
from tools.optimize.llm.prefix_replay import Blocks
from tools.optimize.llm.prompt_cache import PromptCache


def prompt(time: str, blocks: str, tokens: int, **more: Any) -> dict[str, Any]:
    return request(time, input_tokens=tokens, x_PrefixHashes=blocks, x_PrefixBlockTokens=1000, **more)


def sonnet(time: str, blocks: str, tokens: int, **more: Any) -> dict[str, Any]:
    return prompt(time, blocks, tokens, model="claude-sonnet-4-5", **more)


def test_what_a_prompt_shares_with_one_of_the_last_minutes_is_read_at_the_cached_price(tmp_path: Path) -> None:
    asked = [prompt("05T10:00:00", "a ab", 2000), prompt("05T10:02:00", "a ab abc", 3000)]
    one = only(loaded(tmp_path, asked).found(PromptCache()))
    # 2,000 tokens in whole steps of 128, for 1.5 less a million
    assert one.saving == Decimal(1920) * Decimal("1.5") / MILLION
    assert one.confidence > Decimal("0.5")


def test_a_prefix_that_was_not_used_for_the_time_to_live_is_sent_anew(tmp_path: Path) -> None:
    asked = [prompt("05T10:00:00", "a ab", 2000), prompt("05T10:05:01", "a ab", 2000)]
    assert loaded(tmp_path, asked).found(PromptCache()) == ()


def test_each_use_keeps_a_prefix_alive(tmp_path: Path) -> None:
    asked = [prompt(f"05T10:{minute}:00", "a ab", 2000) for minute in ("00", "04", "08")]
    one = only(loaded(tmp_path, asked).found(PromptCache()))
    assert one.saving == 2 * Decimal(1920) * Decimal("1.5") / MILLION


def test_a_shared_start_below_the_providers_minimum_saves_nothing(tmp_path: Path) -> None:
    asked = [prompt("05T10:00:00", "a ab", 2000), prompt("05T10:02:00", "a ac", 2000)]
    assert loaded(tmp_path, asked).found(PromptCache()) == ()


def test_writing_to_the_cache_in_vain_is_no_saving(tmp_path: Path) -> None:
    asked = [sonnet(f"05T1{hour}:00:00", f"a{hour} b{hour}", 2000) for hour in range(5)]
    assert loaded(tmp_path, asked, provider="anthropic").found(PromptCache()) == ()


def test_the_write_surcharge_comes_off_and_the_cheaper_time_to_live_is_taken(tmp_path: Path) -> None:
    asked = [sonnet(f"05T10:{minute}:00", "a ab", 2000) for minute in ("00", "30", "59")]
    one = only(loaded(tmp_path, asked, provider="anthropic").found(PromptCache()))
    assert "one hour" in one.description
    assert one.saving == (Decimal(6000) * 3 - Decimal(2000) * 6 - Decimal(4000) * Decimal("0.3")) / MILLION
    assert "a write pays from 1.11 reads on" in one.evidence[-1]


def test_callers_share_a_cache_and_each_keeps_its_own_saving(tmp_path: Path) -> None:
    asked = [prompt("05T10:00:00", "a ab", 2000), prompt("05T10:01:00", "a ab", 2000, team="legal")]
    assert [one.owner for one in loaded(tmp_path, asked).found(PromptCache())] == ["legal"]


def test_hashes_of_blocks_alone_say_nothing_of_prefixes_and_are_not_replayed(tmp_path: Path) -> None:
    asked = [prompt("05T10:00:00", "a x", 2000), prompt("05T10:01:00", "b x", 2000), prompt("05T10:02:00", "a x", 2000)]
    store = loaded(tmp_path, asked)
    assert "of each block alone" in (store.missing(PromptCache()) or "")
    assert not PromptCache().find(store.ctx, store.ledger)


def test_prompts_that_fit_no_size_of_a_block_ask_for_it(tmp_path: Path) -> None:
    asked = [
        request("05T10:00:00", input_tokens=tokens, x_PrefixHashes=f"a{tokens} b{tokens}") for tokens in (900, 9000)
    ]
    assert "--set x_PrefixBlockTokens=N" in (loaded(tmp_path, asked).missing(PromptCache()) or "")


@pytest.mark.parametrize(
    ("blocks", "tokens"),
    [
        (Blocks("s", None, 510, 513, True), 512),
        (Blocks("s", None, 300, 310, True), 300),
        (Blocks("s", None, 300, 299, True), None),
        (Blocks("s", None, 300, None, True), 300),
        (Blocks("s", 16, 300, 299, True), 16),
    ],
)
def test_the_size_of_a_block_is_as_given_or_what_fits_all_prompts(blocks: Blocks, tokens: int | None) -> None:
    assert blocks.tokens == tokens


@pytest.mark.parametrize("seed", [1, 2])
def test_random_prompts_save_what_a_direct_replay_saves(tmp_path: Path, seed: int) -> None:
    prompts = _random_prompts(random.Random(seed), 300)
    asked = [
        prompt("01T00:00:00", " ".join(map(str, one.blocks)), one.tokens)
        | {"time": (datetime(2026, 10, 5) + timedelta(seconds=float(one.at))).isoformat() + "Z"}
        for one in prompts
    ]
    way = Way("in memory", 300, 1024, 128, Decimal(2), Decimal("0.5"), Decimal(2))
    wanted = replayed(prompts, way, 1000).saving
    assert wanted > 0
    assert abs(only(loaded(tmp_path, asked).found(PromptCache())).saving - wanted) < Decimal("1e-9")


def _random_prompts(rng: random.Random, count: int) -> Sequence[Request]:
    """Conversations that grow by a block at a time; each hash stands for all that is before it."""
    conversations: list[list[int]] = []
    made, moment, fresh = [], 0, 100
    for _ in range(count):
        moment += rng.randint(0, 120)
        if not conversations or rng.random() < 0.3:
            conversations.append([1, 2])
        conversation = rng.choice(conversations[-5:])
        conversation.append(fresh := fresh + 1)
        tokens = (len(conversation) - 1) * 1000 + rng.randint(1, 1000)
        made.append(Request(Decimal(moment), tokens, tuple(conversation)))
    return made


def test_without_hashes_other_callers_of_the_model_are_the_measure_at_a_low_confidence(tmp_path: Path) -> None:
    asked = [
        request("05T10:00:00", cached_input_tokens=0),
        request("05T11:00:00", cached_input_tokens=MILLION // 2, team="legal"),
    ]
    one = only(loaded(tmp_path, asked).found(PromptCache()))
    assert one.owner == "claims"
    assert one.saving == Decimal("0.75")
    assert one.confidence == Decimal("0.2")


def test_without_hashes_and_cached_counts_it_says_what_it_needs(tmp_path: Path) -> None:
    missing = loaded(tmp_path, [request("05T10:00:00")]).missing(PromptCache())
    assert missing is not None
    assert "--map COLUMN=x_PrefixHashes" in missing


@pytest.mark.data
def test_real_prompts_save_within_a_hundredth_of_a_direct_replay() -> None:
    import pyarrow.parquet as pq

    from evals.prompt_caching.__main__ import BLOCK_TOKENS, MOST, SELLERS, estimated, requests_of

    table = pq.read_table(shared_data("mooncake") / "synthetic_trace.parquet")
    seller = SELLERS[0]
    wanted = max(replayed(requests_of(table), way, BLOCK_TOKENS).saving for way in seller.ways)
    assert abs(estimated(table, seller) / wanted - 1) < MOST
