"""The owner map pays for what has no name of its own, on the days that it says."""

from datetime import date
from decimal import Decimal
from pathlib import Path

from tests.inform.allocation.conftest import with_rules
from tests.semantic.bill import Row, charge, load
from tools.domain.period import Period
from tools.inform.allocation.tool import AllocateRequest, allocate
from tools.ingest.records import load_records
from tools.registry import ToolContext
from tools.store import Store

OCTOBER = Period(start=date(2026, 10, 1), end=date(2026, 11, 1))


def owned(folder: Path, bill: list[Row], owners: str) -> ToolContext:
    """A store with a bill and an owner map of kind,key,from,to,team,cost_centre,person."""
    context = load(folder, bill)
    path = folder / "owners.csv"
    path.write_text("kind,key,from,to,team,cost_centre,person\n" + owners)
    store = Store(folder / "store")
    load_records(store, "owners", [path])
    return ToolContext(store=store.snapshot(), as_of=context.as_of)


def paid(context: ToolContext, by: str = "x_Team") -> dict[object, object]:
    result = allocate.run(context, AllocateRequest(by=by, period=OCTOBER, compare_to=None))
    return {row[0]: row[1] for row in result.rows}


def on(day: int, cost: str, **more: str) -> Row:
    return charge(date(2026, 10, day), cost, **more)


def test_an_owner_pays_from_its_first_day_up_to_its_last_exclusive(tmp_path: Path) -> None:
    bill = [on(9, "1", SubAccountId="acc"), on(10, "2", SubAccountId="acc"), on(20, "4", SubAccountId="acc")]
    context = owned(tmp_path, bill, "account,acc,2026-10-10,2026-10-20,search,,\n")
    assert paid(context) == {"search": Decimal(2), None: Decimal(5)}


def test_an_account_that_changes_hands_is_paid_by_each_for_its_days(tmp_path: Path) -> None:
    bill = [on(9, "1", SubAccountId="acc"), on(10, "2", SubAccountId="acc")]
    context = owned(tmp_path, bill, "account,acc,,,search,,\naccount,acc,2026-10-10,,ads,,\n")
    assert paid(context) == {"search": Decimal(1), "ads": Decimal(2)}


def test_no_charge_is_doubled_by_owners_of_several_things_or_sources(tmp_path: Path) -> None:
    bill = [on(9, "1", SubAccountId="acc", ResourceId="r-1", x_ApiKey="k"), on(9, "2", SubAccountId="acc")]
    owners = "account,acc,,,search,,\nresource,r-1,,,ads,,\nagent,x,,,risk,,\n"
    context = owned(tmp_path, bill, owners)
    other = tmp_path / "more.csv"
    other.write_text("kind,key,from,to,team\nsub_account,acc,,,search\napi_key,k,2026-01-01,,risk\n")
    store = Store(tmp_path / "store")
    load_records(store, "owners", [other])
    assert paid(ToolContext(store=store.snapshot(), as_of=context.as_of)) == {"risk": Decimal(1), "search": Decimal(2)}


def test_a_name_of_its_own_comes_before_the_owner(tmp_path: Path) -> None:
    bill = [on(9, "1", SubAccountId="acc", x_Team="ads"), on(9, "2", SubAccountId="acc")]
    assert paid(owned(tmp_path, bill, "account,acc,,,search,,\n")) == {"ads": Decimal(1), "search": Decimal(2)}


def test_a_rule_comes_before_the_owner_and_the_owner_before_a_fallback(tmp_path: Path) -> None:
    bill = [on(9, "1", SubAccountId="acc"), on(9, "2", SubAccountId="acc", ServiceName="Network"), on(9, "4")]
    context = owned(tmp_path, bill, "account,acc,,,search,,\n")
    rules = """
allocate:
  x_Team:
    rules: [{name: n, where: [{dimension: ServiceName, values: [Network]}], target: network}]
    fallback: [{name: f, target: rest}]
"""
    context = with_rules(context, tmp_path, rules)
    assert paid(context) == {"search": Decimal(1), "network": Decimal(2), "rest": Decimal(4)}


def test_cost_centres_and_persons_pay_where_no_charge_names_them(tmp_path: Path) -> None:
    context = owned(tmp_path, [on(9, "1", SubAccountId="acc")], "account,acc,,,search,cc-1,ana\n")
    assert paid(context, "x_CostCentre") == {"cc-1": Decimal(1)}
    assert paid(context, "x_Person") == {"ana": Decimal(1)}


def test_an_account_may_be_mapped_by_its_name(tmp_path: Path) -> None:
    bill = [on(9, "1", SubAccountId="001", SubAccountName="data")]
    assert paid(owned(tmp_path, bill, "account,data,,,search,,\n")) == {"search": Decimal(1)}
