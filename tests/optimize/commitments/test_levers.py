"""What levers on commitments save, on a bill that can be worked out in the head."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from tests.optimize.commitments.company import company, context, with_agreements
from tools.domain.period import Period
from tools.domain.recommendation import Edit, Recommendation
from tools.optimize.commitments.hourly import read_hourly
from tools.optimize.commitments.levers import COMMITMENT_LEVERS
from tools.optimize.ledger import read_ledger
from tools.optimize.portfolio import combine, valued
from tools.registry import ToolContext
from tools.store import Store

OCTOBER = Period(start=date(2026, 10, 1), end=date(2026, 11, 1))
NIGHT_HOURS = 31 * 12


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return company(tmp_path_factory.mktemp("company"))


def found(ctx: ToolContext, *edits: Edit) -> dict[str, Recommendation]:
    ledger = read_ledger(ctx).after(edits)
    every = [one for lever in COMMITMENT_LEVERS for one in lever.find(ctx, ledger)]
    return {f"{one.lever} {one.target}": one for one in valued(ledger, every)}


def test_a_machine_that_always_runs_is_bought_and_one_that_runs_by_day_is_not(store: Store) -> None:
    one = found(context(store))["buy_commitment Cloud/1 year"]
    assert "1 × g9.large" in one.description
    assert one.saving == 31 * 24 * (10 - 6)
    assert one.low is not None
    assert one.low <= one.saving


def test_work_on_demand_in_idle_reserved_hours_moves_there(store: Store) -> None:
    one = found(context(store))["unused_commitment rsv-1/move"]
    assert (one.saving, one.cash) == (NIGHT_HOURS * 10, "cash")


def test_what_nothing_could_have_used_frees_capacity_and_no_cash(store: Store) -> None:
    halved = Edit(
        where={"ChargeDescription": ("g9.large node",), "CommitmentDiscountStatus": (None,)}, remaining=Fraction(1, 2)
    )
    rest = found(context(store), halved)["unused_commitment rsv-1/rest"]
    # At night half a machine is left on demand beside one that is idle.
    assert (rest.saving, rest.cash) == (NIGHT_HOURS * 6 / 2, "capacity")


def test_a_purchase_and_the_use_of_idle_machines_are_not_both_counted(store: Store) -> None:
    ctx = context(store)
    ledger = read_ledger(ctx)
    every = [one for lever in COMMITMENT_LEVERS for one in lever.find(ctx, ledger)]
    portfolio = combine(ledger, valued(ledger, every))
    assert [one.recommendation.lever for one in portfolio.taken] == ["unused_commitment"]


def test_usage_that_is_saved_is_not_committed_to(store: Store) -> None:
    stopped = Edit(
        where={"ChargeDescription": ("g9.large node",), "CommitmentDiscountStatus": (None,)}, remaining=Fraction(0)
    )
    assert not [name for name in found(context(store), stopped) if name.startswith("buy_commitment")]


def test_a_charge_for_a_day_is_spread_over_its_hours(store: Store) -> None:
    usage = read_hourly(context(store), OCTOBER).usages[0]
    assert usage.on_demand[:24].tolist() == [1.0] * 12 + [2.0] * 12
    assert usage.price == 10


def test_a_commitment_that_ends_soon_tells_what_its_usage_will_then_cost(tmp_path: Path) -> None:
    store = with_agreements(company(tmp_path), "c-1,rsv-1,Cloud,2026-01-01,2026-12-01,,USD,Usage,\n")
    one = found(context(store))["expiring_commitment rsv-1"]
    # Thirty days: 36 hours used a day at 10, against 48 paid at 6.
    assert one.saving == 30 * (36 * 10 - 48 * 6)
    assert one.cash == "avoidance"


def test_a_spend_agreement_that_heads_short_tells_the_shortfall(tmp_path: Path) -> None:
    store = with_agreements(company(tmp_path), "c-2,edp,Cloud,2026-09-01,2026-12-01,50000,USD,Spend,EDP\n")
    one = found(context(store))["spend_agreement c-2/edp"]
    # 360 a day are billed; 91 days make 32,760, and what is left is 29 days, less than a month.
    shortfall = Decimal(50000) - 360 * (61 + 30)
    assert one.saving == pytest.approx(shortfall)
    assert one.cash == "avoidance"


def test_a_lever_without_its_data_says_what_it_needs(tmp_path: Path) -> None:
    ctx = context(company(tmp_path))
    ledger = read_ledger(ctx)
    missing = {lever.name: lever.preflight(ctx, ledger).missing for lever in COMMITMENT_LEVERS}
    assert missing["buy_commitment"] is None
    assert "token usage" in (missing["provisioned_throughput"] or "")
    assert "agreements" in (missing["spend_agreement"] or "")
