"""Training configs: hours as named, or reckoned from FLOPs."""

from decimal import Decimal

import pytest
import yaml

from tests.operate.check.plans import check, gpu_hours, read
from tools.operate.check.options import CheckOptions
from tools.operate.check.span import Span


def test_named_hours_are_taken() -> None:
    assert gpu_hours(check("training: {nodes: 2, gpus_per_node: 8, card: H100, hours: 10}")) == 160


def test_hours_follow_from_parameters_tokens_and_the_cards() -> None:
    """6 × 7e9 × 1e12 FLOPs ÷ (64 × 989e12 × MFU × 3600)."""
    (one,) = check("training: {gpus: 64, card: H100, parameters: 7B, tokens: 1e12, mfu: [0.4, 0.5]}").priced
    assert one.resource.hours is not None
    assert [round(end, 3) for end in one.resource.hours] == [
        round(Decimal("4.2e22") / (64 * Decimal("989e12") * Decimal(mfu) * 3600), 3) for mfu in ("0.5", "0.4")
    ]


def test_without_a_stated_mfu_the_range_is_what_published_runs_reached() -> None:
    (one,) = check("training: {gpus: 8, card: H100, parameters: 7B, tokens: 1e10}").priced
    assert one.resource.hours is not None
    assert round(one.resource.hours.high / one.resource.hours.low, 6) == round(Decimal("0.46") / Decimal("0.30"), 6)
    assert any("MFU of 30 to 46 %" in note for note in one.resource.notes)


TRAINER = {
    "model_name_or_path": "meta-llama/Llama-3.1-8B", "output_dir": "out", "learning_rate": 2e-5, "max_steps": 1000,
    "per_device_train_batch_size": 4, "gradient_accumulation_steps": 2, "max_seq_length": 2048,
    "outlay": {"gpus": 8, "card": "A100"},
}  # fmt: skip


def test_a_trainer_s_steps_tell_its_tokens_and_an_adapter_needs_a_third_less() -> None:
    (full,) = check(yaml.safe_dump(TRAINER)).priced
    (adapter,) = check(yaml.safe_dump(TRAINER | {"adapter": "lora"})).priced
    assert full.resource.hours is not None
    assert adapter.resource.hours is not None
    tokens = 1000 * 4 * 2 * 8 * 2048
    whole = Decimal(6 * 8 * 10**9 * tokens) / (8 * Decimal("312e12") * 3600)
    assert round(full.resource.hours.high, 4) == round(whole / Decimal("0.30"), 4)
    assert round(adapter.resource.hours.high * 3, 4) == round(full.resource.hours.high * 2, 4)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("training: {gpus: eight, card: H100, hours: 3}", "how many GPUs"),
        ("training: {gpus: 8, hours: 3}", "which card"),
        ("training: {gpus: 8, card: H100}", "parameters and tokens"),
        ("training: {gpus: 8, card: H100, hours: soon}", "no number"),
        ("training: {gpus: 8, card: H100, parameters: 1e9, tokens: 1e9, mfu: 45}", "no share between 0 and 1"),
        (yaml.safe_dump(TRAINER | {"model_name_or_path": "mistralai/Mixtral-8x7B"}), "parameters"),
        (yaml.safe_dump(TRAINER | {"max_steps": -1, "num_train_epochs": 3}), "tokens"),
    ],
)
def test_what_can_not_be_reckoned_says_what_is_missing(text: str, said: str) -> None:
    (one,) = check(text).priced
    assert one.cost is None
    assert said in (one.lacks or "")


def test_what_the_config_leaves_out_can_be_said() -> None:
    text = "base_model: x/y-7B\nmicro_batch_size: 1\nsequence_len: 512\nnum_epochs: 3\n"
    (one,) = check(text, options=CheckOptions(card="L4", gpus=2, hours=Decimal(5), team="lab")).priced
    assert (one.gpu_hours, one.resource.owner, one.lacks) == (Span.of(10), "lab", None)


def test_the_line_is_where_outlay_s_own_keys_begin() -> None:
    (one,) = read("run_name: big\ntraining:\n  gpus: 8\n  card: H100\n  hours: [2, 3]\n")
    assert (one.address, one.line, one.hours) == ("big", 2, Span(Decimal(2), Decimal(3)))
