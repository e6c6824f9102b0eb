"""Models on own machines, trained models, and models that nobody asks."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.optimize.llm.store import MILLION, Loaded, loaded, machine, only, request
from tools.optimize.llm.distillation import Distillation
from tools.optimize.llm.quantization import Quantization
from tools.optimize.llm.self_hosting import SelfHosting
from tools.optimize.llm.serving_batching import ServingBatching
from tools.optimize.llm.unused_models import UnusedModels

COMMITTED = {"PricingCategory": "Committed", "CommitmentDiscountStatus": "Used", "CommitmentDiscountId": "c-1",
             "CommitmentDiscountCategory": "Usage", "CommitmentDiscountType": "Reservation"}  # fmt: skip


def served(time: str, tokens: int = MILLION, **more: Any) -> dict[str, Any]:
    return request(time, model="qwen3-32b", input_tokens=tokens, **more)


def test_machines_that_cost_more_than_their_tokens_are_given_up_for_bought_ones(tmp_path: Path) -> None:
    own = [served("05T10:00:00", 30 * MILLION), served("06T10:00:00", 60 * MILLION)]
    store = loaded(tmp_path, own=own, charges=[machine(5, "a"), machine(6, "a")])
    one = only(store.found(SelfHosting()))
    assert one.added_cost == 90
    assert one.saving == 480 - 90
    assert one.cash == "cash"
    assert "5.33 USD for a million tokens" in one.evidence[0]


def test_machines_under_a_commitment_free_capacity_and_no_cash(tmp_path: Path) -> None:
    store = loaded(tmp_path, own=[served("05T10:00:00")], charges=[machine(5, "a", **COMMITTED)])
    one = only(store.found(SelfHosting()))
    assert one.cash == "capacity"
    assert "a commitment pays" in one.evidence[-1]


def test_machines_that_are_cheaper_than_buying_stay(tmp_path: Path) -> None:
    store = loaded(tmp_path, own=[served("05T10:00:00", 500 * MILLION)], charges=[machine(5, "a")])
    assert store.found(SelfHosting()) == ()


def test_bought_tokens_of_a_model_that_is_served_here_move_to_idle_machines(tmp_path: Path) -> None:
    store = loaded(
        tmp_path,
        [request("05T10:00:00", model="qwen3-32b", input_tokens=100 * MILLION)],
        own=[served("05T10:00:00", 500 * MILLION)],
        charges=[machine(5, "a")],
    )
    one = only(store.found(SelfHosting()))
    assert one.saving == 100
    assert one.description.startswith("Serve 100 %")


def test_own_models_need_machine_hours_that_name_their_model(tmp_path: Path) -> None:
    store = loaded(tmp_path, [request("05T10:00:00")])
    for lever in (SelfHosting(), ServingBatching(), Quantization()):
        assert "machine hours that name the model" in (store.missing(lever) or "")


def _busy(folder: Path, noon: float = 2) -> Loaded:
    """Two machines; at noon 40 requests are in flight, in other hours 10. `noon` is the seconds of a request then."""
    own = [
        served(
            f"{day:02}T{hour:02}:00:00",
            requests=(72000 if hour == 12 else 18000),
            latency_seconds=noon if hour == 12 else 2,
        )
        for day in range(1, 32)
        for hour in range(24)
    ]
    return loaded(folder, own=own, charges=[machine(day, name) for day in range(1, 32) for name in "ab"])


def test_hours_with_few_requests_need_fewer_machines(tmp_path: Path) -> None:
    one = only(_busy(tmp_path).found(ServingBatching()))
    # 20 requests on a machine at noon: one machine is enough in the 23 other hours
    assert one.saving == 31 * 23 * 10
    assert one.low is not None
    assert one.low <= one.saving


def test_a_busy_hour_that_was_too_slow_is_no_measure(tmp_path: Path) -> None:
    assert _busy(tmp_path, noon=4).found(ServingBatching()) == ()


def test_serving_batching_needs_latencies(tmp_path: Path) -> None:
    store = loaded(tmp_path, own=[served("05T10:00:00")], charges=[machine(5, "a")])
    assert "latency_seconds" in (store.missing(ServingBatching()) or "")


def test_eight_bits_free_whole_machines_and_those_without_a_commitment_first(tmp_path: Path) -> None:
    charges = [machine(5, name, **(COMMITTED if name in "abc" else {})) for name in "abcde"]
    one = only(loaded(tmp_path, charges=charges).found(Quantization()))
    assert one.saving == 240
    assert one.cash == "cash"
    assert (one.low, one.high) == (0, 240)
    assert "on 4 machines instead of 5" in one.description


@pytest.mark.parametrize(
    "more", [{"x_Model": "qwen3-32b-fp8"}, {"x_Model": "deepseek-v3.2"}, {"ChargeDescription": "8x A100 node"}]
)
def test_models_in_eight_bits_already_and_gpus_without_them_are_left_alone(
    tmp_path: Path, more: dict[str, str]
) -> None:
    charges = [machine(5, name, **more) for name in "abcdefgh"]
    assert loaded(tmp_path, charges=charges).found(Quantization()) == ()


def test_narrow_work_pays_for_training_a_small_model(tmp_path: Path) -> None:
    asked = [request("05T10:00:00", use_case="classification", requests=1_000_000, input_tokens=1000 * MILLION)]
    one = only(loaded(tmp_path, asked).found(Distillation()))
    # 1,000 tokens a request: 30 million to train on, at 1.5; 0.2 instead of 2 a million
    assert one.added_cost == Decimal("7.5")
    assert one.saving == Decimal("1792.5")
    assert "gpt-4.1-nano" in one.description
    assert "from 4,167 requests a month on" in one.evidence[2]


def test_training_that_costs_more_than_it_saves_is_not_recommended(tmp_path: Path) -> None:
    asked = [request("05T10:00:00", use_case="classification", requests=1000, input_tokens=MILLION)]
    assert loaded(tmp_path, asked).found(Distillation()) == ()


def test_open_questions_are_not_distilled(tmp_path: Path) -> None:
    asked = [request("05T10:00:00", requests=1_000_000, input_tokens=1000 * MILLION)]
    assert loaded(tmp_path, asked).found(Distillation()) == ()


def _hosted(**more: Any) -> dict[str, Any]:
    return machine(5, "deploy/a", HostProviderName="OpenAI", ChargeDescription="Fine-tuned model hosting",
                   x_Model="ft:old", x_Team="claims", **more)  # fmt: skip


def test_a_hosted_model_that_nobody_asks_is_given_up(tmp_path: Path) -> None:
    one = only(loaded(tmp_path, [request("05T10:00:00")], charges=[_hosted()]).found(UnusedModels()))
    assert one.saving == 240
    assert one.cash == "cash"
    assert one.owner == "claims"
    assert one.resource_id == "deploy/a"


def test_provisioned_throughput_under_a_commitment_frees_no_cash(tmp_path: Path) -> None:
    charge = _hosted(**COMMITTED) | {"ChargeDescription": "Provisioned throughput, model units"}
    assert only(loaded(tmp_path, [request("05T10:00:00")], charges=[charge]).found(UnusedModels())).cash == "capacity"


def test_a_hosted_model_that_is_asked_stays(tmp_path: Path) -> None:
    asked = [request("05T10:00:00", model="ft:old"), request("05T10:00:00")]
    assert loaded(tmp_path, asked, charges=[_hosted()]).found(UnusedModels()) == ()


def test_without_usage_of_its_provider_a_hosted_model_is_not_judged(tmp_path: Path) -> None:
    charge = _hosted() | {"HostProviderName": "Other"}
    assert loaded(tmp_path, [request("05T10:00:00")], charges=[charge]).found(UnusedModels()) == ()
