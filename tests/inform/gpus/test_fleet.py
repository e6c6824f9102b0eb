"""The fleet by team, price and verdict, against sums worked out by hand from the samples and the bill."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tools.domain.period import Period
from tools.domain.result import ToolResult
from tools.domain.scope import Filter, Scope
from tools.inform.gpus.fleet import gpu_fleet
from tools.inform.gpus.request import GpuFleetRequest
from tools.ingest.focus import load_focus
from tools.ingest.gpu import load_gpu
from tools.registry import ToolContext
from tools.store import Store

DAY = date(2026, 10, 5)
PERIOD = Period.day_of(DAY)
HEADER = (
    "BilledCost,EffectiveCost,ListCost,ContractedCost,BillingCurrency,BillingPeriodStart,BillingPeriodEnd,"
    "ChargePeriodStart,ChargePeriodEnd,ChargeCategory,BillingAccountId,InvoiceIssuerName,ServiceProviderName,"
    "HostProviderName,ServiceName,ServiceCategory,ConsumedQuantity,ConsumedUnit,ResourceId,ResourceName,Tags,x_Team"
)
SAMPLES = (
    "time,host,gpu,mig,model_name,sm_active_fraction,dram_active_fraction,memory_used_gib,memory_total_gib,power_watts,"
    "requests,owner"
)
H100 = "NVIDIA H100 80GB HBM3"
BUSY, EMPTY, HELD = (0.6, 0.4, 60, 400, ""), (0.0, 0.0, 0.4, 70, ""), (0.0, 0.0, 60, 118, "")
WAITING = (0.0, 0.0, 60, 118, "0")


def charge(cost: str, hours: str, resource: str = "", name: str = "", tags: str = "", team: str = "") -> str:
    period = "2026-10-01T00:00:00Z,2026-11-01T00:00:00Z,2026-10-05T00:00:00Z,2026-10-06T00:00:00Z"
    quoted = '"' + tags.replace('"', '""') + '"' if tags else ""
    return (
        f"{cost},{cost},{cost},{cost},USD,{period},Usage,a-1,Acme,Acme,Acme,GPU Cloud,Compute,{hours},Hours,"
        f"{resource},{name},{quoted},{team}"
    )


def lane(host: str, gpu: int, hours: Iterable[tuple[float, float, float, float, str]], **more: Any) -> list[str]:
    """Two samples an hour; an hour that is None has none."""
    rows = []
    for number, one in enumerate(hours):
        for half in (0, 30) if one else ():
            sm, dram, used, power, requests = one
            time = datetime(2026, 10, 5) + timedelta(hours=number, minutes=half)
            rows.append(
                f"{time.isoformat()},{host},{gpu},{more.get('mig', '')},{more.get('model', H100)},{sm},{dram},{used},"
                f"{more.get('total', 80)},{power},{requests},{more.get('owner', '')}"
            )
    return rows


def world(folder: Path, samples: list[str], charges: list[str]) -> Store:
    store = Store(folder / "store")
    (folder / "fleet.csv").write_text("\n".join([SAMPLES, *samples]) + "\n")
    load_gpu(store, [folder / "fleet.csv"])
    if charges:
        (folder / "bill.csv").write_text("\n".join([HEADER, *charges]) + "\n")
        load_focus(store, [folder / "bill.csv"])
    return store


def ask(store: Store, **request: Any) -> ToolResult:
    context = ToolContext(store=store.snapshot(), as_of=DAY + timedelta(days=1))
    return gpu_fleet.run(context, GpuFleetRequest.model_validate({"period": PERIOD, **request}))


def column(result: ToolResult, name: str) -> list[Any]:
    return [row[result.column_index(name)] for row in result.rows]


def by_name(result: ToolResult, name: str) -> dict[str, Any]:
    return dict(zip((str(row[0]) for row in result.rows), column(result, name), strict=True))


def test_idle_zombie_waiting_and_working_gpus_are_told_apart(tmp_path: Path) -> None:
    samples = lane("n1", 0, [BUSY] * 24) + lane("n1", 1, [EMPTY] * 24) + lane("n1", 2, [HELD] * 24)
    store = world(tmp_path, samples + lane("n1", 3, [WAITING] * 24), [charge("480", "24", "n1", team="ml")])
    result = ask(store)
    assert by_name(result, "Verdict") == {"n1/0": "working", "n1/1": "idle", "n1/2": "zombie", "n1/3": "waiting"}
    idle = ask(store, states=("idle", "zombie"))
    assert by_name(idle, "IdleCost") == {"n1/1": pytest.approx(Decimal(120)), "n1/2": pytest.approx(Decimal(120))}
    assert set(column(idle, "x_Team")) == {"ml"}
    assert idle.evidence.caveats[0] == "the other GPUs: 1 working, 1 waiting"


def test_where_none_is_idle_all_the_time_those_with_idle_hours_are_listed(tmp_path: Path) -> None:
    store = world(tmp_path, lane("n1", 0, [BUSY] * 12 + [EMPTY] * 12) + lane("n1", 1, [BUSY] * 24), [])
    result = ask(store, states=("idle", "zombie"))
    assert by_name(result, "IdleHours") == {"n1/0": 12}
    assert "no GPU was without work all the time" in result.evidence.caveats[0]
    assert "IdleCost" not in {one.name for one in result.columns}


@pytest.mark.parametrize("sharing", ["allocation", "use"])
def test_the_shares_of_a_node_sum_to_what_it_cost(tmp_path: Path, sharing: str) -> None:
    busy = lane("n1", 0, [BUSY] * 7 + [None] * 3 + [EMPTY] * 14, owner="a")  # type: ignore[list-item]
    sliced = lane("n1", 1, [BUSY] * 24, mig="1", total=100, owner="b") + lane(
        "n1", 1, [EMPTY] * 24, mig="2", total=300, owner="c"
    )
    store = world(tmp_path, busy + sliced, [charge("100.01", "24", "n1")])
    result = ask(store, measure="cost", group_by="owner", sharing=sharing)
    assert sum(column(result, "EffectiveCost")).quantize(Decimal("0.0001")) == Decimal("100.01")
    found = {name: round(float(value), 4) for name, value in by_name(result, "EffectiveCost").items()}
    gpu_hour = 100.01 / 48
    if sharing == "allocation":
        # Three hours of the first GPU have no samples; they are the node's, under its own lanes' owner.
        sampled = {"a": 21.0, "b": 24 / 4, "c": 24 * 3 / 4}
        unsampled = {name: value - sampled[name] * gpu_hour for name, value in found.items()}
        assert sorted(round(value, 3) for value in unsampled.values()) == [0, 0, round(3 * gpu_hour, 3)]
        assert sum(v or 0 for v in column(result, "UnsampledCost")) == pytest.approx(Decimal(str(3 * gpu_hour)))
    else:
        used = {"a": 7 * 0.6, "b": 24 * 0.6 / 4, "c": 0.0}
        assert found == {name: round(100.01 * use / sum(used.values()), 4) for name, use in used.items()}


def test_a_host_is_found_by_resource_name_suffix_or_tag(tmp_path: Path) -> None:
    samples = [row for host in ("n1", "n2", "i-0f3a", "n4") for row in lane(host, 0, [EMPTY] * 24)]
    charges = [
        charge("10", "24", resource="n1"),
        charge("20", "24", resource="r-2", name="n2"),
        charge("30", "24", resource="arn:aws:ec2:us-east-1:1:instance/i-0f3a"),
        charge("40", "24", resource="r-4", tags='{"node": "n4"}'),
        charge("999", "24", resource="other"),
    ]
    result = ask(world(tmp_path, samples, charges), measure="cost", group_by="host")
    assert by_name(result, "EffectiveCost") == {"i-0f3a": 30, "n1": 10, "n2": 20, "n4": 40}


def test_a_node_billed_for_half_a_day_has_twice_the_price_an_hour(tmp_path: Path) -> None:
    store = world(tmp_path, lane("n1", 0, [BUSY] * 6 + [EMPTY] * 6), [charge("120", "12", "n1")])
    result = ask(store, measure="cost")
    assert (column(result, "EffectiveCost"), column(result, "IdleCost")) == ([Decimal(120)], [Decimal(60)])


def test_a_machine_that_ran_for_half_a_day_is_judged_by_the_hours_that_were_billed(tmp_path: Path) -> None:
    samples = lane("n1", 0, [EMPTY] * 12) + lane("n2", 0, [EMPTY] * 12) + lane("n3", 0, [EMPTY] * 24)
    store = world(tmp_path, samples, [charge("120", "12", "n1"), charge("240", "24", "n2"), charge("240", "24", "n3")])
    assert by_name(ask(store), "Verdict") == {"n1/0": "idle", "n2/0": "insufficient evidence", "n3/0": "idle"}


def test_without_a_bill_the_hours_since_the_first_sample_count(tmp_path: Path) -> None:
    samples = lane("n1", 0, [EMPTY] * 12) + lane("n2", 0, [None] * 12 + [EMPTY] * 12)  # type: ignore[list-item]
    assert by_name(ask(world(tmp_path, samples, [])), "Verdict") == {"n1/0": "insufficient evidence", "n2/0": "idle"}


def test_utilisation_is_weighed_by_hours_and_gaps_count_for_nothing(tmp_path: Path) -> None:
    samples = lane("n1", 0, [BUSY] * 6, owner="a") + lane("n1", 1, [EMPTY] * 18, owner="a")
    result = ask(world(tmp_path, samples, []), measure="utilization")
    assert by_name(result, "SmActive") == {"a": pytest.approx(Decimal("0.15"), rel=Decimal("1e-5"))}
    assert column(result, "GpuHours") == [24]


def test_memory_held_without_work_is_told_at_a_time(tmp_path: Path) -> None:
    store = world(tmp_path, lane("n1", 0, [HELD] * 24) + lane("n1", 1, [BUSY] * 24), [])
    (row,) = ask(store, measure="memory").rows
    assert row[:4] == (60, 120, 160, Decimal("0.5"))


def test_energy_is_power_over_the_time_that_samples_cover(tmp_path: Path) -> None:
    result = ask(world(tmp_path, lane("n1", 0, [BUSY] * 10), []), measure="power")
    assert by_name(result, "EnergyKwh") == {H100: 4}


def test_a_model_narrows_what_is_shown_and_not_what_a_node_costs(tmp_path: Path) -> None:
    samples = lane("n1", 0, [EMPTY] * 24) + lane("n1", 1, [EMPTY] * 24, model="NVIDIA L4")
    result = ask(world(tmp_path, samples, [charge("100", "24", "n1")]), measure="cost", model="h100")
    assert by_name(result, "EffectiveCost") == {H100: 50}


def test_nothing_loaded_another_time_and_nothing_idle_are_three_answers(tmp_path: Path) -> None:
    empty = Store(tmp_path / "empty")
    assert "no GPU samples are loaded; load some" in (ask(empty).no_data or "")
    store = world(tmp_path, lane("n1", 0, [BUSY] * 24), [])
    other = ask(store, period=Period(start=date(2026, 9, 1), end=date(2026, 9, 8)))
    assert (other.no_data_reason, "2026-10-05 through 2026-10-05" in (other.no_data or "")) == ("not_loaded", True)
    nothing = ask(store, states=("idle",))
    assert (nothing.no_data_reason, "by verdict: 1 working" in (nothing.no_data or "")) == ("absent", True)


def test_allocation_without_activity_is_no_evidence(tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    rows = [f"2026-10-05T{hour:02}:{minute:02}:00,vc,8,0" for hour in range(24) for minute in (0, 30)]
    (tmp_path / "vc.csv").write_text("\n".join(["time,host,gpus,gpus_allocated", *rows]) + "\n")
    load_gpu(store, [tmp_path / "vc.csv"])
    result = ask(store)
    assert column(result, "Verdict") == ["insufficient evidence"]
    assert column(ask(store, measure="utilization", group_by="host"), "Gpus") == [8]
    assert "the telemetry holds no SM activity, DRAM activity, power" in result.evidence.caveats[0]


def test_a_scope_sees_its_gpus_only(tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    for host, team in (("n1", "ml"), ("n2", "ads")):
        rows = [f"{row},{team}" for row in lane(host, 0, [EMPTY] * 24)]
        (tmp_path / f"{host}.csv").write_text("\n".join([f"{SAMPLES},team", *rows]) + "\n")
    load_gpu(store, [tmp_path / "n1.csv", tmp_path / "n2.csv"])
    mine = Store(store.path, scope=Scope(filters=(Filter(dimension="x_Team", values=("ml",)),)))
    assert column(ask(mine), "Gpu") == ["n1/0"]
