"""Price facts and arithmetic that every machine goes through."""

from datetime import datetime, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from tools.inform.gpus.cards import cards
from tools.inform.scenario.gpus import machine_type
from tools.optimize.gpu.autoscale import demand_of
from tools.optimize.gpu.prices import accelerator, all_offers, names, offer, offers, offers_like, price_here
from tools.optimize.gpu.quota import use_of
from tools.optimize.gpu.rules import gpu_rules
from tools.optimize.gpu.sharing import machines_needed
from tools.optimize.gpu.telemetry import GpuPeak, GroupHour


def test_every_price_has_a_source_a_known_card_and_a_spot_price_below_it() -> None:
    for one in all_offers():
        assert one.source
        assert one.card in cards() or one.card.startswith("TPU ")
        assert one.spot is None or 0 < one.spot <= (one.spot_high or one.spot) < one.usd_per_hour


def test_instance_types_and_prices_agree_on_cards_and_counts() -> None:
    both = [(one, kind) for one in all_offers() if (kind := machine_type(one.instance))]
    assert len(both) > 40
    assert all((kind.kind, kind.gpus) == (one.card, one.count) for one, kind in both)


def test_no_tpu_is_among_the_gpus_that_work_could_move_to() -> None:
    assert {one.card for one in all_offers() if one.instance.startswith("tpu-")} == {
        "TPU v4", "TPU v5e", "TPU v5p", "TPU v6e",
    }  # fmt: skip
    assert not any(name.startswith("TPU") for name in cards())
    assert not any(one.card.startswith("TPU") for one in offers("Google Cloud"))
    assert {one.card for one in offers_like("TPU v6e")} == {"TPU v6e"}


def test_google_machines_have_the_price_of_machine_and_gpus_together() -> None:
    on_bill = offer("Google Cloud", "us-central1", "A2 high-GPU 1g node")
    assert on_bill is not None
    assert (on_bill.instance, on_bill.usd_per_hour, on_bill.spot) == (
        "a2-highgpu-1g", Decimal("0.73948") + Decimal("2.93391"), Decimal("0.36975") + Decimal("1.4341"),
    )  # fmt: skip
    assert offer("GCP", "us-east4", "a3-highgpu-8g") is not None
    assert offer("Google Cloud", "us-central1", "a4-highgpu-8g") is None


def test_gpus_of_the_same_google_machine_cost_in_proportion_to_their_number() -> None:
    per_gpu = {one.region: one.usd_per_hour for one in offers("Google Cloud") if one.instance == "a2-highgpu-1g"}
    for one in offers("Google Cloud"):
        if one.instance.startswith("a2-highgpu"):
            assert abs(one.usd_per_hour - one.count * per_gpu[one.region]) < Decimal("0.0001")


def test_a_tpu_is_told_by_its_name_and_by_the_number_of_its_chips() -> None:
    found = accelerator("Cloud TPU v6e-8 on demand")
    assert found is not None
    assert (found.kind, found.gpus) == ("TPU v6e", 8)
    assert accelerator("tpu-v6e-16") is None
    assert accelerator("TPU support plan") is None


def test_a_managed_service_is_not_priced_as_the_instance_below_it() -> None:
    assert offer("AWS", "us-east-1", "p5.48xlarge on demand") is not None
    assert offer("Amazon Web Services", "us-east-1", "p5.48xlarge on demand") is not None
    assert offer("AWS", "us-east-1", "ml.p5.48xlarge training") is None
    assert not names("g6e.xlarge", "g6.xlarge")


def test_a_price_of_another_region_is_taken_over_by_what_the_present_machine_differs() -> None:
    small = offer("AWS", "us-east-1", "g6e.xlarge")
    assert small is not None
    here = price_here(small, "ap-northeast-1", "p5.48xlarge")
    assert here is not None
    assert round(float(here), 6) == round(1.861 * 68.8 / 55.04, 6)
    assert price_here(small, "eu-south-1", "p5.48xlarge") is None


def test_the_rules_are_read() -> None:
    assert gpu_rules().is_development("Dev")
    assert not gpu_rules().is_development(None)


Rows = list[tuple[int, int, int]]
HOURS = st.lists(st.tuples(st.integers(0, 32), st.integers(0, 32), st.integers(0, 1000)), min_size=1, max_size=60)


def hours(rows: Rows) -> list[GroupHour]:
    start = datetime(2026, 10, 5)
    return [
        GroupHour(start + timedelta(hours=n), gpus, min(gpus, cash), min(gpus, requests), requests)
        for n, (gpus, cash, requests) in enumerate(rows)
        if gpus
    ]


@given(rows=HOURS)
def test_what_scaling_avoids_never_exceeds_what_ran_and_parts_by_how_it_is_paid(
    rows: Rows,
) -> None:
    seen = hours(rows)
    for cash, ran in (("cash", sum(one.cash_gpus for one in seen)), ("capacity", sum(one.gpus for one in seen))):
        demand = demand_of(seen, 8, cash)  # type: ignore[arg-type]
        assert 0 <= demand.kept <= demand.avoided <= ran


@given(rows=HOURS, gpus=st.integers(0, 40))
def test_gpus_above_a_limit_are_those_on_demand_and_those_committed(rows: Rows, gpus: int) -> None:
    for one in hours(rows):
        assert one.above(gpus, "cash") + one.above(gpus, "capacity") == max(0, one.gpus - gpus)
        assert one.above(gpus, "cash") <= one.cash_gpus


@given(rows=HOURS)
def test_a_quota_covers_95_of_100_hours(rows: Rows) -> None:
    seen = hours(rows)
    if seen:
        assert sum(one.working_gpus <= use_of(seen).quota for one in seen) >= 0.95 * len(seen)


PEAKS = st.lists(st.builds(GpuPeak, st.floats(0, 1), st.floats(0, 80), st.just(80.0)), min_size=1, max_size=24)


@given(peaks=PEAKS)
def test_packed_work_needs_at_least_its_sum_and_at_most_a_gpu_each(peaks: list[GpuPeak]) -> None:
    needed = machines_needed(peaks, 1)
    assert needed is not None
    assert sum(one.sm for one in peaks) / 1.0 <= needed + 1e-9
    assert needed <= len(peaks)
