"""What a snapshot and a summary know of the store without reading its rows."""

from datetime import date
from decimal import Decimal

from tests.store.staged import Charge, load
from tools.store import Store


def test_columns_are_those_that_some_row_has_a_value_in(store: Store) -> None:
    load(store, [Charge(date(2026, 10, 1), "1", team="search")])
    columns = store.snapshot().columns
    assert {"EffectiveCost", "x_Team", "x_Source", "x_Dataset", "x_CostBasis"} <= columns
    assert not columns & {"x_TokenType", "ConsumedQuantity", "ServiceName"}
    assert store.snapshot().rollup_columns >= {"EffectiveCost", "x_Team"}


def test_a_column_that_no_file_has_is_null_in_the_view(store: Store) -> None:
    load(store, [Charge(date(2026, 10, 1), "1")])
    assert store.snapshot().query('SELECT "ServiceName", "x_Requests" FROM charges').rows == [(None, None)]


def test_values_come_most_costly_first(store: Store) -> None:
    load(store, [Charge(date(2026, 10, 1), cost, team=team) for cost, team in (("1", "ads"), ("9", "search"))])
    assert store.snapshot().values("x_Team") == ("search", "ads")
    assert store.snapshot().values("HostProviderName") == ("AWS",)
    assert store.snapshot().values("BilledCost") == ()


def test_the_loaded_days_are_those_of_the_charges(store: Store) -> None:
    load(store, [Charge(date(2026, 9, 5), "1"), Charge(date(2026, 10, 7), "1")])
    snapshot = store.snapshot()
    assert (snapshot.loaded_from, snapshot.loaded_through) == (date(2026, 9, 5), date(2026, 10, 7))


def test_the_summary_tells_gaps_and_totals_by_currency(store: Store) -> None:
    load(
        store,
        [
            Charge(date(2026, 8, 30), "1"),
            Charge(date(2026, 10, 1), "2"),
            Charge(date(2026, 10, 4), "0.5", currency="EUR"),
        ],
    )
    summary = store.summary()
    (source,) = summary.sources
    assert source.missing_billing_periods == (date(2026, 9, 1),)
    assert source.missing_days == (date(2026, 10, 2), date(2026, 10, 3))
    assert {total.currency: total.EffectiveCost for total in summary.totals} == {
        "USD": Decimal(3),
        "EUR": Decimal("0.5"),
    }


def test_the_summary_tells_unpriced_usage(store: Store) -> None:
    row = Charge(date(2026, 10, 1), None, token_type="input", quantity="70", price_source="unpriced")
    load(store, [row], dataset="Usage")
    (unpriced,) = store.summary().unpriced
    assert (unpriced.ConsumedQuantity, unpriced.rows, unpriced.ConsumedUnit) == (Decimal(70), 1, "Tokens")
    assert store.summary().totals[0].EffectiveCost is None


def test_one_snapshot_answers_several_threads(store: Store) -> None:
    from concurrent.futures import ThreadPoolExecutor

    load(store, [Charge(date(2026, 10, day), "1") for day in range(1, 20)])
    snapshot = store.snapshot()
    with ThreadPoolExecutor(8) as pool:
        answers = pool.map(lambda _: snapshot.query('SELECT sum("EffectiveCost") FROM daily').rows[0][0], range(40))
    assert set(answers) == {Decimal(19)}
