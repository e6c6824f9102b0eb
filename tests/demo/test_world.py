"""What the demo world holds, and what it keeps to itself."""

import hashlib
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from tests.demo.conftest import TODAY
from tools.demo import World, build_world


def digests(folder: Path) -> dict[str, str]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_the_same_seed_and_day_give_the_same_bytes(world: World, tmp_path: Path) -> None:
    again = build_world(tmp_path / "demo", today=world.today, seed=world.seed)
    assert digests(again.folder) == digests(world.folder)
    assert again.truth == world.truth


def test_another_seed_gives_another_company(world: World, tmp_path: Path) -> None:
    other = build_world(tmp_path / "demo", today=world.today, seed=world.seed + 1)
    same, differs = digests(world.folder), digests(other.folder)
    assert same.keys() == differs.keys()
    assert same["bills/nordhaven/nordhaven_focus_1_3.csv"] != differs["bills/nordhaven/nordhaven_focus_1_3.csv"]


def test_building_again_on_a_later_day_changes_nothing(world: World) -> None:
    before = digests(world.folder)
    again = build_world(world.folder, today=world.today + timedelta(days=40), seed=99)
    assert (again.built, again.today, again.seed) == (False, world.today, world.seed)
    assert digests(world.folder) == before


def test_an_unfinished_world_is_built_anew(world: World, tmp_path: Path) -> None:
    torn = tmp_path / "demo"
    (torn / "bills").mkdir(parents=True)
    (torn / "bills" / "half.csv").write_text("BilledCost\n1")
    build_world(torn, today=world.today, seed=world.seed)
    assert digests(torn) == digests(world.folder)


def test_twelve_incidents_lie_inside_the_world_and_each_costs_something(world: World) -> None:
    first = date(2025, 2, 1)
    assert len(world.truth) == 12
    assert len({one.kind for one in world.truth}) == 12
    for one in world.truth:
        assert first <= one.onset.date() <= one.end.date() <= TODAY
        assert one.extra_cost > 500, one.kind


def test_the_truth_is_in_no_file_of_the_home(world: World, texts: str) -> None:
    for one in world.truth:
        assert str(one.extra_cost) not in texts
        assert one.kind not in texts
        assert one.kind.replace("_", " ") not in texts.lower()


@pytest.mark.parametrize(
    "hint",
    ["incident", "anomal", "planted", "storm", "runaway", "leak", "duplicate", "misrout", "drift", "spike", "waste"],
)
def test_no_name_gives_an_incident_away(texts: str, hint: str) -> None:
    assert hint not in texts.lower()


def test_money_in_parquet_is_exact_decimals(world: World) -> None:
    bills = [*world.folder.glob("bills/openai/*.parquet"), *world.folder.glob("bills/aws/*/*.parquet")]
    for path in bills:
        schema = pq.read_schema(path)
        kinds = {
            name: schema.field(name).type for name in ("BilledCost", "EffectiveCost", "ListCost", "ContractedCost")
        }
        assert all(pa.types.is_decimal(kind) for kind in kinds.values()), path


def test_invoices_of_closed_months_agree_with_usage_but_for_small_differences(world: World) -> None:
    invoiced = sum((_billed(path) for path in world.folder.glob("bills/openai/*.parquet")), Decimal(0))
    assert invoiced == invoiced.quantize(Decimal("0.01"))
    usage = pq.read_table(world.folder / "usage" / "openai" / "usage_2025-10.parquet")
    lines = pq.read_table(world.folder / "bills" / "openai" / "invoice_2025-10.parquet")
    tokens = pc.sum(usage["input_tokens"]).as_py() + pc.sum(usage["output_tokens"]).as_py()
    assert pc.sum(lines["PricingQuantity"]).as_py() * 10**6 == tokens


def test_the_running_month_has_no_invoice_yet(world: World) -> None:
    assert {path.stem[-7:] for path in world.folder.glob("bills/openai/*")} == {
        f"{year}-{month:02}" for year, month in [(2025, m) for m in range(2, 13)] + [(2026, 1), (2026, 2)]
    }
    assert (world.folder / "usage" / "openai" / "usage_2026-03.parquet").exists()


def _billed(path: Path) -> Decimal:
    return Decimal(pc.sum(pq.read_table(path)["BilledCost"]).as_py())


@pytest.mark.parametrize("today", [date(2026, 1, 1), date(2024, 2, 29), date(2026, 12, 31)])
def test_a_world_can_be_built_on_any_day(tmp_path: Path, today: date) -> None:
    world = build_world(tmp_path / "demo", today=today)
    assert len(world.truth) == 12
