"""A load replaces its slices: nothing is doubled, nothing is lost."""

from datetime import date
from decimal import Decimal, localcontext

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.store.staged import Charge, load, total
from tools.domain.errors import StoreFault
from tools.store import LoadPlan, Store

SEPTEMBER, OCTOBER = date(2026, 9, 3), date(2026, 10, 3)
AMOUNTS = st.decimals(min_value=-(10**6), max_value=10**6, allow_nan=False, allow_infinity=False, places=24)


def test_loading_the_same_rows_again_changes_nothing(store: Store) -> None:
    rows = [Charge(SEPTEMBER, "1.5"), Charge(OCTOBER, "2.25")]
    load(store, rows)
    again = load(store, rows)
    assert (total(store), again.replaced) == (Decimal("3.75"), 2)


def test_a_restated_month_replaces_itself_and_leaves_the_others(store: Store) -> None:
    load(store, [Charge(SEPTEMBER, "1"), Charge(OCTOBER, "2")])
    load(store, [Charge(OCTOBER, "20")])
    assert total(store) == Decimal(21)


def test_sources_do_not_replace_each_other(store: Store) -> None:
    load(store, [Charge(OCTOBER, "1", source="one")])
    load(store, [Charge(OCTOBER, "2", source="two")])
    assert total(store) == Decimal(3)
    assert store.snapshot().sources == ("one", "two")


def test_datasets_do_not_replace_each_other(store: Store) -> None:
    load(store, [Charge(OCTOBER, "1")])
    load(store, [Charge(OCTOBER, "2", basis="estimate")], dataset="Usage")
    assert total(store) == Decimal(3)


def test_usage_replaces_the_interval_that_it_covers(store: Store) -> None:
    load(store, [Charge(date(2026, 10, day), "1") for day in range(1, 11)], dataset="Usage", replace="interval")
    report = load(store, [Charge(date(2026, 10, day), "10") for day in (4, 5)], dataset="Usage", replace="interval")
    assert total(store) == Decimal(28)
    assert (report.accepted, report.replaced) == (2, 2)


def test_usage_of_later_days_joins_what_the_month_has(store: Store) -> None:
    load(store, [Charge(date(2026, 10, 1), "1")], dataset="Usage", replace="interval")
    load(store, [Charge(date(2026, 10, 2), "2")], dataset="Usage", replace="interval")
    assert total(store) == Decimal(3)
    assert len(store.snapshot().manifest.segments) == 1


def test_a_load_of_several_sources_replaces_each_ones_own_interval(store: Store) -> None:
    load(store, [Charge(OCTOBER, "1", source=name) for name in ("one", "two")], dataset="Usage", replace="interval")
    load(store, [Charge(OCTOBER, "5", source="two")], dataset="Usage", replace="interval")
    assert total(store) == Decimal(6)


def test_rows_that_get_lost_on_the_way_refuse_the_load(store: Store) -> None:
    load(store, [Charge(OCTOBER, "1")])
    with store.writer() as writer:
        writer.execute(
            "CREATE TABLE rows AS SELECT TIMESTAMP '2026-10-01' AS \"ChargePeriodStart\", TIMESTAMP '2026-10-01' AS "
            '"BillingPeriodStart", \'USD\' AS "BillingCurrency", \'a\' AS "x_Source", \'invoice\' AS "x_CostBasis"'
        )
        with pytest.raises(StoreFault, match="3 rows were read, but 1 accepted"):
            writer.commit(LoadPlan("rows", "CostAndUsage", "billing_period", read=3))
    assert total(store) == Decimal(1)


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(amounts=st.lists(AMOUNTS, min_size=1, max_size=12))
def test_totals_are_the_exact_sum_of_what_was_loaded(
    tmp_path_factory: pytest.TempPathFactory, amounts: list[Decimal]
) -> None:
    store = Store(tmp_path_factory.mktemp("exact") / "store")
    load(store, [Charge(date(2026, 10, 1 + number % 28), str(amount)) for number, amount in enumerate(amounts)])
    with localcontext(prec=76):
        assert total(store) == total(store, table="daily") == store.summary().totals[0].EffectiveCost == sum(amounts)
