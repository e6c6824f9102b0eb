"""Where an invoice, usage and an estimate cover the same provider and day, one counts."""

from datetime import date
from decimal import Decimal

from tests.store.staged import Charge, load, total
from tools.domain.period import Period
from tools.store import BasisPolicy, Store

COUNTS = '"x_CountsForCost"'


def october(day: int) -> date:
    return date(2026, 10, day)


def days(first: int, last: int, amount: str, **more: str) -> list[Charge]:
    return [Charge(october(day), amount, **more) for day in range(first, last + 1)]  # type: ignore[arg-type]


def test_without_an_overlap_everything_counts(store: Store) -> None:
    load(store, days(1, 5, "1"))
    load(store, days(1, 5, "2", provider="OpenAI", basis="estimate", source="gateway"))
    assert total(store, COUNTS) == Decimal(15)
    assert store.snapshot().basis_notes == ()


def test_an_invoice_counts_before_an_estimate_on_the_days_it_covers(store: Store) -> None:
    load(store, days(1, 10, "1", provider="OpenAI"))
    load(store, days(6, 15, "2", provider="OpenAI", basis="estimate", source="gateway"))
    assert total(store, COUNTS) == Decimal(10 + 2 * 5)
    assert total(store, COUNTS, table="daily") == Decimal(20)
    assert total(store) == Decimal(30)
    (note,) = store.snapshot().basis_notes
    assert "OpenAI, 2026-10-06 to 2026-10-10: the invoice counts for cost; the estimate" in note


def test_an_answer_is_told_only_of_the_decisions_that_touch_its_period(store: Store) -> None:
    load(store, days(1, 10, "1", provider="OpenAI"))
    load(store, days(6, 15, "2", provider="OpenAI", basis="estimate", source="gateway"))
    snapshot = store.snapshot()
    (note,) = snapshot.basis_decided(Period(start=october(10), end=october(12)))
    assert "the invoice counts for OpenAI; the others are kept" in note
    assert snapshot.basis_decided(Period(start=october(11), end=october(15))) == ()


def test_names_of_one_provider_are_one_provider(store: Store) -> None:
    load(store, days(1, 3, "1", provider="Amazon Web Services, Inc."))
    load(store, days(1, 3, "2", provider="AWS", basis="provider_usage", source="usage"), dataset="Usage")
    assert total(store, COUNTS) == Decimal(3)


def test_an_invoice_with_token_lines_does_not_hide_the_requests_of_usage_records(store: Store) -> None:
    tokens = {"provider": "OpenAI", "token_type": "input", "quantity": "100"}
    load(store, days(1, 2, "5", **tokens))
    load(store, days(1, 2, "4", basis="provider_usage", source="usage", requests="7", **tokens), dataset="Usage")
    found = store.snapshot().query(
        'SELECT sum("x_Requests"), sum("ConsumedQuantity") FROM daily WHERE "x_CountsForUsage"'
    )
    assert found.rows == [(Decimal(14), Decimal(200))]
    assert total(store, COUNTS) == Decimal(10)


def test_the_order_can_be_set_for_one_provider(tmp_path_factory: object, store: Store) -> None:
    load(store, days(1, 3, "1", provider="OpenAI"))
    load(store, days(1, 3, "2", provider="OpenAI", basis="provider_usage", source="usage"), dataset="Usage")
    policy = BasisPolicy(providers={"OpenAI": ("provider_usage", "invoice")})
    assert total(Store(store.path, basis=policy), COUNTS) == Decimal(6)


def test_tokens_come_from_the_best_basis_that_has_them(store: Store) -> None:
    load(store, days(1, 2, "1", provider="OpenAI"))
    usage = {"provider": "OpenAI", "token_type": "input", "quantity": "100"}
    load(store, days(1, 2, "2", basis="provider_usage", source="usage", **usage), dataset="Usage")
    load(store, days(1, 4, "3", basis="estimate", source="gateway", **usage), dataset="Usage")
    query = 'SELECT sum("ConsumedQuantity") FROM {} WHERE "x_CountsForUsage"'
    for table in ("charges", "daily"):
        assert store.snapshot().query(query.format(table)).rows == [(Decimal(400),)]
    assert total(store, COUNTS) == Decimal(2 + 3 * 2)


def test_unpriced_usage_takes_no_cost_from_an_estimate(store: Store) -> None:
    usage = {"provider": "OpenAI", "token_type": "input", "quantity": "100", "basis": "provider_usage"}
    load(store, [Charge(october(1), None, source="usage", price_source="unpriced", **usage)], dataset="Usage")
    load(store, days(1, 1, "3", provider="OpenAI", basis="estimate", source="gateway"))
    assert total(store, COUNTS) == Decimal(3)


def test_allocated_rows_never_add_to_the_bill_that_they_split(store: Store) -> None:
    load(store, days(1, 3, "10"))
    load(store, days(1, 3, "5", basis="allocated", source="opencost"))
    assert total(store, COUNTS) == Decimal(30)
